/* cvm-channel-display.c: the display port, by gvnc
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-display.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "cvm-channel-keys.h"
#include "cvm-channel-screen.h"
#include "cvm-engine-error.h"
#include "cvm-wait.h"

#define KEY_MS 40   /* QEMU's keyboard passes an event on every 10 ms */

#define CVM_TYPE_CHANNEL_DISPLAY (cvm_channel_display_get_type ())
G_DECLARE_FINAL_TYPE (CvmChannelDisplay, cvm_channel_display, CVM, CHANNEL_DISPLAY, GObject)

struct _CvmChannelDisplay
{
  GObject           parent_instance;

  CvmChannelScreen *screen;
};

static void cvm_channel_display_iface_init (CvmDisplayInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmChannelDisplay, cvm_channel_display, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_DISPLAY,
                                                      cvm_channel_display_iface_init))

typedef struct
{
  CvmChannelScreen *screen;
  guint64           after;
} FrameWait;

static gboolean
has_frame (gpointer data)
{
  FrameWait *wait = data;

  return wait->screen->frame > wait->after || wait->screen->is_closed;
}

static void
set_lost (CvmChannelScreen  *screen,
          GError           **error)
{
  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST,
               "the guest's display is gone: %s", screen->reason);
}

static gboolean
cvm_channel_display_wait_frame (CvmDisplay    *display,
                                guint64        after,
                                guint64       *frame,
                                gint64         deadline_us,
                                GCancellable  *cancellable,
                                GError       **error)
{
  CvmChannelScreen *screen = CVM_CHANNEL_DISPLAY (display)->screen;
  FrameWait wait = { screen, after };
  gboolean has_waited;
  gboolean has_come;

  g_mutex_lock (&screen->mutex);
  has_waited = cvm_wait_until (&screen->mutex, &screen->cond, has_frame, &wait,
                               deadline_us, cancellable, error);
  has_come = screen->frame > after;
  if (has_waited && !has_come)
    set_lost (screen, error);
  if (has_waited && has_come && frame != NULL)
    *frame = screen->frame;
  g_mutex_unlock (&screen->mutex);

  if (!has_waited)
    g_prefix_error (error, "no new picture came: ");

  return has_waited && has_come;
}

/* The latest frame as R, G, B bytes, or NULL */
static guint8 *
screen_dup_rgb (CvmChannelScreen *self,
                guint            *width,
                guint            *height)
{
  guint8 *rgb = NULL;

  g_mutex_lock (&self->mutex);
  if (self->frame > 0)
    {
      gsize n = (gsize)self->width * self->height;

      *width = self->width;
      *height = self->height;
      rgb = g_malloc (n * 3);

      for (gsize i = 0; i < n; i++)
        {
          rgb[3 * i] = self->front[i] >> 16;
          rgb[3 * i + 1] = self->front[i] >> 8;
          rgb[3 * i + 2] = self->front[i];
        }
    }
  g_mutex_unlock (&self->mutex);

  return rgb;
}

static GBytes *
cvm_channel_display_dup_png (CvmDisplay  *display,
                             GError     **error)
{
  guint width, height;
  CvmChannelScreen *screen = CVM_CHANNEL_DISPLAY (display)->screen;
  g_autofree guint8 *rgb = screen_dup_rgb (screen, &width, &height);
  g_autoptr(GdkPixbuf) pixbuf = NULL;
  char *png;
  gsize len;

  if (rgb == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED,
                           "the guest has shown no picture yet");
      return NULL;
    }

  pixbuf = gdk_pixbuf_new_from_data (rgb, GDK_COLORSPACE_RGB, FALSE, 8, width, height, width * 3,
                                     NULL, NULL);

  if (!gdk_pixbuf_save_to_buffer (pixbuf, &png, &len, "png", error, NULL))
    return NULL;

  return g_bytes_new_take (png, len);
}

/* Typing: the job thread waits while a timer of the main context presses key after key */
typedef struct
{
  CvmChannelScreen *screen;
  char             *text;

  /* under the screen's mutex */
  const char       *next;
  gboolean          is_given_up;
} Typing;

static void
typing_clear (gpointer data)
{
  Typing *self = data;

  cvm_channel_screen_unref (self->screen);
  g_free (self->text);
}

static void
typing_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, typing_clear);
}

static gboolean
is_typed (gpointer data)
{
  Typing *self = data;

  return *self->next == '\0' || self->screen->is_closed;
}

static void
press (VncConnection *connection,
       char           c)
{
  CvmChannelKey key = { 0 };

  cvm_channel_key_find (c, &key);

  if (key.is_shifted)
    vnc_connection_key_event (connection, TRUE, CVM_CHANNEL_KEYSYM_SHIFT,
                              CVM_CHANNEL_KEYCODE_SHIFT);
  vnc_connection_key_event (connection, TRUE, key.keysym, key.keycode);
  vnc_connection_key_event (connection, FALSE, key.keysym, key.keycode);
  if (key.is_shifted)
    vnc_connection_key_event (connection, FALSE, CVM_CHANNEL_KEYSYM_SHIFT,
                              CVM_CHANNEL_KEYCODE_SHIFT);
}

static gboolean
press_next (gpointer data)
{
  Typing *self = data;
  char c = '\0';

  g_mutex_lock (&self->screen->mutex);
  if (!self->is_given_up && !is_typed (self))
    c = *self->next;
  g_mutex_unlock (&self->screen->mutex);

  if (c == '\0')
    return G_SOURCE_REMOVE;

  press (self->screen->connection, c);

  g_mutex_lock (&self->screen->mutex);
  self->next++;
  g_cond_broadcast (&self->screen->cond);
  g_mutex_unlock (&self->screen->mutex);

  return G_SOURCE_CONTINUE;
}

static Typing *
typing_start (CvmChannelScreen *screen,
              const char       *text)
{
  Typing *self = g_atomic_rc_box_new0 (Typing);
  g_autoptr(GSource) source = g_timeout_source_new (KEY_MS);

  self->screen = g_atomic_rc_box_acquire (screen);
  self->text = g_strdup (text);
  self->next = self->text;

  g_source_set_callback (source, press_next, g_atomic_rc_box_acquire (self), typing_unref);
  g_source_attach (source, NULL);

  return self;
}

static gboolean
can_be_typed (const char  *text,
              GError     **error)
{
  CvmChannelKey key;

  for (const char *c = text; *c != '\0'; c++)
    {
      if (!cvm_channel_key_find (*c, &key))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "a US keyboard has no key for byte %02X (the %ld. of the text)",
                       (guchar)*c, (long)(c - text) + 1);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
cvm_channel_display_type_text (CvmDisplay    *display,
                               const char    *text,
                               gint64         deadline_us,
                               GCancellable  *cancellable,
                               GError       **error)
{
  CvmChannelScreen *screen = CVM_CHANNEL_DISPLAY (display)->screen;
  Typing *typing;
  gboolean has_waited;
  gboolean is_whole;

  if (!can_be_typed (text, error))
    return FALSE;

  typing = typing_start (screen, text);

  g_mutex_lock (&screen->mutex);
  has_waited = cvm_wait_until (&screen->mutex, &screen->cond, is_typed, typing,
                               deadline_us, cancellable, error);
  is_whole = *typing->next == '\0';
  typing->is_given_up = TRUE;
  if (has_waited && !is_whole)
    set_lost (screen, error);
  g_mutex_unlock (&screen->mutex);

  typing_unref (typing);

  return has_waited && is_whole;
}

static void
cvm_channel_display_iface_init (CvmDisplayInterface *iface)
{
  iface->wait_frame = cvm_channel_display_wait_frame;
  iface->dup_png = cvm_channel_display_dup_png;
  iface->type_text = cvm_channel_display_type_text;
}

static void
cvm_channel_display_finalize (GObject *object)
{
  CvmChannelDisplay *self = CVM_CHANNEL_DISPLAY (object);

  cvm_channel_screen_hang_up (self->screen);
  cvm_channel_screen_unref (self->screen);

  G_OBJECT_CLASS (cvm_channel_display_parent_class)->finalize (object);
}

static void
cvm_channel_display_class_init (CvmChannelDisplayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_channel_display_finalize;
}

static void
cvm_channel_display_init (CvmChannelDisplay *self)
{
}

static gboolean
is_decided (gpointer data)
{
  CvmChannelScreen *screen = data;

  return screen->is_open || screen->is_closed;
}

CvmDisplay *
cvm_channel_display_open (int            fd,
                          gint64         deadline_us,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(CvmChannelDisplay) self = g_object_new (CVM_TYPE_CHANNEL_DISPLAY, NULL);
  CvmChannelScreen *screen = self->screen = cvm_channel_screen_new (fd);
  gboolean is_open;

  g_mutex_lock (&screen->mutex);
  is_open = cvm_wait_until (&screen->mutex, &screen->cond, is_decided, screen,
                            deadline_us, cancellable, error);
  if (!is_open)
    g_prefix_error (error, "the guest's display says nothing: ");
  else if (!screen->is_open)
    set_lost (screen, error);
  is_open = is_open && screen->is_open;
  g_mutex_unlock (&screen->mutex);

  return is_open ? CVM_DISPLAY (g_steal_pointer (&self)) : NULL;
}
