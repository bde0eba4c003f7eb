/* cvm-limit.h: a cancellable with the deadline of what it ends, which can be put off
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: may be put off, cancelled and waited with from any thread.
 *
 * A port is given a deadline and a cancellable. Where the cancellable is a limit and the deadline
 * is the limit's, every wait of cvm-wait.h goes on until the deadline that the limit has then, so
 * that one which is under way gets more time too. Other deadlines (of one try of many) stay. */
#pragma once

#include <gio/gio.h>

#define CVM_TYPE_LIMIT (cvm_limit_get_type ())
G_DECLARE_FINAL_TYPE (CvmLimit, cvm_limit, CVM, LIMIT, GCancellable)

CvmLimit *cvm_limit_new          (gint64        deadline_us);

/**
 * cvm_limit_get_deadline:
 *
 * As it is now
 */
gint64    cvm_limit_get_deadline (CvmLimit     *self);

/**
 * cvm_limit_put_off:
 *
 * FALSE: by as much as it can be already
 */
gboolean  cvm_limit_put_off      (CvmLimit     *self,
                                  gint64        ms);

/**
 * cvm_limit_find_deadline:
 * @cancellable: (nullable): a limit, or any other
 *
 * The deadline that DEADLINE_US means with CANCELLABLE
 */
gint64    cvm_limit_find_deadline (GCancellable *cancellable,
                                   gint64        deadline_us);
