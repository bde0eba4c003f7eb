/* cvm-check-families.h: the tables of checks, one a family
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check; for cvm-checks.c alone. Each table ends with a check without an id. */
#pragma once

#include "cvm-context.h"

extern const CvmCheck cvm_check_appliance[];
extern const CvmCheck cvm_check_boot[];
extern const CvmCheck cvm_check_cvmfs[];
extern const CvmCheck cvm_check_domain[];
extern const CvmCheck cvm_check_exec[];
extern const CvmCheck cvm_check_guest[];
extern const CvmCheck cvm_check_host[];
extern const CvmCheck cvm_check_image[];
extern const CvmCheck cvm_check_network[];
extern const CvmCheck cvm_check_serial[];
extern const CvmCheck cvm_check_ssh[];
extern const CvmCheck cvm_check_time[];
extern const CvmCheck cvm_check_web[];
