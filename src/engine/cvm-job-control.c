/* cvm-job-control.c: what the user may ask of a job while it runs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-private.h"

#include "cvm-wait.h"

/* All jobs of a run ------------------------------------------------------------------------ */

void
cvm_hold_init (CvmHold *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

void
cvm_hold_clear (CvmHold *self)
{
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
}

void
cvm_hold_set (CvmHold  *self,
              gboolean *what,
              gboolean  is_set)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *what = is_set;
  g_cond_broadcast (&self->changed);
}

gboolean
cvm_hold_is (CvmHold        *self,
             const gboolean *what)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return *what;
}

/* One job, from the user's side ------------------------------------------------------------ */

void
cvm_job_control_init (CvmJob *self)
{
  self->control.unwanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

void
cvm_job_control_clear (CvmJob *self)
{
  g_hash_table_unref (self->control.unwanted);
  g_clear_object (&self->control.limit);
}

/* A wish for the case that runs, which is to be ended by what is returned; NULL: none runs */
static CvmLimit *
wish_locked (CvmJob      *self,
             CvmCaseWish  wish)
{
  if (self->control.limit == NULL)
    return NULL;

  if (self->control.wish == CVM_CASE_WISH_NONE)
    self->control.wish = wish;

  return g_object_ref (self->control.limit);
}

static const char *
current_id (CvmJob *self)
{
  return cvm_suite_case (self->suite, self->control.next)->id;
}

static guint
index_of (CvmJob     *self,
          const char *case_id)
{
  guint n_cases = cvm_suite_n_cases (self->suite);

  for (guint i = 0; i < n_cases; i++)
    if (g_str_equal (cvm_suite_case (self->suite, i)->id, case_id))
      return i;

  return n_cases;
}

gboolean
cvm_job_skip (CvmJob     *self,
              const char *case_id)
{
  g_autoptr(CvmLimit) limit = NULL;
  gboolean is_ahead;
  guint index;

  g_mutex_lock (&self->lock);
  index = index_of (self, case_id);
  is_ahead = index < cvm_suite_n_cases (self->suite) && index >= self->control.next;
  if (is_ahead && index == self->control.next)
    limit = wish_locked (self, CVM_CASE_WISH_SKIP);
  if (is_ahead && limit == NULL)
    g_hash_table_add (self->control.unwanted, g_strdup (case_id));
  g_mutex_unlock (&self->lock);

  if (limit != NULL)
    g_cancellable_cancel (G_CANCELLABLE (limit));

  return is_ahead;
}

gboolean
cvm_job_fail_now (CvmJob *self)
{
  g_autoptr(CvmLimit) limit = NULL;

  g_mutex_lock (&self->lock);
  limit = wish_locked (self, CVM_CASE_WISH_FAIL);
  g_mutex_unlock (&self->lock);

  if (limit != NULL)
    g_cancellable_cancel (G_CANCELLABLE (limit));

  return limit != NULL;
}

CvmRecord *
cvm_job_extend (CvmJob *self,
                gint64  ms)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  CvmJobControl *control = &self->control;
  CvmRecord *record;

  if (control->limit == NULL || !cvm_limit_put_off (control->limit, ms))
    return NULL;

  control->put_off_ms += ms;
  record = cvm_record_new (CVM_RECORD_CASE_WAIT, self->spec->id);
  record->number = self->n_done + control->next + 1;
  record->id = g_strdup (current_id (self));
  record->ms = cvm_deadline_left_ms (cvm_limit_get_deadline (control->limit));

  return record;
}

/* From the job's side ---------------------------------------------------------------------- */

static gboolean
goes_on (gpointer data)
{
  CvmHold *hold = data;

  return !hold->is_paused || hold->is_ending;
}

void
cvm_job_take_turn (CvmJob *self,
                   guint   index)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->control.next = index;
}

void
cvm_job_wait_turn (CvmJob        *self,
                   const CvmCase *item)
{
  gint64 begun_us = g_get_monotonic_time ();
  gint64 took_us;

  if (!cvm_hold_is (self->hold, &self->hold->is_paused))
    return;

  cvm_job_log (self, "info", "paused before %s, by the user", item->id);
  g_mutex_lock (&self->hold->lock);
  cvm_wait_until (&self->hold->lock, &self->hold->changed, goes_on, self->hold,
                  CVM_DEADLINE_NEVER, self->cancellable, NULL);
  g_mutex_unlock (&self->hold->lock);

  took_us = g_get_monotonic_time () - begun_us;
  if (self->deadline_us != CVM_DEADLINE_NEVER)
    self->deadline_us += took_us;
  cvm_job_log (self, "info", "went on with %s after a pause of %.1f s", item->id,
               (double)took_us / G_USEC_PER_SEC);
}

gboolean
cvm_job_is_unwanted (CvmJob        *self,
                     const CvmCase *item)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_hash_table_contains (self->control.unwanted, item->id);
}

static void
on_run_cancelled (GCancellable *run,
                  GCancellable *limit)
{
  g_cancellable_cancel (limit);
}

void
cvm_job_open_case (CvmJob *self,
                   gint64  deadline_us)
{
  CvmLimit *limit = cvm_limit_new (deadline_us);
  gboolean is_unwanted;

  self->cancellable = G_CANCELLABLE (limit);
  g_mutex_lock (&self->lock);
  is_unwanted = g_hash_table_contains (self->control.unwanted, current_id (self));
  self->control.limit = g_object_ref (limit);
  self->control.wish = is_unwanted ? CVM_CASE_WISH_SKIP : CVM_CASE_WISH_NONE;
  self->control.put_off_ms = 0;
  g_mutex_unlock (&self->lock);

  if (is_unwanted)   /* since it was looked at last */
    g_cancellable_cancel (self->cancellable);
  self->control.chained = g_cancellable_connect (self->run_cancellable,
                                                 G_CALLBACK (on_run_cancelled),
                                                 g_object_ref (limit), g_object_unref);
}

CvmCaseWish
cvm_job_close_case (CvmJob *self,
                    gint64 *put_off_ms)
{
  CvmCaseWish wish;

  g_cancellable_disconnect (self->run_cancellable, self->control.chained);
  g_object_unref (self->cancellable);
  self->cancellable = self->run_cancellable;

  g_mutex_lock (&self->lock);
  g_clear_object (&self->control.limit);
  self->control.next++;
  wish = self->control.wish;
  *put_off_ms = self->control.put_off_ms;
  g_mutex_unlock (&self->lock);

  if (self->deadline_us != CVM_DEADLINE_NEVER)
    self->deadline_us += *put_off_ms * 1000;

  return wish;
}
