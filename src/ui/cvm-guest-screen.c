/* cvm-guest-screen.c: the picture of a job's guest over VNC, which comes back when the guest does
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest-screen.h"

#include <glib/gi18n.h>
#include <unistd.h>

struct _CvmGuestScreen
{
  GtkBox        parent_instance;

  VncDisplay   *vnc;           /* in the box; NULL while there was no guest */
  CvmRun       *run;           /* owned, or NULL */
  char         *job;
  GCancellable *cancellable;   /* of the descriptor asked for, or NULL */
  guint         timer;
  gboolean      is_live;
};

enum { MADE, CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmGuestScreen, cvm_guest_screen, GTK_TYPE_BOX)

static void
set_live (CvmGuestScreen *self,
          gboolean        is_live)
{
  self->is_live = is_live;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_initialized (CvmGuestScreen *self)
{
  set_live (self, TRUE);
}

static void
on_disconnected (CvmGuestScreen *self)
{
  set_live (self, FALSE);
}

/* A picture that is under way would be drawn on a window that is gone (gtk-vnc does not look) */
static void
hang_up (CvmGuestScreen *self)
{
  g_signal_handlers_disconnect_by_data (vnc_display_get_connection (self->vnc), self->vnc);
  vnc_display_close (self->vnc);
  self->is_live = FALSE;
}

static void
drop_display (CvmGuestScreen *self)
{
  if (self->vnc == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->vnc, self);
  hang_up (self);
  gtk_widget_destroy (GTK_WIDGET (self->vnc));
  self->vnc = NULL;
}

static void
make_display (CvmGuestScreen *self)
{
  GtkWidget *widget = vnc_display_new ();

  drop_display (self);
  self->vnc = VNC_DISPLAY (widget);
  vnc_display_set_shared_flag (self->vnc, TRUE);
  vnc_display_set_read_only (self->vnc, TRUE);
  vnc_display_set_scaling (self->vnc, TRUE);
  vnc_display_set_keep_aspect_ratio (self->vnc, TRUE);
  vnc_display_set_pointer_local (self->vnc, TRUE);
  vnc_display_set_pointer_grab (self->vnc, TRUE);
  vnc_display_set_keyboard_grab (self->vnc, FALSE);
  atk_object_set_name (gtk_widget_get_accessible (widget), _("Display of the guest"));

  g_signal_connect_swapped (widget, "vnc-initialized", G_CALLBACK (on_initialized), self);
  g_signal_connect_swapped (widget, "vnc-disconnected", G_CALLBACK (on_disconnected), self);
  g_signal_connect_swapped (widget, "unrealize", G_CALLBACK (hang_up), self);

  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_widget_show (widget);
  gtk_container_add (GTK_CONTAINER (self), widget);
  gtk_widget_realize (widget);       /* also where it is not seen yet: gtk-vnc draws at once */
  g_signal_emit (self, signals[MADE], 0, widget);
}

static gboolean
is_in_window (CvmGuestScreen *self)
{
  return gtk_widget_get_realized (gtk_widget_get_toplevel (GTK_WIDGET (self)));
}

static void
on_descriptor_opened (GObject      *source,
                      GAsyncResult *result,
                      gpointer      data)
{
  g_autoptr(CvmGuestScreen) self = data;
  g_autoptr(GError) error = NULL;
  int fd = cvm_run_open_display_finish (CVM_RUN (source), result, &error);

  /* one that was cancelled may have been opened all the same */
  if (self->run != CVM_RUN (source) || self->cancellable == NULL)
    {
      if (fd >= 0)
        close (fd);
      return;
    }

  g_clear_object (&self->cancellable);
  if (fd < 0)
    {
      g_debug ("no display: %s", error->message);
      return;
    }

  if (!is_in_window (self))
    {
      close (fd);
      return;
    }

  make_display (self);
  if (!vnc_display_open_fd (self->vnc, fd))
    close (fd);
}

static void
stop_asking (CvmGuestScreen *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static gboolean
try_again (gpointer data)
{
  cvm_guest_screen_connect (data);

  return G_SOURCE_CONTINUE;
}

static void
cvm_guest_screen_dispose (GObject *object)
{
  CvmGuestScreen *self = CVM_GUEST_SCREEN (object);

  stop_asking (self);
  drop_display (self);
  g_clear_object (&self->run);
  g_clear_pointer (&self->job, g_free);

  G_OBJECT_CLASS (cvm_guest_screen_parent_class)->dispose (object);
}

static void
cvm_guest_screen_class_init (CvmGuestScreenClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_guest_screen_dispose;

  signals[MADE] = g_signal_new ("made", CVM_TYPE_GUEST_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, VNC_TYPE_DISPLAY);
  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_GUEST_SCREEN, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cvm_guest_screen_init (CvmGuestScreen *self)
{
}

void
cvm_guest_screen_set_run (CvmGuestScreen *self,
                          CvmRun         *run,
                          const char     *job)
{
  stop_asking (self);
  drop_display (self);
  g_set_object (&self->run, run);
  g_free (self->job);
  self->job = g_strdup (job);
  if (run == NULL || cvm_run_is_finished (run))
    return;

  self->timer = g_timeout_add_seconds (1, try_again, self);
  cvm_guest_screen_connect (self);
}

void
cvm_guest_screen_connect (CvmGuestScreen *self)
{
  if (self->run == NULL || self->cancellable != NULL || !is_in_window (self)
      || (self->vnc != NULL && vnc_display_is_open (self->vnc)))
    return;

  self->cancellable = g_cancellable_new ();
  cvm_run_open_display_async (self->run, self->job, self->cancellable, on_descriptor_opened,
                              g_object_ref (self));
}

void
cvm_guest_screen_end (CvmGuestScreen *self)
{
  stop_asking (self);
  g_clear_object (&self->run);
}

VncDisplay *
cvm_guest_screen_get_vnc (CvmGuestScreen *self)
{
  return self->vnc;
}

gboolean
cvm_guest_screen_is_live (CvmGuestScreen *self)
{
  return self->is_live;
}
