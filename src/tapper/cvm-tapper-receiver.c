/* cvm-tapper-receiver.c: one report to a Tapper receiver
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-receiver.h"

#include <string.h>

#include "cvm-tapper-error.h"
#include "cvm-tapper-greeting.h"
#include "cvm-tapper-socket.h"
#include "cvm-text.h"

#define FAREWELL_MAX (64 * 1024)  /* bytes; a receiver says none */

static CvmTapperSocket *
open_socket (const CvmTapperServer         *server,
             const CvmTapperReceiverHooks  *hooks,
             gint64                         deadline_us,
             GCancellable                  *cancellable,
             GError                       **error)
{
  g_autofree char *address = cvm_tapper_server_dup_receiver (server);
  GError *local = NULL;
  CvmTapperSocket *socket = cvm_tapper_socket_new (server->receiver_host, server->receiver_port,
                                                   server->receiver_tls, hooks->on_port,
                                                   hooks->data, deadline_us, cancellable, &local);

  /* A reset comes from a connection that was there, and may be a report on the server */
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    cvm_tapper_error_take (error, CVM_TAPPER_ERROR_NO_GREETING, local,
                           "The receiver %s closed the connection at once", address);
  else if (socket == NULL)
    cvm_tapper_error_take (error, CVM_TAPPER_ERROR_UNREACHABLE, local,
                           "Cannot reach the receiver %s", address);

  return socket;
}

static gboolean
refuse_greeting (const char  *line,
                 gsize        len,
                 GError     **error)
{
  g_autofree char *text = g_strndup (line, len);
  g_autofree char *quoted = cvm_text_quote (g_strchomp (text));

  g_set_error (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_WRONG_GREETING,
               "This is no Tapper receiver (look at its host and port): it greets with %s", quoted);

  return FALSE;
}

/* To the line's end, however the server cuts it */
static gboolean
read_greeting (CvmTapperSocket  *socket,
               gint64            deadline_us,
               guint64          *id,
               GCancellable     *cancellable,
               GError          **error)
{
  char line[CVM_TAPPER_GREETING_MAX];
  gsize len = 0;

  while (len < sizeof line && memchr (line, '\n', len) == NULL)
    {
      GError *local = NULL;
      gssize n = cvm_tapper_socket_read (socket, line + len, sizeof line - len, deadline_us,
                                         cancellable, &local);

      if (n <= 0)
        {
          cvm_tapper_error_take (error, CVM_TAPPER_ERROR_NO_GREETING, local,
                                 len == 0 ? "The receiver told no report id"
                                          : "The receiver's greeting broke off");
          return FALSE;
        }

      len += n;
    }

  return cvm_tapper_greeting_read (line, len, id) ? TRUE : refuse_greeting (line, len, error);
}

/* A receiver that leaves before it was told the end has lost what was still to come, though the
 * system may have taken all of it. */
static gboolean
is_still_there (CvmTapperSocket  *socket,
                GCancellable     *cancellable,
                GError          **error)
{
  g_autoptr(GError) local = NULL;
  char byte;
  gssize n = cvm_tapper_socket_read (socket, &byte, 1, 0, cancellable, &local);

  if (n > 0 || g_error_matches (local, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TRUE;

  if (local != NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                         "it left before the end");

  return FALSE;
}

static gboolean
read_to_end (CvmTapperSocket  *socket,
             gint64            deadline_us,
             GCancellable     *cancellable,
             GError          **error)
{
  char bytes[1024];
  gsize len = 0;
  gssize n;

  while ((n = cvm_tapper_socket_read (socket, bytes, sizeof bytes, deadline_us, cancellable,
                                      error)) > 0)
    {
      len += n;
      if (len > FAREWELL_MAX)
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                               "it talks, where a receiver is silent");
          return FALSE;
        }
    }

  return n == 0;
}

static gboolean
send_report (CvmTapperSocket               *socket,
             GInputStream                  *report,
             const CvmTapperReceiverHooks  *hooks,
             guint                          idle_ms,
             GCancellable                  *cancellable,
             GError                       **error)
{
  GError *local = NULL;

  if (!cvm_tapper_socket_pour (socket, report, idle_ms, hooks->on_progress, hooks->data, cancellable,
                               &local) ||
      !is_still_there (socket, cancellable, &local) ||
      !cvm_tapper_socket_end (socket, cvm_deadline_in_ms (idle_ms), cancellable, &local))
    {
      cvm_tapper_error_take (error, CVM_TAPPER_ERROR_CUT_BEFORE_END, local,
                             "The connection broke while the report was sent");
      return FALSE;
    }

  if (!read_to_end (socket, cvm_deadline_in_ms (idle_ms), cancellable, &local))
    {
      cvm_tapper_error_take (error, CVM_TAPPER_ERROR_CUT_AFTER_END, local,
                             "All was sent, but the receiver did not take leave");
      return FALSE;
    }

  return TRUE;
}

/**
 * cvm_tapper_receiver_send:
 * @report: its bytes, sent as they are
 * @hooks: @on_id must have the id on the disk when it returns %TRUE
 * @connect_ms: for the connection and the greeting
 * @idle_ms: for each piece to get on, and for the server's leave
 *
 * Errors before @on_id was called: UNREACHABLE, NO_GREETING, WRONG_GREETING. After it:
 * CUT_BEFORE_END, CUT_AFTER_END (of %CVM_TAPPER_ERROR), %G_IO_ERROR_CANCELLED, or what @on_id said.
 * Returns %TRUE when the server has read to the end and left; it may lose the report even then.
 */
gboolean
cvm_tapper_receiver_send (const CvmTapperServer         *server,
                          GInputStream                  *report,
                          const CvmTapperReceiverHooks  *hooks,
                          guint                          connect_ms,
                          guint                          idle_ms,
                          GCancellable                  *cancellable,
                          GError                       **error)
{
  gint64 deadline_us = cvm_deadline_in_ms (connect_ms);
  g_autoptr(CvmTapperSocket) socket = open_socket (server, hooks, deadline_us, cancellable, error);
  guint64 id;

  return socket != NULL
         && read_greeting (socket, deadline_us, &id, cancellable, error)
         && hooks->on_id (id, hooks->data, error)
         && send_report (socket, report, hooks, idle_ms, cancellable, error);
}
