/* cvm-result-sum.c: what the jobs of a run come to together
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result.h"

void
cvm_result_sum (CvmResult    *self,
                CvmJobResult *sum)
{
  gboolean is_ended = TRUE;

  *sum = (CvmJobResult){ 0 };
  for (guint i = 0; i < cvm_result_n_jobs (self); i++)
    {
      const CvmJobResult *job = cvm_result_job (self, i);

      sum->planned += job->planned;
      sum->passed += job->passed;
      sum->failed += job->failed;
      sum->cancelled += job->cancelled;
      sum->skipped += job->skipped;
      if (job->begun_us > 0 && (sum->begun_us == 0 || job->begun_us < sum->begun_us))
        sum->begun_us = job->begun_us;
      sum->ended_us = MAX (sum->ended_us, job->ended_us);
      is_ended = is_ended && job->ended_us > 0;
    }

  if (!is_ended)
    sum->ended_us = 0;
}

guint
cvm_job_result_n_failed (const CvmJobResult *job)
{
  return job->failed - MIN (job->cancelled, job->failed);
}
