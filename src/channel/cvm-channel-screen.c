/* cvm-channel-screen.c: a guest's screen, as gvnc receives it in the main context
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-screen.h"

#include <string.h>
#include <unistd.h>

#define PIXELS_MAX (16 * 1024 * 1024)   /* 64 MiB; more than any screen QEMU makes */

/* After gvnc's own sources, which are idle ones: a frame is whole when gvnc has no more of it to
 * read, and a connection that is not open yet is opened before it is closed (else its descriptor
 * would stay open). */
#define PRIORITY_LATE (G_PRIORITY_DEFAULT_IDLE + 10)

static void
screen_clear (gpointer data)
{
  CvmChannelScreen *self = data;

  if (self->fd >= 0)
    close (self->fd);
  g_free (self->front);
  g_free (self->reason);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
}

void
cvm_channel_screen_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, screen_clear);
}

/* g_main_context_invoke () would run FUNC here, in this thread, whenever the main loop is
 * between two turns. */
static void
screen_invoke (CvmChannelScreen *self,
               GSourceFunc       func,
               int               priority)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, g_atomic_rc_box_acquire (self), cvm_channel_screen_unref);
  g_source_attach (source, NULL);
}

static void
screen_close (CvmChannelScreen *self,
              const char       *reason)
{
  g_mutex_lock (&self->mutex);
  self->is_closed = TRUE;
  if (self->reason == NULL)
    self->reason = g_utf8_make_valid (reason, -1);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static gboolean
hang_up (gpointer data)
{
  CvmChannelScreen *self = data;

  screen_close (self, "it was closed here");
  g_clear_handle_id (&self->commit_id, g_source_remove);

  if (self->connection != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->connection, self);
      vnc_connection_shutdown (self->connection);
      g_clear_object (&self->connection);
    }

  return G_SOURCE_REMOVE;
}

/* Frames */

static gboolean
commit (gpointer data)
{
  CvmChannelScreen *self = data;
  gsize size = (gsize)self->back_width * self->back_height * sizeof (guint32);

  self->commit_id = 0;

  g_mutex_lock (&self->mutex);
  if (self->width != self->back_width || self->height != self->back_height)
    {
      g_free (self->front);
      self->front = g_malloc (size);
      self->width = self->back_width;
      self->height = self->back_height;
    }
  memcpy (self->front, self->back, size);
  self->frame++;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);

  /* gvnc keeps for ever what it is to send after the end */
  if (vnc_connection_is_open (self->connection))
    vnc_connection_framebuffer_update_request (self->connection, TRUE, 0, 0,
                                               self->back_width, self->back_height);

  return G_SOURCE_REMOVE;
}

static void
on_updated (VncConnection    *connection,
            guint16           x,
            guint16           y,
            guint16           width,
            guint16           height,
            CvmChannelScreen *self)
{
  if (self->commit_id == 0)
    self->commit_id = g_idle_add_full (PRIORITY_LATE, commit, self, NULL);
}

static const VncPixelFormat *
pixel_format (void)
{
  static const VncPixelFormat format = {
    .bits_per_pixel = 32,
    .depth = 24,
    .byte_order = G_BYTE_ORDER,
    .true_color_flag = 1,
    .red_max = 255,
    .green_max = 255,
    .blue_max = 255,
    .red_shift = 16,
    .green_shift = 8,
    .blue_shift = 0,
  };

  return &format;
}

static void
on_resized (VncConnection    *connection,
            guint16           width,
            guint16           height,
            CvmChannelScreen *self)
{
  VncBaseFramebuffer *framebuffer;

  g_clear_handle_id (&self->commit_id, g_source_remove);

  if (width == 0 || height == 0 || (guint)width * height > PIXELS_MAX)
    {
      g_autofree char *reason = g_strdup_printf ("a screen of %u x %u pixels is not shown",
                                                 width, height);

      screen_close (self, reason);
      vnc_connection_shutdown (connection);
      return;
    }

  self->back = g_new0 (guint32, (gsize)width * height);
  self->back_width = width;
  self->back_height = height;

  framebuffer = vnc_base_framebuffer_new ((guint8 *)self->back, width, height,
                                          width * sizeof (guint32),
                                          pixel_format (), pixel_format ());
  g_object_set_data_full (G_OBJECT (framebuffer), "pixels", self->back, g_free);
  vnc_connection_set_framebuffer (connection, VNC_FRAMEBUFFER (framebuffer));
  g_object_unref (framebuffer);

  vnc_connection_framebuffer_update_request (connection, FALSE, 0, 0, width, height);
}

static void
on_initialized (VncConnection    *connection,
                CvmChannelScreen *self)
{
  /* The first is liked best; none loses a pixel. */
  static gint32 encodings[] = {
    VNC_CONNECTION_ENCODING_ZRLE,
    VNC_CONNECTION_ENCODING_HEXTILE,
    VNC_CONNECTION_ENCODING_COPY_RECT,
    VNC_CONNECTION_ENCODING_RAW,
    VNC_CONNECTION_ENCODING_DESKTOP_RESIZE,
    VNC_CONNECTION_ENCODING_LAST_RECT,
    VNC_CONNECTION_ENCODING_EXT_KEY_EVENT,
  };

  vnc_connection_set_pixel_format (connection, pixel_format ());
  vnc_connection_set_encodings (connection, G_N_ELEMENTS (encodings), encodings);
  on_resized (connection, vnc_connection_get_width (connection),
              vnc_connection_get_height (connection), self);

  g_mutex_lock (&self->mutex);
  self->is_open = !self->is_closed;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

static void
on_error (VncConnection    *connection,
          const char       *message,
          CvmChannelScreen *self)
{
  screen_close (self, message);
}

static void
on_disconnected (VncConnection    *connection,
                 CvmChannelScreen *self)
{
  screen_close (self, "the other side ended it");
}

static gboolean
dial (gpointer data)
{
  CvmChannelScreen *self = data;

  self->connection = vnc_connection_new ();
  g_signal_connect (self->connection, "vnc-initialized", G_CALLBACK (on_initialized), self);
  g_signal_connect (self->connection, "vnc-desktop-resize", G_CALLBACK (on_resized), self);
  g_signal_connect (self->connection, "vnc-framebuffer-update", G_CALLBACK (on_updated), self);
  g_signal_connect (self->connection, "vnc-error", G_CALLBACK (on_error), self);
  g_signal_connect (self->connection, "vnc-auth-failure", G_CALLBACK (on_error), self);
  g_signal_connect (self->connection, "vnc-disconnected", G_CALLBACK (on_disconnected), self);

  vnc_connection_set_shared (self->connection, TRUE);
  vnc_connection_set_auth_type (self->connection, VNC_CONNECTION_AUTH_NONE);
  if (vnc_connection_open_fd (self->connection, self->fd))
    self->fd = -1;

  return G_SOURCE_REMOVE;
}

CvmChannelScreen *
cvm_channel_screen_new (int fd)
{
  CvmChannelScreen *self = g_atomic_rc_box_new0 (CvmChannelScreen);

  self->fd = fd;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  screen_invoke (self, dial, G_PRIORITY_DEFAULT);

  return self;
}

void
cvm_channel_screen_hang_up (CvmChannelScreen *self)
{
  screen_invoke (self, hang_up, PRIORITY_LATE);
}
