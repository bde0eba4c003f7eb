/* cvm-peer.c: what listens on 127.0.0.1 while a test talks to it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-peer.h"

#include <string.h>

struct _CvmPeer
{
  GSocket      *listener;
  guint16       port;
  GThread      *thread;
  GCancellable *stop;
  CvmPeerServe  serve;
  gpointer      data;
};

static gpointer
listen_for_ever (gpointer data)
{
  CvmPeer *self = data;

  while (TRUE)
    {
      g_autoptr(GSocket) client = g_socket_accept (self->listener, self->stop, NULL);

      if (client == NULL)
        return NULL;

      self->serve (client, self->stop, self->data);
    }
}

CvmPeer *
cvm_peer_new (CvmPeerServe serve,
              gpointer     data)
{
  CvmPeer *self = g_new0 (CvmPeer, 1);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) own = NULL;
  g_autoptr(GError) error = NULL;

  self->listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 &error);
  g_assert_no_error (error);
  g_socket_bind (self->listener, any, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->listener, &error);
  g_assert_no_error (error);
  own = g_socket_get_local_address (self->listener, &error);
  g_assert_no_error (error);

  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own));
  self->stop = g_cancellable_new ();
  self->serve = serve;
  self->data = data;
  self->thread = g_thread_new ("peer", listen_for_ever, self);

  return self;
}

guint16
cvm_peer_get_port (CvmPeer *self)
{
  return self->port;
}

void
cvm_peer_free (CvmPeer *self)
{
  g_cancellable_cancel (self->stop);
  g_thread_join (self->thread);
  g_object_unref (self->stop);
  g_object_unref (self->listener);
  g_free (self);
}

void
cvm_peer_play (GSocket      *client,
               GCancellable *stop,
               gpointer      data)
{
  CvmPeerScript *script = data;
  char heard[1024];

  if (script->cancels != NULL)
    g_cancellable_cancel (script->cancels);

  if (script->hears_first)
    g_socket_receive (client, heard, sizeof heard, stop, NULL);

  if (script->says != NULL)
    g_socket_send (client, script->says, strlen (script->says), stop, NULL);

  while (script->then != NULL)
    if (g_socket_send (client, script->then, strlen (script->then), stop, NULL) < 0)
      return;

  while (!script->hangs_up && g_socket_receive (client, heard, sizeof heard, stop, NULL) > 0)
    continue;
}

guint
cvm_peer_count_sockets (void)
{
  g_autoptr(GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *link = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *to = g_file_read_link (link, NULL);

      n += to != NULL && g_str_has_prefix (to, "socket:");
    }

  return n;
}
