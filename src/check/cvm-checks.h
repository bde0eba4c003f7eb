/* cvm-checks.h: every check that the program knows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: constant data. */
#pragma once

#include "cvm-context.h"

/**
 * cvm_checks_find:
 *
 * For cvm_run_new (); NULL for an unknown id
 */
const CvmCheck     *cvm_checks_find   (const char *id);

/**
 * cvm_checks_lookup:
 *
 * For cvm_suite_load (); NULL for an unknown id
 */
const CvmCheckInfo *cvm_checks_lookup (const char *id);

/**
 * cvm_checks_list:
 *
 * Returns: (transfer container) (element-type CvmCheckInfo): by family, in the order in which a
 *   person meets them: from the guest's start to the host's own checks
 */
GPtrArray          *cvm_checks_list   (void);
