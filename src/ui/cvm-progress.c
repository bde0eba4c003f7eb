/* cvm-progress.c: how far a run is, with the jobs that are still to come
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-progress.h"

static guint
count_to_come (CvmResult *result,
               CvmPlan   *plan)
{
  guint n = 0;

  for (guint i = 0; i < cvm_plan_n_jobs (plan); i++)
    {
      const CvmJobSpec *spec = cvm_plan_job (plan, i);
      const CvmJobResult *job = cvm_result_find_job (result, spec->id);

      if (job == NULL || job->begun_us == 0)
        n += cvm_suite_n_cases (spec->suite);
    }

  return n;
}

void
cvm_progress_sum (CvmResult    *result,
                  CvmPlan      *plan,
                  CvmJobResult *sum)
{
  cvm_result_sum (result, sum);
  if (plan == NULL || cvm_result_is_ended (result))
    return;

  sum->planned += count_to_come (result, plan);
  sum->ended_us = 0;
}

gint64
cvm_progress_usual_ms (CvmPlan              *plan,
                       const CvmEstimateJob *jobs)
{
  CvmEstimate estimate = cvm_estimate_jobs (jobs, cvm_plan_n_jobs (plan),
                                            cvm_plan_get_parallel (plan));

  return estimate.is_at_least ? 0 : estimate.ms;
}
