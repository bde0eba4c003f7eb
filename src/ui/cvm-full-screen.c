/* cvm-full-screen.c: a guest's display on the whole screen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-full-screen.h"

#include "cvm-display-view.h"

struct _CvmFullScreen
{
  GtkWindow       parent_instance;

  CvmDisplayView *display;
};

G_DEFINE_FINAL_TYPE (CvmFullScreen, cvm_full_screen, GTK_TYPE_WINDOW)

static gboolean
cvm_full_screen_key_press (GtkWidget   *widget,
                           GdkEventKey *event)
{
  CvmFullScreen *self = CVM_FULL_SCREEN (widget);
  gboolean is_typing = cvm_display_view_is_typing (self->display);

  if (event->keyval == GDK_KEY_F11 || (event->keyval == GDK_KEY_Escape && !is_typing))
    {
      gtk_widget_destroy (widget);
      return GDK_EVENT_STOP;
    }

  /* Tab and the arrows are the guest's while it gets the keys */
  if (is_typing && gtk_window_propagate_key_event (GTK_WINDOW (self), event))
    return GDK_EVENT_STOP;

  return GTK_WIDGET_CLASS (cvm_full_screen_parent_class)->key_press_event (widget, event);
}

static void
cvm_full_screen_class_init (CvmFullScreenClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (CVM_TYPE_DISPLAY_VIEW);
  widget_class->key_press_event = cvm_full_screen_key_press;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-full-screen.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmFullScreen, display);
  gtk_widget_class_bind_template_callback (widget_class, gtk_widget_destroy);
}

static void
cvm_full_screen_init (CvmFullScreen *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Also where no window manager makes it so */
static void
fill_monitor (GtkWindow *window,
              GtkWindow *parent)
{
  GdkDisplay *display = gtk_widget_get_display (GTK_WIDGET (parent));
  GdkMonitor *monitor =
    gdk_display_get_monitor_at_window (display, gtk_widget_get_window (GTK_WIDGET (parent)));
  GdkRectangle place;

  gdk_monitor_get_geometry (monitor, &place);
  gtk_window_move (window, place.x, place.y);
  gtk_window_set_default_size (window, place.width, place.height);
  gtk_window_fullscreen (window);
}

void
cvm_full_screen_show (GtkWindow  *parent,
                      CvmRun     *run,
                      const char *job)
{
  CvmFullScreen *self = g_object_new (CVM_TYPE_FULL_SCREEN, "transient-for", parent,
                                      "destroy-with-parent", TRUE, NULL);

  fill_monitor (GTK_WINDOW (self), parent);
  cvm_display_view_set_run (self->display, run, job);
  gtk_window_present (GTK_WINDOW (self));
}
