/* cvm-alarm.c: ends a library's blocking call when its time is over
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-alarm.h"

struct _CvmAlarm
{
  GThread      *thread;
  GMutex        mutex;
  GCond         cond;
  gboolean      is_off;        /* under the mutex */

  void        (*ring) (gpointer data);
  gpointer      data;
  gint64        deadline_us;
  GCancellable *cancellable;   /* owned, or NULL */
};

static gboolean
is_off (gpointer data)
{
  CvmAlarm *self = data;

  return self->is_off;
}

static gpointer
watch (gpointer data)
{
  CvmAlarm *self = data;
  gboolean was_put_off;

  g_mutex_lock (&self->mutex);
  was_put_off = cvm_wait_until (&self->mutex, &self->cond, is_off, self,
                                self->deadline_us, self->cancellable, NULL);
  g_mutex_unlock (&self->mutex);

  if (!was_put_off)
    self->ring (self->data);

  return NULL;
}

CvmAlarm *
cvm_alarm_new (void        (*ring) (gpointer data),
               gpointer       data,
               gint64         deadline_us,
               GCancellable  *cancellable)
{
  CvmAlarm *self = g_new0 (CvmAlarm, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->ring = ring;
  self->data = data;
  self->deadline_us = deadline_us;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->thread = g_thread_new ("alarm", watch, self);

  return self;
}

void
cvm_alarm_free (CvmAlarm *self)
{
  g_mutex_lock (&self->mutex);
  self->is_off = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_thread_join (self->thread);

  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_clear_object (&self->cancellable);
  g_free (self);
}
