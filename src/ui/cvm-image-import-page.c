/* cvm-image-import-page.c: a file of this computer on its way to be an image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-import-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-catalogue.h"
#include "cvm-image-form.h"
#include "cvm-image-store.h"
#include "cvm-image-worker.h"
#include "cvm-param-row.h"
#include "cvm-stage.h"

struct _CvmImageImportPage
{
  GtkBox         parent_instance;

  HdyHeaderBar  *header;
  GtkWidget     *import_button;
  GtkLabel      *file;
  GtkLabel      *problem;
  CvmImageForm  *form;

  CvmParamRow   *name;
  char          *path;
  char          *proposed;     /* a name, of the file's */
};

static const CvmParam name_param = {
  "Name", CVM_PARAM_STRING, NULL, N_("What the image is called in runs and on the command line"),
  .form = "[A-Za-z0-9][A-Za-z0-9._+-]{0,99}",
  .form_help = "letters, digits, and . _ + - behind the first, at most 100"
};

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmImageImportPage, cvm_image_import_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
on_changed (CvmImageImportPage *self)
{
  gtk_widget_set_sensitive (self->import_button, cvm_param_row_is_valid (self->name) &&
                                                 cvm_image_form_is_valid (self->form));
}

static void
on_import (CvmImageImportPage *self)
{
  CvmImageWanted *wanted = g_new0 (CvmImageWanted, 1);
  const char *name = cvm_param_row_get_text (self->name);
  g_autoptr(CvmImageItem) item = NULL;
  GtkWidget *widget = GTK_WIDGET (self);

  wanted->path = g_strdup (self->path);
  wanted->name = g_strdup (name != NULL ? name : self->proposed);
  wanted->settings = cvm_image_form_dup_settings (self->form);
  item = cvm_image_item_new_import (wanted->name);
  cvm_image_worker_import (cvm_image_worker_get_default (), item, wanted);
  cvm_stage_go (widget, CVM_PLACE_IMAGES);
}

static const char *
cvm_image_import_page_get_help (CvmPage *page)
{
  return "images-import";
}

static gboolean
cvm_image_import_page_tell (CvmPage    *page,
                            const char *message)
{
  CvmImageImportPage *self = CVM_IMAGE_IMPORT_PAGE (page);

  gtk_label_set_text (self->problem, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), message != NULL);

  return TRUE;
}

static void
page_init (CvmPageInterface *iface)
{
  iface->get_help = cvm_image_import_page_get_help;
  iface->tell = cvm_image_import_page_tell;
}

static void
cvm_image_import_page_finalize (GObject *object)
{
  CvmImageImportPage *self = CVM_IMAGE_IMPORT_PAGE (object);

  g_free (self->path);
  g_free (self->proposed);

  G_OBJECT_CLASS (cvm_image_import_page_parent_class)->finalize (object);
}

static void
cvm_image_import_page_class_init (CvmImageImportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_image_import_page_finalize;

  g_type_ensure (CVM_TYPE_IMAGE_FORM);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/cvmtester/CvmTester/ui/"
                                               "cvm-image-import-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmImageImportPage, header);
  gtk_widget_class_bind_template_child (widget_class, CvmImageImportPage, import_button);
  gtk_widget_class_bind_template_child (widget_class, CvmImageImportPage, file);
  gtk_widget_class_bind_template_child (widget_class, CvmImageImportPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CvmImageImportPage, form);
  gtk_widget_class_bind_template_callback (widget_class, on_import);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
cvm_image_import_page_init (CvmImageImportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->name = CVM_PARAM_ROW (cvm_param_row_new (&name_param));
  g_signal_connect_object (self->name, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  cvm_image_form_add (self->form, self->name);
  cvm_image_form_show (self->form, NULL);
}

static GtkWidget *
make_page (const char *path)
{
  CvmImageImportPage *self = g_object_new (CVM_TYPE_IMAGE_IMPORT_PAGE, NULL);
  g_autoptr(CvmCatalogueEntry) entry = cvm_catalogue_entry_for (path, NULL);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *shown = g_filename_display_name (path);

  self->path = g_strdup (path);
  self->proposed = cvm_image_store_make_name (entry != NULL ? entry->name : base);
  gtk_label_set_text (self->file, shown);
  cvm_param_row_set_default (self->name, self->proposed);
  cvm_param_row_set_text (self->name, NULL);
  on_changed (self);

  return GTK_WIDGET (self);
}

void
cvm_image_import_page_push (GtkWidget  *from,
                            const char *path)
{
  g_autofree char *name = g_strconcat ("import ", path, NULL);

  cvm_stage_push (from, make_page (path), name);
}

static void
on_chosen (GtkNativeDialog *dialog,
           int              response,
           gpointer         data)
{
  g_autoptr(GtkWidget) from = data;
  g_autofree char *path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    cvm_image_import_page_push (from, path);
  g_object_unref (dialog);
}

void
cvm_image_import_page_choose (GtkWidget *from)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_toplevel (from));
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Import an Image"), window, GTK_FILE_CHOOSER_ACTION_OPEN,
                                 _("_Choose"), _("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_chosen), g_object_ref (from));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
