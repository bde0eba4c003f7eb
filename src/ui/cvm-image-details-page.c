/* cvm-image-details-page.c: what is known of an image, and its settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-details-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-fact-grid.h"
#include "cvm-format.h"
#include "cvm-image-edit.h"
#include "cvm-image-form.h"
#include "cvm-image-worker.h"
#include "cvm-prepare-image.h"
#include "cvm-stage.h"
#include "cvm-wait.h"

struct _CvmImageDetailsPage
{
  GtkBox         parent_instance;

  HdyHeaderBar  *header;
  GtkWidget     *save_button;
  CvmFactGrid   *facts;
  GtkLabel      *problem;
  GtkWidget     *settings;
  CvmImageForm  *form;
  GtkWidget     *prepare;
  GtkComboBox   *hypervisor;
  GtkWidget     *prepare_button;
  GtkWidget     *prepare_spinner;
  GtkLabel      *prepared;

  CvmImageItem  *item;          /* owned */
  char          *path;          /* of NAME.image */
  gboolean       is_saving;
  GCancellable  *cancellable;
};

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmImageDetailsPage, cvm_image_details_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

/* Facts -------------------------------------------------------------------------------------- */

static void
add_time (CvmImageDetailsPage *self,
          const char          *name,
          gint64               time_us)
{
  g_autofree char *day = time_us > 0 ? cvm_format_day (time_us, g_get_real_time ()) : NULL;

  cvm_fact_grid_add (self->facts, name, day);
}

static void
add_image_facts (CvmImageDetailsPage *self,
                 const CvmImage      *image)
{
  cvm_fact_grid_add (self->facts, _("Disk"), image->disk);
  cvm_fact_grid_add (self->facts, _("Format"), image->disk != NULL ? image->format : NULL);
  cvm_fact_grid_add (self->facts, _("SHA-256 of the disk"), image->disk_sha256);
  cvm_fact_grid_add (self->facts, _("Kernel"), image->kernel);
  cvm_fact_grid_add (self->facts, _("Initrd"), image->initrd);
  cvm_fact_grid_add (self->facts, _("CD for its first boot"), image->seed != NULL ? image->seed : image->context);
  cvm_fact_grid_add (self->facts, _("Key to log in with"), image->key);
}

static void
show_facts (CvmImageDetailsPage *self)
{
  const CvmShelfImage *here = cvm_image_item_get_here (self->item);
  g_autofree char *size = g_format_size ((guint64)here->bytes);
  g_autofree char *runs = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u run", "%u runs",
                                                        here->n_runs), here->n_runs);

  cvm_fact_grid_add (self->facts, _("Name"), here->name);
  cvm_fact_grid_add (self->facts, _("File"), here->path);
  if (here->image != NULL)
    add_image_facts (self, here->image);
  cvm_fact_grid_add (self->facts, _("Size"), here->bytes > 0 ? size : NULL);
  cvm_fact_grid_add (self->facts, _("Came from"), here->source);
  cvm_fact_grid_add (self->facts, _("SHA-256 of what came"), here->source_sha256);
  cvm_fact_grid_add (self->facts, _("Signed by"), here->signature);
  add_time (self, _("Checked"), here->checked_us);
  cvm_fact_grid_add (self->facts, _("Used by"), here->n_runs > 0 ? runs : NULL);
  add_time (self, _("Used last"), here->used_us);
}

/* Saving ------------------------------------------------------------------------------------- */

typedef struct
{
  char  *path;
  char **settings;
} Save;

static void
save_free (gpointer data)
{
  Save *self = data;

  g_free (self->path);
  g_strfreev (self->settings);
  g_free (self);
}

static void
save_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Save *save = data;
  g_autoptr(GError) error = NULL;

  if (cvm_image_edit (save->path, (const char *const *)save->settings, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
sync_save (CvmImageDetailsPage *self)
{
  gtk_widget_set_sensitive (self->save_button, !self->is_saving &&
                                               cvm_image_form_is_changed (self->form) &&
                                               cvm_image_form_is_valid (self->form));
}

static void
show_problem (CvmImageDetailsPage *self,
              const char          *problem)
{
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmImageDetailsPage) self = data;
  g_autoptr(GError) error = NULL;
  gboolean is_saved = g_task_propagate_boolean (G_TASK (result), &error);

  self->is_saving = FALSE;
  if (self->cancellable == NULL)
    return;

  show_problem (self, is_saved ? NULL : error->message);
  if (is_saved)
    {
      cvm_image_form_set_saved (self->form);
      g_signal_emit_by_name (cvm_image_worker_get_default (), "changed");
    }
  sync_save (self);
}

static void
on_save (CvmImageDetailsPage *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_saved, g_object_ref (self));
  Save *save = g_new0 (Save, 1);

  save->path = g_strdup (self->path);
  save->settings = cvm_image_form_dup_settings (self->form);
  g_task_set_task_data (task, save, save_free);
  self->is_saving = TRUE;
  sync_save (self);
  g_task_run_in_thread (task, save_in_thread);
}

/* Preparing ---------------------------------------------------------------------------------- */

typedef struct
{
  char *path;
  char *hypervisor;
  char *dir;
} Preparing;

static void
preparing_free (gpointer data)
{
  Preparing *self = data;

  g_free (self->path);
  g_free (self->hypervisor);
  g_free (self->dir);
  g_free (self);
}

static void
prepare_in_thread (GTask        *task,
                   gpointer      source,
                   gpointer      data,
                   GCancellable *cancellable)
{
  const Preparing *preparing = data;
  g_autoptr(GError) error = NULL;
  char *path = cvm_prepare_image (preparing->path, preparing->hypervisor, preparing->dir,
                                  CVM_DEADLINE_NEVER, cancellable, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_prepared (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(CvmImageDetailsPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *shown = path != NULL ? g_filename_display_name (path) : NULL;

  if (self->cancellable == NULL)
    return;

  cvm_stage_enable_again (self->prepare_button);
  gtk_widget_hide (self->prepare_spinner);
  gtk_label_set_text (self->prepared, shown != NULL ? shown : "");
  show_problem (self, path == NULL ? error->message : NULL);
}

static void
prepare_in (CvmImageDetailsPage *self,
            const char          *dir)
{
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, on_prepared, g_object_ref (self));
  Preparing *preparing = g_new0 (Preparing, 1);

  preparing->path = g_strdup (self->path);
  preparing->hypervisor = g_strdup (gtk_combo_box_get_active_id (self->hypervisor));
  preparing->dir = g_strdup (dir);
  g_task_set_task_data (task, preparing, preparing_free);
  gtk_widget_set_sensitive (self->prepare_button, FALSE);
  gtk_widget_show (self->prepare_spinner);
  gtk_label_set_text (self->prepared, "");
  show_problem (self, NULL);
  g_task_run_in_thread (task, prepare_in_thread);
}

static void
on_folder_chosen (GtkNativeDialog *dialog,
                  int              response,
                  gpointer         data)
{
  g_autoptr(CvmImageDetailsPage) self = data;
  g_autofree char *dir = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && dir != NULL && self->cancellable != NULL)
    prepare_in (self, dir);
  g_object_unref (dialog);
}

static void
on_prepare (CvmImageDetailsPage *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (self)));
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Folder for the Prepared Image"), window,
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Prepare"),
                                 _("_Cancel"));

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_folder_chosen), g_object_ref (self));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_new_run (CvmImageDetailsPage *self)
{
  cvm_stage_new_run (GTK_WIDGET (self), cvm_image_item_get_name (self->item));
}

/* The page ----------------------------------------------------------------------------------- */

static const char *
cvm_image_details_page_get_help (CvmPage *page)
{
  return "images-window";
}

static gboolean
cvm_image_details_page_tell (CvmPage    *page,
                             const char *message)
{
  show_problem (CVM_IMAGE_DETAILS_PAGE (page), message);

  return TRUE;
}

static void
page_init (CvmPageInterface *iface)
{
  iface->tell = cvm_image_details_page_tell;
  iface->get_help = cvm_image_details_page_get_help;
}

static void
cvm_image_details_page_dispose (GObject *object)
{
  CvmImageDetailsPage *self = CVM_IMAGE_DETAILS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->item);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (cvm_image_details_page_parent_class)->dispose (object);
}

static void
cvm_image_details_page_class_init (CvmImageDetailsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_image_details_page_dispose;

  g_type_ensure (CVM_TYPE_FACT_GRID);
  g_type_ensure (CVM_TYPE_IMAGE_FORM);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/cvmtester/CvmTester/ui/"
                                               "cvm-image-details-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, header);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, save_button);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, facts);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, settings);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, form);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, prepare);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, hypervisor);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, prepare_button);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, prepare_spinner);
  gtk_widget_class_bind_template_child (widget_class, CvmImageDetailsPage, prepared);
  gtk_widget_class_bind_template_callback (widget_class, on_save);
  gtk_widget_class_bind_template_callback (widget_class, on_prepare);
  gtk_widget_class_bind_template_callback (widget_class, on_new_run);
  gtk_widget_class_bind_template_callback (widget_class, sync_save);
}

static void
cvm_image_details_page_init (CvmImageDetailsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
}

GtkWidget *
cvm_image_details_page_new (CvmImageItem *item)
{
  CvmImageDetailsPage *self = g_object_new (CVM_TYPE_IMAGE_DETAILS_PAGE, NULL);
  const CvmShelfImage *here = cvm_image_item_get_here (item);

  self->item = g_object_ref (item);
  self->path = g_strdup (here->path);
  hdy_header_bar_set_title (self->header, cvm_image_item_get_title (item));
  show_facts (self);
  show_problem (self, cvm_image_item_get_problem (item));
  gtk_widget_set_visible (self->settings, here->image != NULL);
  gtk_widget_set_visible (self->prepare, here->image != NULL && here->image->disk != NULL);
  if (here->image != NULL)
    cvm_image_form_show (self->form, here->image);
  sync_save (self);

  return GTK_WIDGET (self);
}
