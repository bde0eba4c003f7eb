/* cvm-tapper-socket.c: a TCP connection, plain or behind TLS, whose every wait has an end
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-socket.h"

#include <glib-unix.h>
#include <sys/socket.h>

#define BLOCK (64 * 1024)   /* bytes at a time of what is poured */

/* Plain and TLS streams are both pollable. A wait runs the socket's own main context until the
 * stream is ready, the deadline or the cancel: so no thread is needed, and no descriptor that a
 * TLS library reads ahead from is watched behind its back. */
struct _CvmTapperSocket
{
  GMainContext      *context;
  GSocketConnection *connection;    /* TCP's, or TLS' wrapper of it */
  CvmTapperPortFunc  on_port;
  gpointer           data;
  GError            *port_error;    /* of on_port () */
  gboolean           is_tls;
};

/* By its descriptor: a g_cancellable_source_new () is never freed when it is destroyed while another
 * thread still is in g_cancellable_cancel (), as here each time (GLib 2.74). */
static GSource *
watch_cancel (GMainContext *context,
              GCancellable *cancellable)
{
  int fd = g_cancellable_get_fd (cancellable);
  GSource *source;

  if (fd < 0)
    return NULL;

  source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_dummy_callback (source);
  g_source_attach (source, context);

  return source;
}

static void
end_watch (GSource      *source,
           GCancellable *cancellable)
{
  if (source == NULL)
    return;

  g_source_destroy (source);
  g_source_unref (source);
  g_cancellable_release_fd (cancellable);
}

/* Runs the context until *IS_OVER; at the deadline or the cancel, LIMIT is cancelled (NULL: the
 * call just fails). */
static gboolean
run (CvmTapperSocket  *self,
     const gboolean   *is_over,
     GCancellable     *limit,
     gint64            deadline_us,
     GCancellable     *cancellable,
     GError          **error)
{
  g_autoptr(GSource) alarm = g_timeout_source_new (MAX (cvm_deadline_left_ms (deadline_us), 0));
  GSource *cancel = watch_cancel (self->context, cancellable);
  gboolean is_in_time = TRUE;

  g_source_set_dummy_callback (alarm);
  if (deadline_us != CVM_DEADLINE_NEVER)
    g_source_attach (alarm, self->context);

  while (!*is_over)
    {
      if (is_in_time && !cvm_deadline_check (deadline_us, cancellable, error))
        {
          is_in_time = FALSE;
          if (limit == NULL)
            break;
          g_cancellable_cancel (limit);
          end_watch (g_steal_pointer (&cancel), cancellable);   /* it stays ready */
        }
      g_main_context_iteration (self->context, TRUE);
    }

  g_source_destroy (alarm);
  end_watch (cancel, cancellable);

  return is_in_time;
}

/* Opening */

typedef struct
{
  GAsyncResult *result;
  gboolean      is_over;
} Call;

static void
on_result (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Call *call = data;

  call->result = g_object_ref (result);
  call->is_over = TRUE;
}

static guint16
bind_anywhere (GSocket  *socket,
               GError  **error)
{
  g_autoptr(GInetAddress) any = g_inet_address_new_any (g_socket_get_family (socket));
  g_autoptr(GSocketAddress) wish = g_inet_socket_address_new (any, 0);
  g_autoptr(GSocketAddress) own = NULL;

  if (!g_socket_bind (socket, wish, FALSE, error))
    return 0;

  own = g_socket_get_local_address (socket, error);

  return own != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own)) : 0;
}

/* The port is chosen and told before the connection is asked for: the server notes it with the
 * report that it makes of every connection, and so it finds a report whose id was never learnt. */
static void
on_event (GSocketClient      *client,
          GSocketClientEvent  event,
          GSocketConnectable *connectable,
          GIOStream          *stream,
          gpointer            data)
{
  CvmTapperSocket *self = data;
  GSocket *socket;
  guint16 port;

  if (event != G_SOCKET_CLIENT_CONNECTING || self->on_port == NULL || self->port_error != NULL)
    return;

  socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream));
  port = bind_anywhere (socket, &self->port_error);
  if (port == 0 || !self->on_port (port, self->data, &self->port_error))
    g_socket_close (socket, NULL);
}

static GSocketClient *
new_client (CvmTapperSocket *self)
{
  GSocketClient *client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_tls (client, self->is_tls);
  g_signal_connect (client, "event", G_CALLBACK (on_event), self);

  return client;
}

static gboolean
connect_to (CvmTapperSocket  *self,
            const char       *host,
            guint16           port,
            gint64            deadline_us,
            GCancellable     *cancellable,
            GError          **error)
{
  g_autoptr(GSocketClient) client = new_client (self);
  g_autoptr(GSocketConnectable) address = g_network_address_new (host, port);
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  g_autoptr(GError) late = NULL;
  g_autoptr(GError) local = NULL;
  Call call = { NULL };
  gboolean is_in_time;

  g_main_context_push_thread_default (self->context);
  g_socket_client_connect_async (client, address, limit, on_result, &call);
  is_in_time = run (self, &call.is_over, limit, deadline_us, cancellable, &late);
  self->connection = g_socket_client_connect_finish (client, call.result, &local);

  /* What a cancelled call has left to do holds the context that holds it. */
  while (g_main_context_iteration (self->context, FALSE))
    continue;

  g_main_context_pop_thread_default (self->context);
  g_object_unref (call.result);

  if (self->connection != NULL && self->port_error == NULL)
    return TRUE;

  if (self->port_error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->port_error));
  else
    g_propagate_error (error, is_in_time ? g_steal_pointer (&local) : g_steal_pointer (&late));

  return FALSE;
}

/**
 * cvm_tapper_socket_new:
 * @is_tls: behind TLS; the server's certificate must be good for @host
 * @on_port: (nullable): called for each address of @host that is tried
 *
 * Connects. Returns %NULL with an error of the network's, or of @on_port.
 */
CvmTapperSocket *
cvm_tapper_socket_new (const char         *host,
                       guint16             port,
                       gboolean            is_tls,
                       CvmTapperPortFunc   on_port,
                       gpointer            data,
                       gint64              deadline_us,
                       GCancellable       *cancellable,
                       GError            **error)
{
  g_autoptr(CvmTapperSocket) self = g_new0 (CvmTapperSocket, 1);

  self->context = g_main_context_new ();
  self->is_tls = is_tls;
  self->on_port = on_port;
  self->data = data;

  if (!cvm_deadline_check (deadline_us, cancellable, error) ||
      !connect_to (self, host, port, deadline_us, cancellable, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * cvm_tapper_socket_free:
 *
 * Closes at once: what the server has said and nobody has read makes it a reset.
 */
void
cvm_tapper_socket_free (CvmTapperSocket *self)
{
  if (self->connection != NULL)
    g_socket_close (g_socket_connection_get_socket (self->connection), NULL);

  g_clear_object (&self->connection);
  g_clear_error (&self->port_error);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * cvm_tapper_socket_abort:
 *
 * Takes back what is still on its way: the close to come is a reset, so that a server that was only
 * slow does not keep after all what will be sent once more.
 */
void
cvm_tapper_socket_abort (CvmTapperSocket *self)
{
  struct linger at_once = { 1, 0 };
  int fd = g_socket_get_fd (g_socket_connection_get_socket (self->connection));

  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* Waits */

static gboolean
on_ready (GObject  *stream,
          gpointer  is_ready)
{
  *(gboolean *)is_ready = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
wait_for (CvmTapperSocket  *self,
          GSource          *source,
          gint64            deadline_us,
          GCancellable     *cancellable,
          GError          **error)
{
  gboolean is_ready = FALSE;
  gboolean is_in_time;

  g_source_set_callback (source, G_SOURCE_FUNC (on_ready), &is_ready, NULL);
  g_source_attach (source, self->context);
  is_in_time = run (self, &is_ready, NULL, deadline_us, cancellable, error);
  g_source_destroy (source);
  g_source_unref (source);

  return is_in_time;
}

/**
 * cvm_tapper_socket_read:
 *
 * Returns: bytes read as soon as there are any, 0 at the end, -1 with an error
 */
gssize
cvm_tapper_socket_read (CvmTapperSocket  *self,
                        char             *buffer,
                        gsize             len,
                        gint64            deadline_us,
                        GCancellable     *cancellable,
                        GError          **error)
{
  GPollableInputStream *in =
    G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (self->connection)));

  while (TRUE)
    {
      g_autoptr(GError) local = NULL;
      gssize n = g_pollable_input_stream_read_nonblocking (in, buffer, len, cancellable, &local);

      if (n >= 0)
        return n;

      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return -1;
        }

      if (!wait_for (self, g_pollable_input_stream_create_source (in, NULL), deadline_us, cancellable,
                     error))
        return -1;
    }
}

/* Some of the bytes; 0 with an error */
static gsize
write_some (CvmTapperSocket  *self,
            const char       *bytes,
            gsize             len,
            gint64            deadline_us,
            GCancellable     *cancellable,
            GError          **error)
{
  GPollableOutputStream *out =
    G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (G_IO_STREAM (self->connection)));

  while (TRUE)
    {
      g_autoptr(GError) local = NULL;
      gssize n = g_pollable_output_stream_write_nonblocking (out, bytes, len, cancellable, &local);

      if (n > 0)
        return n;

      if (n < 0 && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return 0;
        }

      if (!wait_for (self, g_pollable_output_stream_create_source (out, NULL), deadline_us,
                     cancellable, error))
        return 0;
    }
}

/**
 * cvm_tapper_socket_write:
 * @idle_ms: the longest time without a byte that gets on; the whole may take longer
 *
 * Hands all bytes to the system. That they arrived, it does not say.
 */
gboolean
cvm_tapper_socket_write (CvmTapperSocket  *self,
                         const char       *bytes,
                         gsize             len,
                         guint             idle_ms,
                         GCancellable     *cancellable,
                         GError          **error)
{
  while (len > 0)
    {
      gsize n = write_some (self, bytes, len, cvm_deadline_in_ms (idle_ms), cancellable, error);

      if (n == 0)
        return FALSE;

      bytes += n;
      len -= n;
    }

  return TRUE;
}

/**
 * cvm_tapper_socket_pour:
 * @idle_ms: see cvm_tapper_socket_write()
 * @on_progress: (nullable): called in this thread, with the bytes written so far
 *
 * Writes all that is in @from.
 */
gboolean
cvm_tapper_socket_pour (CvmTapperSocket    *self,
                        GInputStream       *from,
                        guint               idle_ms,
                        void              (*on_progress) (guint64  done,
                                                          gpointer data),
                        gpointer            data,
                        GCancellable       *cancellable,
                        GError            **error)
{
  g_autofree char *block = g_malloc (BLOCK);
  guint64 done = 0;
  gssize n;

  while ((n = g_input_stream_read (from, block, BLOCK, cancellable, error)) > 0)
    {
      if (!cvm_tapper_socket_write (self, block, n, idle_ms, cancellable, error))
        return FALSE;

      done += n;
      if (on_progress != NULL)
        on_progress (done, data);
    }

  return n == 0;
}

static gboolean
end_tls (CvmTapperSocket  *self,
         gint64            deadline_us,
         GCancellable     *cancellable,
         GError          **error)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));
  g_autoptr(GCancellable) limit = g_cancellable_new ();
  Call call = { NULL };
  gboolean is_in_time;
  gboolean is_ended;

  g_main_context_push_thread_default (self->context);
  g_output_stream_close_async (out, G_PRIORITY_DEFAULT, limit, on_result, &call);
  is_in_time = run (self, &call.is_over, limit, deadline_us, cancellable, error);
  is_ended = g_output_stream_close_finish (out, call.result, is_in_time ? error : NULL);
  g_main_context_pop_thread_default (self->context);
  g_object_unref (call.result);

  return is_in_time && is_ended;
}

/**
 * cvm_tapper_socket_end:
 *
 * Half-closes: the other end reads to its end, and can still speak.
 */
gboolean
cvm_tapper_socket_end (CvmTapperSocket  *self,
                       gint64            deadline_us,
                       GCancellable     *cancellable,
                       GError          **error)
{
  if (self->is_tls)
    return end_tls (self, deadline_us, cancellable, error);

  return g_socket_shutdown (g_socket_connection_get_socket (self->connection), FALSE, TRUE, error);
}
