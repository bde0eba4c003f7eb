/* cvm-tapper-confirm.h: what a server counted in a report, and which reports it made unasked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: blocks; no state.
 * Trust:   the JSON comes from a server. */
#pragma once

#include "cvm-tapper-count.h"
#include "cvm-tapper-server.h"

G_BEGIN_DECLS

gboolean cvm_tapper_confirm      (const CvmTapperServer  *server,
                                  guint64                 id,
                                  gboolean               *is_found,
                                  CvmTapperNumbers       *numbers,
                                  gint64                  deadline_us,
                                  GCancellable           *cancellable,
                                  GError                **error);
gboolean cvm_tapper_confirm_read (const char             *text,
                                  gsize                   len,
                                  guint64                 id,
                                  gboolean               *is_found,
                                  CvmTapperNumbers       *numbers,
                                  GError                **error);
GArray  *cvm_tapper_find_lost    (const CvmTapperServer  *server,
                                  guint64                 below,
                                  GArray                 *ports,
                                  gint64                  deadline_us,
                                  GCancellable           *cancellable,
                                  GError                **error);

/* A report that the server made of a connection which told us no id */
typedef struct
{
  guint64 id;
  guint16 port;   /* of our end */
} CvmTapperLost;

G_END_DECLS
