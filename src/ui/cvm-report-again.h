/* cvm-report-again.h: what failed in a report of anybody, to be run here
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: no state.
 * Trust:   a report says what it wants: only what is here by that name is chosen, and nothing is run
 *          before the user starts it. */
#pragma once

#include "cvm-choices.h"
#include "cvm-result.h"

/**
 * cvm_report_again_has_failed:
 *
 * There is something to run again
 */
gboolean  cvm_report_again_has_failed (CvmResult        *result);

/**
 * cvm_report_again_order:
 *
 * Returns: (transfer full): the suites, the checks that failed, images and hosts, as the report names
 * them
 */
CvmOrder *cvm_report_again_order      (CvmResult        *result);

/**
 * cvm_report_again_settle:
 * @order: of cvm_report_again_order (): its names become those of what is here; the rest goes
 *
 * Returns: (nullable) (transfer full): what is not here and how to mend that, translated
 */
char     *cvm_report_again_settle     (CvmOrder         *order,
                                       const CvmChoices *choices);
