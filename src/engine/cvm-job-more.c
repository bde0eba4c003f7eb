/* cvm-job-more.c: a job that stays open when its cases are over: more is run on the same guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-private.h"

#include "cvm-wait.h"

#define LOOK_EVERY_MS 500   /* a guest that goes off by itself tells nobody */

static gboolean
is_selected (const CvmCase *item,
             gpointer       data)
{
  return item->is_selected;
}

void
cvm_job_stay_open (CvmJob *self,
                   gint64  idle_ms)
{
  g_autoptr(CvmSuite) whole = g_steal_pointer (&self->suite);

  self->suite = cvm_suite_pick (whole, is_selected, NULL, NULL);
  self->more.idle_ms = idle_ms;
}

gboolean
cvm_job_offer (CvmJob   *self,
               CvmSuite *suite)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!self->more.is_idle || self->more.next != NULL)
    return FALSE;

  self->more.next = g_object_ref (suite);
  g_cond_broadcast (&self->more.changed);

  return TRUE;
}

gboolean
cvm_job_is_idle (CvmJob *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->more.is_idle && self->more.next == NULL;
}

/* A guest that is off, a lost host and a journal that cannot be written leave nothing to try on */
static gboolean
can_stay_open (CvmJob *self)
{
  return !self->has_fault && !g_cancellable_is_cancelled (self->run_cancellable)
         && !cvm_hold_is (self->hold, &self->hold->is_ending)
         && self->guest_is_on && cvm_guest_is_running (self->guest)
         && cvm_host_check (self->host, NULL);
}

static gboolean
has_next (gpointer data)
{
  return ((CvmJobMore *)data)->next != NULL;
}

/* Until it comes, or for a moment; transfer full */
static CvmSuite *
wait_a_moment (CvmJob *self,
               gint64  deadline_us)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  cvm_wait_until (&self->lock, &self->more.changed, has_next, &self->more,
                  MIN (deadline_us, cvm_deadline_in_ms (LOOK_EVERY_MS)), self->run_cancellable,
                  NULL);

  return g_steal_pointer (&self->more.next);
}

static void
set_idle (CvmJob   *self,
          gboolean  is_idle)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->more.is_idle = is_idle;
  if (!is_idle)
    g_clear_object (&self->more.next);   /* what came too late */
}

static CvmSuite *
wait_next (CvmJob *self)
{
  gint64 deadline_us = cvm_deadline_in_ms (self->more.idle_ms);
  CvmSuite *next = NULL;

  while (next == NULL && can_stay_open (self) && cvm_deadline_check (deadline_us, NULL, NULL))
    next = wait_a_moment (self, deadline_us);

  return next;
}

static void
take_suite (CvmJob   *self,
            CvmSuite *suite)
{
  g_mutex_lock (&self->lock);
  self->n_done += cvm_suite_n_cases (self->suite);
  g_set_object (&self->suite, suite);
  self->control.next = 0;
  g_mutex_unlock (&self->lock);

  g_array_set_size (self->outcomes, 0);
  g_array_set_size (self->roots, 0);
  g_ptr_array_set_size (self->reasons, 0);
  g_clear_pointer (&self->stop, g_free);
}

gboolean
cvm_job_take_more (CvmJob *self)
{
  g_autoptr(CvmSuite) next = NULL;

  if (self->more.idle_ms == 0 || self->is_cancelled || !can_stay_open (self))
    return FALSE;

  set_idle (self, TRUE);
  cvm_job_log (self, CVM_LOG_KEPT, "the guest is kept for the next try");
  next = wait_next (self);
  set_idle (self, FALSE);
  if (next != NULL)
    {
      take_suite (self, next);
      return TRUE;
    }

  if (can_stay_open (self))
    cvm_job_log (self, CVM_LOG_UNUSED, "the guest was not used for %.3g s",
                 (double)self->more.idle_ms / 1000.0);
  else if (!g_cancellable_is_cancelled (self->run_cancellable)
           && !cvm_hold_is (self->hold, &self->hold->is_ending))
    cvm_job_log (self, "warning", "the guest that was kept is gone");

  return FALSE;
}
