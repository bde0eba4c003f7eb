/* cvm-place-row.c: a place in the sidebar: its name, and how much is there
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-place-row.h"

#include <glib/gi18n.h>

struct _CvmPlaceRow
{
  GtkListBoxRow  parent_instance;

  GtkImage      *icon;
  GtkLabel      *title;
  GtkLabel      *count;
  GtkWidget     *attention;
};

G_DEFINE_FINAL_TYPE (CvmPlaceRow, cvm_place_row, GTK_TYPE_LIST_BOX_ROW)

static void
cvm_place_row_class_init (CvmPlaceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-place-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPlaceRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CvmPlaceRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmPlaceRow, count);
  gtk_widget_class_bind_template_child (widget_class, CvmPlaceRow, attention);
}

static void
cvm_place_row_init (CvmPlaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_place_row_new (const char *title,
                   const char *icon)
{
  CvmPlaceRow *self = g_object_new (CVM_TYPE_PLACE_ROW, NULL);

  gtk_label_set_text (self->title, title);
  gtk_image_set_from_icon_name (self->icon, icon, GTK_ICON_SIZE_MENU);
  cvm_place_row_set_count (self, 0, FALSE);

  return GTK_WIDGET (self);
}

void
cvm_place_row_set_count (CvmPlaceRow *self,
                         guint        count,
                         gboolean     is_attention)
{
  const char *title = gtk_label_get_text (self->title);
  g_autofree char *text = g_strdup_printf ("%u", count);
  /* Translators: a place and how much is there, for a screen reader: "Images: 5" */
  g_autofree char *counted = count > 0 ? g_strdup_printf (_("%s: %u"), title, count)
                                       : g_strdup (title);
  g_autofree char *name = is_attention ? g_strdup_printf (_("%s, needs attention"), counted)
                                       : g_strdup (counted);

  gtk_label_set_text (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count > 0);
  gtk_widget_set_visible (self->attention, is_attention);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), name);
}
