/* cvm-progress.h: how far a run is, with the jobs that are still to come
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-estimate.h"
#include "cvm-plan.h"
#include "cvm-result.h"

/**
 * cvm_progress_sum:
 * @plan: (nullable): of a live run; NULL: nothing more is to come
 * @sum: (out caller-allocates): as of cvm_result_sum (); also the cases of jobs that have not
 * begun are planned, and between two jobs nothing has ended
 */
void   cvm_progress_sum      (CvmResult            *result,
                              CvmPlan              *plan,
                              CvmJobResult         *sum);

/**
 * cvm_progress_usual_ms:
 * @jobs: what each job of PLAN usually takes, in its order
 *
 * What the whole run usually takes; 0: of some job nobody knows
 */
gint64 cvm_progress_usual_ms (CvmPlan              *plan,
                              const CvmEstimateJob *jobs);
