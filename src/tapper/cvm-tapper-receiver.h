/* cvm-tapper-receiver.h: one report to a Tapper receiver
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: blocks; one call belongs to one thread.
 * Trust:   the server may say, or not say, anything.
 *
 * The receiver speaks first, and tells the id of the report that it has made of this connection;
 * so nobody may connect to it only to see whether it is there. It never acknowledges: that all
 * went out well is no proof that the server has it. */
#pragma once

#include "cvm-tapper-server.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  /* This end's port, before the connection; may be NULL, like on_progress */
  gboolean (*on_port)     (guint16    port,
                           gpointer   data,
                           GError   **error);

  /* The id, before the first byte goes out: FALSE, and none does */
  gboolean (*on_id)       (guint64    id,
                           gpointer   data,
                           GError   **error);

  void     (*on_progress) (guint64    done,
                           gpointer   data);
  gpointer   data;
} CvmTapperReceiverHooks;

gboolean cvm_tapper_receiver_send (const CvmTapperServer        *server,
                                   GInputStream                 *report,
                                   const CvmTapperReceiverHooks *hooks,
                                   guint                         connect_ms,
                                   guint                         idle_ms,
                                   GCancellable                 *cancellable,
                                   GError                      **error);

G_END_DECLS
