/* cvm-tapper-count.h: what a Tapper server will count in a report
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; any.
 * Trust:   any bytes; memory is bounded. */
#pragma once

#include "cvm-tap-verdict.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The numbers of a report, over all its sections, as the server's JSON names them */
typedef struct
{
  CvmTapWord word;
  guint64    total;
  guint64    passed;
  guint64    failed;
  guint64    skipped;
  guint64    todo;
  guint64    todo_passed;
  guint64    parse_errors;
} CvmTapperNumbers;

gboolean cvm_tapper_count (const char        *path,
                           CvmTapperNumbers  *numbers,
                           GCancellable      *cancellable,
                           GError           **error);
char    *cvm_tapper_numbers_to_text (const CvmTapperNumbers *self);
char    *cvm_tapper_numbers_compare (const CvmTapperNumbers *sent,
                                     const CvmTapperNumbers *stored);

G_END_DECLS
