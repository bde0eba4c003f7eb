/* cvm-column.c: widgets of many rows that are all as wide as the widest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-column.h"

struct _CvmColumn
{
  GObject    parent_instance;

  GPtrArray *widgets;
  int        width;     /* pixels */
};

G_DEFINE_FINAL_TYPE (CvmColumn, cvm_column, G_TYPE_OBJECT)

static void
cvm_column_finalize (GObject *object)
{
  g_ptr_array_unref (CVM_COLUMN (object)->widgets);

  G_OBJECT_CLASS (cvm_column_parent_class)->finalize (object);
}

static void
cvm_column_class_init (CvmColumnClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_column_finalize;
}

static void
cvm_column_init (CvmColumn *self)
{
  self->widgets = g_ptr_array_new ();
}

CvmColumn *
cvm_column_new (void)
{
  return g_object_new (CVM_TYPE_COLUMN, NULL);
}

static void
on_destroyed (CvmColumn *self,
              GtkWidget *widget)
{
  g_ptr_array_remove_fast (self->widgets, widget);
}

void
cvm_column_add (CvmColumn *self,
                GtkWidget *widget)
{
  g_ptr_array_add (self->widgets, widget);
  g_signal_connect_object (widget, "destroy", G_CALLBACK (on_destroyed), self, G_CONNECT_SWAPPED);
  cvm_column_fit (self, widget);
}

void
cvm_column_fit (CvmColumn *self,
                GtkWidget *widget)
{
  int natural;

  gtk_widget_set_size_request (widget, -1, -1);
  gtk_widget_get_preferred_width (widget, NULL, &natural);
  if (natural <= self->width)
    {
      gtk_widget_set_size_request (widget, self->width, -1);
      return;
    }

  self->width = natural;
  for (guint i = 0; i < self->widgets->len; i++)
    gtk_widget_set_size_request (self->widgets->pdata[i], self->width, -1);
}
