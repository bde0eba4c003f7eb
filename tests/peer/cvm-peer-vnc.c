/* cvm-peer-vnc.c: a stand-in for a VNC server, which can misbehave
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-peer-vnc.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static gboolean
take (CvmPeerVnc *self,
      guint8     *bytes,
      gsize       len)
{
  for (gsize got = 0; got < len;)
    {
      gssize n = recv (self->fd, bytes + got, len - got, 0);

      if (n <= 0)
        return FALSE;
      got += n;
    }

  return TRUE;
}

static void
give (CvmPeerVnc   *self,
      const guint8 *bytes,
      gsize         len)
{
  while (len > 0)
    {
      gssize n = send (self->fd, bytes, len, MSG_NOSIGNAL);

      if (n <= 0)
        return;
      bytes += n;
      len -= n;
    }
}

static void
put16 (GByteArray *out,
       guint16     value)
{
  guint8 bytes[2] = { value >> 8, value & 0xff };

  g_byte_array_append (out, bytes, 2);
}

static void
put32 (GByteArray *out,
       guint32     value)
{
  put16 (out, value >> 16);
  put16 (out, value & 0xffff);
}

static gboolean
shake_hands (CvmPeerVnc *self)
{
  g_autoptr(GByteArray) init = g_byte_array_new ();
  const guint8 security[] = { 1, self->wants_password ? 2 : 1 };
  const guint8 format[] = { 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0 };
  guint8 bytes[16];

  if (self->says_first != NULL)
    give (self, (const guint8 *)self->says_first, strlen (self->says_first));
  if (self->hangs_up)
    return FALSE;

  if (self->says_first == NULL)
    give (self, (const guint8 *)"RFB 003.008\n", 12);
  if (!take (self, bytes, 12))
    return FALSE;

  give (self, security, 2);
  if (!take (self, bytes, 1))
    return FALSE;
  if (self->wants_password)
    return take (self, bytes, 16);

  give (self, (const guint8 *)"\0\0\0\0", 4);
  if (!take (self, bytes, 1))
    return FALSE;
  self->is_shared = bytes[0] == 1;

  put16 (init, self->width);
  put16 (init, self->height);
  g_byte_array_append (init, format, sizeof format);
  put32 (init, 4);
  g_byte_array_append (init, (const guint8 *)"test", 4);
  give (self, init->data, init->len);

  return TRUE;
}

guint32
cvm_peer_vnc_pixel (guint x,
                    guint y)
{
  return (x * 40 % 256) << 16 | (y * 40 % 256) << 8 | ((x + y) * 7 % 256);
}

static void
send_frame (CvmPeerVnc *self,
            guint       width,
            guint       height)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();

  put16 (out, 0);
  put16 (out, 1);
  put16 (out, 0);
  put16 (out, 0);
  put16 (out, width);
  put16 (out, height);
  put32 (out, 0);   /* raw */
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      {
        guint32 pixel = GUINT32_TO_LE (cvm_peer_vnc_pixel (x, y));

        g_byte_array_append (out, (const guint8 *)&pixel, 4);
      }

  give (self, out->data, self->breaks_off ? out->len / 2 : out->len);
}

static void
send_pseudo (CvmPeerVnc *self,
             guint16     width,
             guint16     height,
             gint32      encoding)
{
  g_autoptr(GByteArray) out = g_byte_array_new ();

  put16 (out, 0);
  put16 (out, 1);
  put32 (out, 0);
  put16 (out, width);
  put16 (out, height);
  put32 (out, (guint32)encoding);
  give (self, out->data, out->len);
}

static void
note_key (CvmPeerVnc   *self,
          gboolean      is_down,
          const guint8 *code)
{
  g_mutex_lock (&self->mutex);
  g_string_append_printf (self->keys, "%c%x ", is_down ? '+' : '-', code[2] << 8 | code[3]);
  g_mutex_unlock (&self->mutex);
}

/* One message of the client; FALSE at its end */
static gboolean
answer (CvmPeerVnc *self,
        guint      *frames)
{
  guint8 m[20];

  if (!take (self, m, 1))
    return FALSE;

  switch (m[0])
    {
    case 0:     /* SetPixelFormat */
      return take (self, m + 1, 19);

    case 2:     /* SetEncodings */
      if (!take (self, m + 1, 3))
        return FALSE;
      for (guint n = m[2] << 8 | m[3]; n > 0; n--)
        if (!take (self, m, 4))
          return FALSE;
      if (self->has_key_codes)
        send_pseudo (self, 0, 0, -258);
      return TRUE;

    case 3:     /* FramebufferUpdateRequest */
      if (!take (self, m + 1, 9))
        return FALSE;
      (*frames)++;
      if (*frames == 1)
        send_frame (self, self->width, self->height);
      if (self->breaks_off)
        return FALSE;
      if (*frames == 2 && self->resizes)
        send_pseudo (self, self->width / 2, self->height / 2, -223);
      if (*frames == 3 && self->resizes)
        send_frame (self, self->width / 2, self->height / 2);
      return TRUE;

    case 4:     /* KeyEvent */
      if (!take (self, m + 1, 7))
        return FALSE;
      note_key (self, m[1], m + 4);
      return TRUE;

    case 255:   /* QEMU's key event: with the code */
      if (!take (self, m + 1, 11))
        return FALSE;
      note_key (self, m[3], m + 8);
      return TRUE;

    default:
      g_error ("The client sent message %u", m[0]);
    }
}

static gpointer
serve (gpointer data)
{
  CvmPeerVnc *self = data;
  guint frames = 0;
  guint8 rest;

  if (shake_hands (self))
    while (answer (self, &frames))
      continue;

  if (self->hangs_up || self->breaks_off)
    shutdown (self->fd, SHUT_WR);

  /* Ends only when the display has closed its descriptor. */
  while (take (self, &rest, 1))
    continue;

  return NULL;
}

int
cvm_peer_vnc_start (CvmPeerVnc *self)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_mutex_init (&self->mutex);
  self->keys = g_string_new (NULL);
  self->fd = fds[0];
  self->thread = g_thread_new ("vnc", serve, self);

  return fds[1];
}

void
cvm_peer_vnc_join (CvmPeerVnc *self)
{
  g_thread_join (self->thread);
}

void
cvm_peer_vnc_clear (CvmPeerVnc *self)
{
  close (self->fd);
  g_string_free (self->keys, TRUE);
  g_mutex_clear (&self->mutex);
}
