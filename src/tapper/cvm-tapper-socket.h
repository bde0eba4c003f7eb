/* cvm-tapper-socket.h: a TCP connection, plain or behind TLS, whose every wait has an end
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper, and only here.
 * Threads: a socket belongs to one thread at a time; it needs no main loop.
 * Trust:   the other end may say, or not say, anything. */
#pragma once

#include "cvm-wait.h"

G_BEGIN_DECLS

typedef struct _CvmTapperSocket CvmTapperSocket;

/* PORT: of this end, before the connection is asked for; FALSE with an error: it is not */
typedef gboolean (*CvmTapperPortFunc) (guint16   port,
                                       gpointer  data,
                                       GError  **error);

CvmTapperSocket *cvm_tapper_socket_new   (const char         *host,
                                          guint16             port,
                                          gboolean            is_tls,
                                          CvmTapperPortFunc   on_port,
                                          gpointer            data,
                                          gint64              deadline_us,
                                          GCancellable       *cancellable,
                                          GError            **error);
void             cvm_tapper_socket_free  (CvmTapperSocket    *self);
gssize           cvm_tapper_socket_read  (CvmTapperSocket    *self,
                                          char               *buffer,
                                          gsize               len,
                                          gint64              deadline_us,
                                          GCancellable       *cancellable,
                                          GError            **error);
gboolean         cvm_tapper_socket_write (CvmTapperSocket    *self,
                                          const char         *bytes,
                                          gsize               len,
                                          guint               idle_ms,
                                          GCancellable       *cancellable,
                                          GError            **error);
gboolean         cvm_tapper_socket_pour  (CvmTapperSocket    *self,
                                          GInputStream       *from,
                                          guint               idle_ms,
                                          void              (*on_progress) (guint64  done,
                                                                            gpointer data),
                                          gpointer            data,
                                          GCancellable       *cancellable,
                                          GError            **error);
gboolean         cvm_tapper_socket_end   (CvmTapperSocket    *self,
                                          gint64              deadline_us,
                                          GCancellable       *cancellable,
                                          GError            **error);
void             cvm_tapper_socket_abort (CvmTapperSocket    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperSocket, cvm_tapper_socket_free)

G_END_DECLS
