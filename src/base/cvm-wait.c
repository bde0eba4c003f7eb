/* cvm-wait.c: deadlines, and waits that honour them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-wait.h"

#include <errno.h>

#include "cvm-limit.h"

gint64
cvm_deadline_in_ms (gint64 ms)
{
  gint64 now = g_get_monotonic_time ();

  if (ms > (CVM_DEADLINE_NEVER - now) / 1000)
    return CVM_DEADLINE_NEVER;

  return now + MAX (ms, 0) * 1000;
}

int
cvm_deadline_left_ms (gint64 deadline_us)
{
  gint64 now = g_get_monotonic_time ();
  gint64 left_us;

  if (deadline_us == CVM_DEADLINE_NEVER)
    return -1;

  if (deadline_us <= now)
    return 0;

  left_us = deadline_us - now;

  return (int)MIN (left_us / 1000 + (left_us % 1000 != 0), G_MAXINT);
}

gboolean
cvm_deadline_check (gint64         deadline_us,
                    GCancellable  *cancellable,
                    GError       **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  deadline_us = cvm_limit_find_deadline (cancellable, deadline_us);
  if (deadline_us != CVM_DEADLINE_NEVER && g_get_monotonic_time () >= deadline_us)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The time limit was reached");
      return FALSE;
    }

  return TRUE;
}

/* Polls FD (-1: none) and the cancellable once, until the deadline at the latest. */
static gushort
poll_once (int            fd,
           GIOCondition   condition,
           gint64         deadline_us,
           GCancellable  *cancellable,
           int           *failed_with)
{
  GPollFD fds[2] = { { .fd = fd, .events = condition } };
  gboolean has_cancel = g_cancellable_make_pollfd (cancellable, &fds[1]);
  int n = g_poll (fd < 0 ? fds + 1 : fds, (fd >= 0) + (has_cancel ? 1 : 0),
                  cvm_deadline_left_ms (cvm_limit_find_deadline (cancellable, deadline_us)));

  *failed_with = n < 0 && errno != EINTR && errno != EAGAIN ? errno : 0;

  if (has_cancel)
    g_cancellable_release_fd (cancellable);

  return n > 0 && fd >= 0 ? fds[0].revents : 0;
}

gboolean
cvm_wait_fd (int            fd,
             GIOCondition   condition,
             gint64         deadline_us,
             GCancellable  *cancellable,
             GError       **error)
{
  g_return_val_if_fail (fd >= 0, FALSE);

  while (TRUE)
    {
      int failed_with = 0;
      gushort got = poll_once (fd, condition, deadline_us, cancellable, &failed_with);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      if ((got & G_IO_NVAL) != 0)
        failed_with = EBADF;

      if (failed_with != 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (failed_with),
                       "Cannot wait for a file descriptor: %s", g_strerror (failed_with));
          return FALSE;
        }

      if (got != 0)
        return TRUE;

      if (!cvm_deadline_check (deadline_us, cancellable, error))
        return FALSE;
    }
}

gboolean
cvm_wait_ms (guint          pause_ms,
             gint64         deadline_us,
             GCancellable  *cancellable,
             GError       **error)
{
  gint64 end_us = MIN (cvm_deadline_in_ms (pause_ms),
                       cvm_limit_find_deadline (cancellable, deadline_us));
  int failed_with;

  while (cvm_deadline_check (deadline_us, cancellable, error))
    {
      if (g_get_monotonic_time () >= end_us)
        return TRUE;

      poll_once (-1, 0, end_us, cancellable, &failed_with);
    }

  return FALSE;
}

typedef struct
{
  GMutex *mutex;
  GCond  *cond;
} Sleeper;

static void
on_cancelled (GCancellable *cancellable,
              gpointer      data)
{
  Sleeper *sleeper = data;

  /* With the mutex: else a sleeper that has looked, and does not sleep yet, would miss it. */
  g_mutex_lock (sleeper->mutex);
  g_cond_broadcast (sleeper->cond);
  g_mutex_unlock (sleeper->mutex);
}

static gboolean
sleep_until (Sleeper       *sleeper,
             gboolean     (*is_true) (gpointer data),
             gpointer       data,
             gint64         deadline_us,
             GCancellable  *cancellable,
             GError       **error)
{
  while (!is_true (data))
    {
      if (!cvm_deadline_check (deadline_us, cancellable, error))
        return FALSE;

      if (deadline_us == CVM_DEADLINE_NEVER)
        g_cond_wait (sleeper->cond, sleeper->mutex);
      else
        g_cond_wait_until (sleeper->cond, sleeper->mutex,
                           cvm_limit_find_deadline (cancellable, deadline_us));
    }

  return TRUE;
}

gboolean
cvm_wait_until (GMutex        *mutex,
                GCond         *cond,
                gboolean     (*is_true) (gpointer data),
                gpointer       data,
                gint64         deadline_us,
                GCancellable  *cancellable,
                GError       **error)
{
  Sleeper sleeper = { mutex, cond };

  if (cancellable == NULL)
    return sleep_until (&sleeper, is_true, data, deadline_us, NULL, error);

  /* Both connect and disconnect may wait for on_cancelled (), which wants the mutex; so they
   * are called without it, and what was true may have changed meanwhile. */
  while (!is_true (data))
    {
      gboolean slept_well;
      gulong handler;

      g_mutex_unlock (mutex);
      handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), &sleeper, NULL);
      g_mutex_lock (mutex);

      slept_well = sleep_until (&sleeper, is_true, data, deadline_us, cancellable, error);

      g_mutex_unlock (mutex);
      g_cancellable_disconnect (cancellable, handler);
      g_mutex_lock (mutex);

      if (!slept_well)
        return FALSE;
    }

  return TRUE;
}
