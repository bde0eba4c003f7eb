/* cvm-limit.c: a cancellable with the deadline of what it ends, which can be put off
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-limit.h"

#include "cvm-wait.h"

#define MAX_TIMES 1000

struct _CvmLimit
{
  GCancellable  parent_instance;

  GMutex        lock;
  GArray       *deadlines;   /* of gint64: all that it had, for those who wait until one of them */
};

G_DEFINE_FINAL_TYPE (CvmLimit, cvm_limit, G_TYPE_CANCELLABLE)

static void
cvm_limit_finalize (GObject *object)
{
  CvmLimit *self = CVM_LIMIT (object);

  g_array_unref (self->deadlines);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (cvm_limit_parent_class)->finalize (object);
}

static void
cvm_limit_class_init (CvmLimitClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_limit_finalize;
}

static void
cvm_limit_init (CvmLimit *self)
{
  g_mutex_init (&self->lock);
  self->deadlines = g_array_new (FALSE, FALSE, sizeof (gint64));
}

CvmLimit *
cvm_limit_new (gint64 deadline_us)
{
  CvmLimit *self = g_object_new (CVM_TYPE_LIMIT, NULL);

  g_array_append_val (self->deadlines, deadline_us);

  return self;
}

static gint64
last (CvmLimit *self)
{
  return g_array_index (self->deadlines, gint64, self->deadlines->len - 1);
}

gint64
cvm_limit_get_deadline (CvmLimit *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return last (self);
}

gboolean
cvm_limit_put_off (CvmLimit *self,
                   gint64    ms)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 deadline_us = last (self);

  if (ms <= 0 || self->deadlines->len >= MAX_TIMES
      || ms > (CVM_DEADLINE_NEVER - deadline_us) / 1000)
    return FALSE;

  deadline_us += ms * 1000;
  g_array_append_val (self->deadlines, deadline_us);

  return TRUE;
}

gint64
cvm_limit_find_deadline (GCancellable *cancellable,
                         gint64        deadline_us)
{
  g_autoptr(GMutexLocker) locker = NULL;
  CvmLimit *self;

  if (cancellable == NULL || !CVM_IS_LIMIT (cancellable))
    return deadline_us;

  self = CVM_LIMIT (cancellable);
  locker = g_mutex_locker_new (&self->lock);
  for (guint i = 0; i < self->deadlines->len; i++)
    if (g_array_index (self->deadlines, gint64, i) == deadline_us)
      return last (self);

  return deadline_us;
}
