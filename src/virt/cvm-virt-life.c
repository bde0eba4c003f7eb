/* cvm-virt-life.c: whether a guest is on, as far as is known without asking
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-life.h"

#include "cvm-wait.h"

struct _CvmVirtLife
{
  gatomicrefcount references;
  GMutex          lock;
  GCond           changed;
  guint           n_starts;   /* under way */
  gboolean        is_on;
};

CvmVirtLife *
cvm_virt_life_new (void)
{
  CvmVirtLife *self = g_new0 (CvmVirtLife, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);

  return self;
}

CvmVirtLife *
cvm_virt_life_ref (CvmVirtLife *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

void
cvm_virt_life_unref (CvmVirtLife *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;

  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
add_starts (CvmVirtLife *self,
            int          n)
{
  g_mutex_lock (&self->lock);
  self->n_starts += n;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
cvm_virt_life_begin_start (CvmVirtLife *self)
{
  add_starts (self, 1);
}

void
cvm_virt_life_end_start (CvmVirtLife *self)
{
  add_starts (self, -1);
}

void
cvm_virt_life_set_on (CvmVirtLife *self,
                      gboolean     is_on)
{
  g_mutex_lock (&self->lock);
  self->is_on = is_on;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
cvm_virt_life_is_on (CvmVirtLife *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->is_on;
}

static gboolean
is_still (gpointer data)
{
  CvmVirtLife *self = data;

  return self->n_starts == 0;
}

gboolean
cvm_virt_life_wait_still (CvmVirtLife   *self,
                          gint64         deadline_us,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return cvm_wait_until (&self->lock, &self->changed, is_still, self, deadline_us, cancellable,
                         error);
}

static gboolean
is_off (gpointer data)
{
  CvmVirtLife *self = data;

  return !self->is_on;
}

gboolean
cvm_virt_life_wait_off (CvmVirtLife   *self,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return cvm_wait_until (&self->lock, &self->changed, is_off, self, deadline_us, cancellable,
                         error);
}
