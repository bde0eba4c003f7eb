/* cvm-outline-row.c: a part of a suite in the editor's outline
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-outline-row.h"

#include <glib/gi18n.h>

#include "cvm-format.h"

struct _CvmOutlineRow
{
  GtkListBoxRow  parent_instance;

  GtkWidget     *handle;
  GtkLabel      *title;
  GtkLabel      *about;
  GtkWidget     *problem;

  const char    *group;
  int            item;
  char          *id;
};

G_DEFINE_FINAL_TYPE (CvmOutlineRow, cvm_outline_row, GTK_TYPE_LIST_BOX_ROW)

static void
cvm_outline_row_finalize (GObject *object)
{
  g_free (CVM_OUTLINE_ROW (object)->id);

  G_OBJECT_CLASS (cvm_outline_row_parent_class)->finalize (object);
}

static void
cvm_outline_row_class_init (CvmOutlineRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_outline_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-outline-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmOutlineRow, handle);
  gtk_widget_class_bind_template_child (widget_class, CvmOutlineRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmOutlineRow, about);
  gtk_widget_class_bind_template_child (widget_class, CvmOutlineRow, problem);
}

static void
cvm_outline_row_init (CvmOutlineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_outline_row_new (const char *group,
                     int         item,
                     const char *id)
{
  CvmOutlineRow *self = g_object_new (CVM_TYPE_OUTLINE_ROW, NULL);

  self->group = group;
  self->item = item;
  self->id = g_strdup (id);

  return GTK_WIDGET (self);
}

const char *
cvm_outline_row_get_group (CvmOutlineRow *self)
{
  return self->group;
}

int
cvm_outline_row_get_item (CvmOutlineRow *self)
{
  return self->item;
}

const char *
cvm_outline_row_get_id (CvmOutlineRow *self)
{
  return self->id;
}

static void
name_it (CvmOutlineRow *self)
{
  g_autofree char *problem = gtk_widget_get_visible (self->problem)
                             ? gtk_widget_get_tooltip_text (self->problem) : NULL;
  g_autofree char *name = g_strjoin (", ", gtk_label_get_text (self->title),
                                     gtk_label_get_text (self->about), problem, NULL);

  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), name);
}

void
cvm_outline_row_set_text (CvmOutlineRow *self,
                          const char    *id,
                          const char    *title,
                          const char    *about)
{
  g_autofree char *shown = cvm_format_line (title);
  g_autofree char *more = cvm_format_line (about);
  char *copy = g_strdup (id);

  g_free (self->id);
  self->id = copy;
  gtk_label_set_text (self->title, shown);
  gtk_label_set_text (self->about, more);
  name_it (self);
}

void
cvm_outline_row_set_problem (CvmOutlineRow *self,
                             const char    *message)
{
  gtk_widget_set_tooltip_text (self->problem, message);
  gtk_widget_set_visible (self->problem, message != NULL);
  name_it (self);
}

GtkWidget *
cvm_outline_row_get_handle (CvmOutlineRow *self)
{
  return self->handle;
}
