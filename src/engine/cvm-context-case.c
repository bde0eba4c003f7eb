/* cvm-context-case.c: one case of a job, from its begin to its outcome
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-context-private.h"

#include <string.h>

#include "cvm-wait.h"

/* The user has ended it: by what it waits for they knew enough */
static CvmOutcome
end_as_wished (CvmContext  *self,
               CvmCaseWish  wish,
               gint64       begun_us)
{
  double took_s = (double)(g_get_monotonic_time () - begun_us) / G_USEC_PER_SEC;

  if (wish == CVM_CASE_WISH_SKIP)
    {
      self->job->is_not_needed = TRUE;
      cvm_context_take_reason (self, g_strdup (CVM_SKIPPED_BY_USER));
      return CVM_OUTCOME_SKIP;
    }

  cvm_context_take_reason (self, self->waiting == NULL
                           ? g_strdup_printf ("ended by the user after %.3g s", took_s)
                           : g_strdup_printf ("ended by the user after %.3g s, waiting: %s", took_s,
                                              self->waiting));

  return CVM_OUTCOME_FAIL;
}

/* A guest that fell silent, a display that closed: with the host away, none of it is the guest's
 * doing, and no image is to blame */
static void
blame_host (CvmContext *self)
{
  g_autoptr(GError) lost = NULL;

  if (self->job->host == NULL || cvm_host_check (self->job->host, &lost))
    return;

  if (self->end->reason != NULL && strcmp (self->end->reason, lost->message) != 0)
    cvm_record_add_detail (self->end, "seen", self->end->reason);
  cvm_context_take_reason (self, g_strdup (lost->message));
  cvm_context_lose_host (self);
}

/* How the case ended, when its check has said its word */
static CvmOutcome
close_case (CvmContext *self,
            CvmOutcome  outcome,
            gint64      begun_us)
{
  gint64 put_off_ms;
  CvmCaseWish wish = cvm_job_close_case (self->job, &put_off_ms);

  if (put_off_ms > 0)
    cvm_context_detail (self, "more time", "%.3g s, by the user", put_off_ms / 1000.0);

  if (outcome == CVM_OUTCOME_FAIL)
    blame_host (self);
  if (outcome == CVM_OUTCOME_FAIL && g_cancellable_is_cancelled (self->job->run_cancellable))
    {
      cvm_context_take_reason (self, g_strdup ("cancelled"));
      return CVM_OUTCOME_CANCELLED;
    }

  if (outcome == CVM_OUTCOME_FAIL && wish != CVM_CASE_WISH_NONE)
    return end_as_wished (self, wish, begun_us);

  return outcome;
}

/**
 * cvm_context_run:
 * @end: the case.end record to be: gets reason and details
 *
 * Runs the check of one case. A check that failed while its run was cancelled was interrupted.
 */
CvmOutcome
cvm_context_run (CvmJob        *job,
                 const CvmCase *item,
                 guint          number,
                 CvmRecord     *end)
{
  const CvmCheck *check = job->find (item->check->id);
  CvmContext self = { job, item, number, end };
  gint64 begun_us = g_get_monotonic_time ();
  CvmOutcome outcome;

  self.deadline_us = MIN (job->deadline_us, cvm_deadline_in_ms (item->timeout_ms));
  cvm_job_open_case (job, self.deadline_us);
  outcome = close_case (&self, check->run (&self), begun_us);

  cvm_context_tap_clear (&self);
  g_clear_error (&self.error);
  g_free (self.waiting);

  return outcome;
}
