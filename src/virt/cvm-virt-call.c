/* cvm-virt-call.c: a libvirt call with a limit
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-call.h"

#include "cvm-wait.h"

/* Orphans ---------------------------------------------------------------------------------- */

static GMutex threads_lock;
static GCond threads_changed;
static guint n_threads;   /* of calls: until they touch nothing any more */
static guint n_orphans;

static void
count (guint *counter,
       int    change)
{
  g_mutex_lock (&threads_lock);
  *counter += change;
  g_cond_broadcast (&threads_changed);
  g_mutex_unlock (&threads_lock);
}

void
cvm_virt_orphan_begin (void)
{
  count (&n_orphans, 1);
}

void
cvm_virt_orphan_end (void)
{
  count (&n_orphans, -1);
}

guint
cvm_virt_orphans (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&threads_lock);

  return n_orphans;
}

static gboolean
is_settled (gpointer data)
{
  return n_orphans == 0 && n_threads == 0;
}

gboolean
cvm_virt_settle (gint64 deadline_us)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&threads_lock);

  return cvm_wait_until (&threads_lock, &threads_changed, is_settled, NULL, deadline_us, NULL,
                         NULL);
}

/* Calls ------------------------------------------------------------------------------------ */

gpointer
cvm_virt_call_new (const CvmVirtCallClass *klass)
{
  CvmVirtCall *call = g_malloc0 (klass->size);

  call->klass = klass;
  g_atomic_ref_count_init (&call->references);
  g_mutex_init (&call->lock);
  g_cond_init (&call->changed);

  return call;
}

static gpointer
call_ref (CvmVirtCall *call)
{
  g_atomic_ref_count_inc (&call->references);

  return call;
}

void
cvm_virt_call_unref (gpointer data)
{
  CvmVirtCall *call = data;

  if (!g_atomic_ref_count_dec (&call->references))
    return;

  if (call->klass->clear != NULL)
    call->klass->clear (call);

  g_clear_error (&call->error);
  g_cond_clear (&call->changed);
  g_mutex_clear (&call->lock);
  g_free (call);
}

/* Returns whether somebody still waits for it */
static gboolean
finish (CvmVirtCall *call,
        gboolean     is_ok,
        GError      *error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  call->is_done = TRUE;
  call->is_ok = is_ok;
  call->error = error;
  g_cond_broadcast (&call->changed);

  return !call->is_abandoned;
}

static gpointer
run_in_thread (gpointer data)
{
  CvmVirtCall *call = data;
  GError *error = NULL;
  gboolean is_ok = call->klass->run (call, &error);
  gboolean is_orphan = !finish (call, is_ok, error);

  if (is_orphan && is_ok && call->klass->undo != NULL)
    call->klass->undo (call);

  cvm_virt_call_unref (call);
  if (is_orphan)
    cvm_virt_orphan_end ();
  count (&n_threads, -1);

  return NULL;
}

/* Takes the reference given */
static gboolean
start_thread (CvmVirtCall  *call,
              GError      **error)
{
  GThread *thread;

  count (&n_threads, 1);
  thread = g_thread_try_new ("libvirt call", run_in_thread, call, error);
  if (thread == NULL)
    {
      count (&n_threads, -1);
      cvm_virt_call_unref (call);
      return FALSE;
    }

  g_thread_unref (thread);

  return TRUE;
}

static gboolean
is_done_or_paused (gpointer data)
{
  CvmVirtCall *call = data;

  return call->is_done || call->paused_us != 0;
}

static gboolean
is_not_paused (gpointer data)
{
  CvmVirtCall *call = data;

  return call->is_done || call->paused_us == 0;
}

/* With the lock held: until it is done, not counting the time that a person takes */
static gboolean
wait_done (CvmVirtCall   *call,
           gint64         deadline_us,
           GCancellable  *cancellable,
           GError       **error)
{
  while (!call->is_done)
    {
      gboolean is_paused = call->paused_us != 0;
      gint64 until = is_paused || deadline_us == CVM_DEADLINE_NEVER
                       ? CVM_DEADLINE_NEVER
                       : deadline_us + call->rested_us;

      if (!cvm_wait_until (&call->lock, &call->changed,
                           is_paused ? is_not_paused : is_done_or_paused, call, until,
                           cancellable, error))
        return call->is_done;
    }

  return TRUE;
}

static gboolean
wait_for (CvmVirtCall   *call,
          gint64         deadline_us,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);
  g_autoptr(GError) local = NULL;

  if (wait_done (call, deadline_us, cancellable, &local))
    {
      if (!call->is_ok)
        g_propagate_error (error, g_steal_pointer (&call->error));

      return call->is_ok;
    }

  call->is_abandoned = TRUE;
  cvm_virt_orphan_begin ();
  g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

gboolean
cvm_virt_call_run (gpointer       data,
                   gint64         deadline_us,
                   GCancellable  *cancellable,
                   GError       **error)
{
  CvmVirtCall *call = data;

  return cvm_deadline_check (deadline_us, cancellable, error)
         && start_thread (call_ref (call), error)
         && wait_for (call, deadline_us, cancellable, error);
}

gboolean
cvm_virt_call_is_wanted (gpointer data)
{
  CvmVirtCall *call = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  return !call->is_abandoned;
}

void
cvm_virt_call_pause (gpointer data)
{
  CvmVirtCall *call = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  call->paused_us = g_get_monotonic_time ();
  g_cond_broadcast (&call->changed);
}

void
cvm_virt_call_resume (gpointer data)
{
  CvmVirtCall *call = data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&call->lock);

  call->rested_us += g_get_monotonic_time () - call->paused_us;
  call->paused_us = 0;
  g_cond_broadcast (&call->changed);
}

void
cvm_virt_call_detach (gpointer data)
{
  CvmVirtCall *call = data;
  g_autoptr(GError) error = NULL;

  call->is_abandoned = TRUE;
  cvm_virt_orphan_begin ();

  if (!start_thread (call, &error))
    {
      /* dropped undone: better a connection that the program's end closes than a main thread
       * that hangs in it */
      g_message ("%s", error->message);
      cvm_virt_orphan_end ();
    }
}
