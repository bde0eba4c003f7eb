/* cvm-drop-hint.c: says, over the window's content, that what is dragged over it can be dropped
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-drop-hint.h"

#include <glib/gi18n.h>

#define ICON_SIZE 48
#define HINT      "cvm-drop-hint"     /* of the window, while it is shown */

static GtkOverlay *
find_overlay (GtkWidget *window)
{
  g_autoptr(GList) children = gtk_container_get_children (GTK_CONTAINER (window));

  return children != NULL && GTK_IS_OVERLAY (children->data) ? children->data : NULL;
}

static void
add_label (GtkWidget  *box,
           const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  gtk_container_add (GTK_CONTAINER (box), label);
}

static GtkWidget *
new_hint (void)
{
  GtkWidget *hint = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *frame = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *middle = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *image = gtk_image_new_from_icon_name ("document-open-symbolic", GTK_ICON_SIZE_DIALOG);

  gtk_image_set_pixel_size (GTK_IMAGE (image), ICON_SIZE);
  gtk_container_add (GTK_CONTAINER (middle), image);
  add_label (middle, _("Drop to open"), "cvm-drop-text");
  add_label (middle, _("A suite, results or a disk image"), "dim-label");
  gtk_box_set_center_widget (GTK_BOX (frame), middle);
  gtk_box_pack_start (GTK_BOX (hint), frame, TRUE, TRUE, 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (frame), "cvm-drop-frame");
  gtk_style_context_add_class (gtk_widget_get_style_context (hint), "cvm-drop-hint");
  gtk_widget_show_all (hint);

  return hint;
}

static void
hide (GtkWidget *window)
{
  GtkWidget *hint = g_object_steal_data (G_OBJECT (window), HINT);

  if (hint != NULL)
    gtk_widget_destroy (hint);
}

/* The pointer is nobody's any more: what dragged ended without a word */
static gboolean
on_entered (GtkWidget *window)
{
  hide (window);

  return GDK_EVENT_PROPAGATE;
}

static gboolean
on_motion (GtkWidget *window)
{
  GtkOverlay *overlay = find_overlay (window);
  GtkWidget *hint;

  if (overlay == NULL || g_object_get_data (G_OBJECT (window), HINT) != NULL)
    return TRUE;

  hint = new_hint ();
  gtk_overlay_add_overlay (overlay, hint);
  gtk_overlay_set_overlay_pass_through (overlay, hint, TRUE);
  g_object_set_data (G_OBJECT (window), HINT, hint);

  return TRUE;
}

void
cvm_drop_hint_accept_files (GtkWidget *window)
{
  /* GTK's own highlight is a thin frame, under what is in the window */
  gtk_drag_dest_set (window, GTK_DEST_DEFAULT_MOTION | GTK_DEST_DEFAULT_DROP, NULL, 0,
                     GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (window);
  g_signal_connect (window, "drag-motion", G_CALLBACK (on_motion), NULL);
  g_signal_connect (window, "drag-leave", G_CALLBACK (hide), NULL);    /* before a drop, too */
  g_signal_connect (window, "enter-notify-event", G_CALLBACK (on_entered), NULL);
}
