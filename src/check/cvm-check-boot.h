/* cvm-check-boot.h: looking for errors in a guest's logs, for the checks that do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: one thread at a time. */
#pragma once

#include "cvm-context.h"

/* The parameters that cvm_check_boot_judge () asks the case for */
#define CVM_CHECK_BOOT_PARAMS \
  { "pattern", CVM_PARAM_PATTERN, "(?i)error|warning|fail", N_("What marks a line as an error") }, \
  { "mask", CVM_PARAM_FILE, "", \
    N_("File of known lines, an extended regular expression each; empty: the image's Mask, or " \
       "masks/IMAGE.mask") }

/**
 * cvm_check_boot_judge:
 *
 * Reads the guest's logs over ssh and judges them: boot.errors, whole
 */
CvmOutcome cvm_check_boot_judge (CvmContext *context);
