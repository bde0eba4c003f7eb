/* cvm-display-view.c: the guest's screen, live
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-display-view.h"

#include <glib/gi18n.h>
#include <unistd.h>
#include <vncdisplay.h>

struct _CvmDisplayView
{
  GtkBox        parent_instance;

  GtkStack     *stack;
  GtkContainer *frame;
  GtkLabel     *nothing;
  GtkLabel     *hint;

  VncDisplay   *vnc;           /* in the frame; NULL while there was no guest */
  CvmRun       *run;           /* owned, or NULL */
  char         *job;
  GCancellable *cancellable;   /* of the descriptor asked for, or NULL */
};

G_DEFINE_FINAL_TYPE (CvmDisplayView, cvm_display_view, GTK_TYPE_BOX)

static void
show_nothing (CvmDisplayView *self,
              const char     *why)
{
  gtk_label_set_text (self->nothing, why);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
  gtk_widget_hide (GTK_WIDGET (self->hint));
}

static void
set_class (gpointer    widget,
           const char *name,
           gboolean    is_set)
{
  GtkStyleContext *style = gtk_widget_get_style_context (widget);

  if (is_set)
    gtk_style_context_add_class (style, name);
  else
    gtk_style_context_remove_class (style, name);
}

/* Who holds the class cvm-guest-input gets every key before the window's own shortcuts do */
static void
set_typing (CvmDisplayView *self,
            gboolean        is_typing)
{
  if (is_typing != vnc_display_get_read_only (self->vnc))
    return;

  vnc_display_set_read_only (self->vnc, !is_typing);
  if (!is_typing)
    vnc_display_force_grab (self->vnc, FALSE);

  set_class (self->vnc, "cvm-guest-input", is_typing);
  set_class (self->frame, "cvm-typing", is_typing);
  gtk_label_set_text (self->hint, is_typing
                      ? _("The guest gets keys and mouse. Shift+F12 takes them back.")
                      : _("Click the picture to type into the guest."));
}

static gboolean
on_button_pressed (CvmDisplayView *self,
                   GdkEventButton *event,
                   GtkWidget      *widget)
{
  gtk_widget_grab_focus (widget);
  if (vnc_display_is_open (self->vnc))
    set_typing (self, TRUE);

  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_key_pressed (CvmDisplayView *self,
                GdkEventKey    *event,
                GtkWidget      *widget)
{
  gboolean is_typing = !vnc_display_get_read_only (self->vnc);

  if (is_typing && event->keyval == GDK_KEY_F12 && (event->state & GDK_SHIFT_MASK) != 0)
    {
      set_typing (self, FALSE);
      return GDK_EVENT_STOP;
    }
  if (!is_typing && (event->keyval == GDK_KEY_Return || event->keyval == GDK_KEY_KP_Enter)
      && vnc_display_is_open (self->vnc))
    {
      set_typing (self, TRUE);
      return GDK_EVENT_STOP;
    }

  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_focus_left (CvmDisplayView *self)
{
  set_typing (self, FALSE);

  return GDK_EVENT_PROPAGATE;
}

static void
on_initialized (CvmDisplayView *self)
{
  gtk_label_set_text (self->hint, _("Click the picture to type into the guest."));
  gtk_stack_set_visible_child_name (self->stack, "display");
  gtk_widget_show (GTK_WIDGET (self->hint));
}

static void
on_disconnected (CvmDisplayView *self)
{
  set_typing (self, FALSE);
  gtk_label_set_text (self->hint, _("The guest is off. This is its last picture."));
}

static void
drop_display (CvmDisplayView *self)
{
  if (self->vnc == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->vnc, self);
  vnc_display_close (self->vnc);
  gtk_widget_destroy (GTK_WIDGET (self->vnc));
  self->vnc = NULL;
}

static void
make_display (CvmDisplayView *self)
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

  g_signal_connect_swapped (widget, "button-press-event", G_CALLBACK (on_button_pressed), self);
  g_signal_connect_swapped (widget, "key-press-event", G_CALLBACK (on_key_pressed), self);
  g_signal_connect_swapped (widget, "focus-out-event", G_CALLBACK (on_focus_left), self);
  g_signal_connect_swapped (widget, "vnc-initialized", G_CALLBACK (on_initialized), self);
  g_signal_connect_swapped (widget, "vnc-disconnected", G_CALLBACK (on_disconnected), self);

  gtk_widget_set_can_focus (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_widget_show (widget);
  gtk_container_add (self->frame, widget);
}

static void
on_descriptor_opened (GObject      *source,
                      GAsyncResult *result,
                      gpointer      data)
{
  g_autoptr(CvmDisplayView) self = data;
  g_autoptr(GError) error = NULL;
  int fd = cvm_run_open_display_finish (CVM_RUN (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (fd < 0)
    {
      g_debug ("no display: %s", error->message);
      return;
    }

  make_display (self);
  if (!vnc_display_open_fd (self->vnc, fd))
    {
      close (fd);
      show_nothing (self, _("The display of the guest cannot be opened."));
    }
}

static void
stop_asking (CvmDisplayView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
cvm_display_view_dispose (GObject *object)
{
  CvmDisplayView *self = CVM_DISPLAY_VIEW (object);

  stop_asking (self);
  drop_display (self);
  g_clear_object (&self->run);
  g_clear_pointer (&self->job, g_free);

  G_OBJECT_CLASS (cvm_display_view_parent_class)->dispose (object);
}

static void
cvm_display_view_class_init (CvmDisplayViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_display_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-display-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, frame);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, nothing);
  gtk_widget_class_bind_template_child (widget_class, CvmDisplayView, hint);
}

static void
cvm_display_view_init (CvmDisplayView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cvm_display_view_set_run (CvmDisplayView *self,
                          CvmRun         *run,
                          const char     *job)
{
  stop_asking (self);
  drop_display (self);
  g_set_object (&self->run, run);
  g_free (self->job);
  self->job = g_strdup (job);

  show_nothing (self, run != NULL ? _("The guest's display appears here when it starts.")
                                  : _("The display was live only while the guest ran."));
}

void
cvm_display_view_connect (CvmDisplayView *self)
{
  if (self->run == NULL || self->cancellable != NULL
      || (self->vnc != NULL && vnc_display_is_open (self->vnc)))
    return;

  self->cancellable = g_cancellable_new ();
  cvm_run_open_display_async (self->run, self->job, self->cancellable, on_descriptor_opened,
                              g_object_ref (self));
}

void
cvm_display_view_end (CvmDisplayView *self)
{
  stop_asking (self);
  g_clear_object (&self->run);
  if (self->vnc == NULL)
    show_nothing (self, _("The guest had no display, or never started."));
}
