/* cvm-file-row.c: a file that a job kept, as a row that opens it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-file-row.h"

#include "cvm-format.h"
#include "cvm-open-file.h"

struct _CvmFileRow
{
  GtkListBoxRow  parent_instance;

  GtkLabel      *name;
  GtkLabel      *about;

  char          *path;
};

G_DEFINE_FINAL_TYPE (CvmFileRow, cvm_file_row, GTK_TYPE_LIST_BOX_ROW)

static void
on_reveal (CvmFileRow *self)
{
  cvm_reveal_file (GTK_WIDGET (self), self->path);
}

static void
cvm_file_row_finalize (GObject *object)
{
  g_free (CVM_FILE_ROW (object)->path);

  G_OBJECT_CLASS (cvm_file_row_parent_class)->finalize (object);
}

static void
cvm_file_row_class_init (CvmFileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_file_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmFileRow, name);
  gtk_widget_class_bind_template_child (widget_class, CvmFileRow, about);
  gtk_widget_class_bind_template_callback (widget_class, on_reveal);
}

static void
cvm_file_row_init (CvmFileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_file_row_new (const char *path,
                  const char *name,
                  const char *about)
{
  CvmFileRow *self = g_object_new (CVM_TYPE_FILE_ROW, NULL);
  g_autofree char *clean = cvm_format_line (name);
  g_autofree char *clean_about = about != NULL ? cvm_format_line (about) : NULL;

  self->path = g_strdup (path);
  gtk_label_set_text (self->name, clean);
  gtk_label_set_text (self->about, clean_about != NULL ? clean_about : "");
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), clean);

  return GTK_WIDGET (self);
}

const char *
cvm_file_row_get_path (CvmFileRow *self)
{
  return self->path;
}
