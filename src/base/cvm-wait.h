/* cvm-wait.h: deadlines, and waits that honour them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state; may be called from any thread.
 *
 * A deadline is a time of g_get_monotonic_time () in microseconds. Every wait of the program takes
 * one and a cancellable; both end it at once: G_IO_ERROR_TIMED_OUT or G_IO_ERROR_CANCELLED. The
 * cancellable may be a CvmLimit, whose deadline can be put off while it is waited for. */
#pragma once

#include <gio/gio.h>

#define CVM_DEADLINE_NEVER G_MAXINT64

gint64   cvm_deadline_in_ms   (gint64 ms);

/**
 * cvm_deadline_left_ms:
 *
 * For poll (2): rounded up, 0 if past, -1 for never
 */
int      cvm_deadline_left_ms (gint64 deadline_us);

/**
 * cvm_deadline_check:
 *
 * Fails with CANCELLED or TIMED_OUT when the wait is over, for loops that try again.
 */
gboolean cvm_deadline_check   (gint64         deadline_us,
                               GCancellable  *cancellable,
                               GError       **error);

gboolean cvm_wait_fd          (int            fd,
                               GIOCondition   condition,
                               gint64         deadline_us,
                               GCancellable  *cancellable,
                               GError       **error);

/**
 * cvm_wait_ms:
 * @pause_ms: the longest pause; the deadline or the cancellable end it earlier
 *
 * The pause between two tries of something that cannot be waited for (a port that still refuses).
 * Returns FALSE with an error when the deadline or the cancellable ended it.
 */
gboolean cvm_wait_ms          (guint          pause_ms,
                               gint64         deadline_us,
                               GCancellable  *cancellable,
                               GError       **error);

/**
 * cvm_wait_until:
 * @mutex: locked by the caller, and locked again on return
 * @cond: signalled by whoever changes what @is_true looks at
 *
 * Waits until @is_true returns TRUE (called with @mutex held), or fails as every wait does.
 * A cancel wakes the wait; the caller needs no handler of its own.
 */
gboolean cvm_wait_until       (GMutex        *mutex,
                               GCond         *cond,
                               gboolean     (*is_true) (gpointer data),
                               gpointer       data,
                               gint64         deadline_us,
                               GCancellable  *cancellable,
                               GError       **error);
