/* cvm-fit-scroller.c: no higher than what is in it needs at the width it gets, and scrolls the rest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fit-scroller.h"

struct _CvmFitScroller
{
  GtkScrolledWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (CvmFitScroller, cvm_fit_scroller, GTK_TYPE_SCROLLED_WINDOW)

static GtkSizeRequestMode
cvm_fit_scroller_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* A viewport does not ask its child by width */
static void
cvm_fit_scroller_get_preferred_height_for_width (GtkWidget *widget,
                                                 int        width,
                                                 int       *minimum,
                                                 int       *natural)
{
  GtkWidget *viewport = gtk_bin_get_child (GTK_BIN (widget));
  GtkWidget *child = GTK_IS_BIN (viewport) ? gtk_bin_get_child (GTK_BIN (viewport)) : NULL;
  int most = gtk_scrolled_window_get_max_content_height (GTK_SCROLLED_WINDOW (widget));
  int height = 0;

  if (child != NULL && gtk_widget_get_visible (child))
    gtk_widget_get_preferred_height_for_width (child, width, NULL, &height);

  *natural = most >= 0 ? MIN (height, most) : height;
  *minimum = *natural;
}

static void
cvm_fit_scroller_class_init (CvmFitScrollerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->get_request_mode = cvm_fit_scroller_get_request_mode;
  widget_class->get_preferred_height_for_width = cvm_fit_scroller_get_preferred_height_for_width;
}

static void
cvm_fit_scroller_init (CvmFitScroller *self)
{
  g_object_set (self, "hscrollbar-policy", GTK_POLICY_NEVER, NULL);
}
