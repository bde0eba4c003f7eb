/* cvm-report-save.c: saves a file of a server's report where the user says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-save.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-stage.h"

typedef struct
{
  GtkWidget           *from;
  CvmOpenReport       *report;
  const CvmTapperFile *file;      /* the report's */
  GFile               *target;
} Save;

static void
save_free (Save *self)
{
  g_object_unref (self->from);
  g_object_unref (self->report);
  g_clear_object (&self->target);
  g_free (self);
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  Save *self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_file_get_parse_name (self->target);
  g_autofree char *shown = cvm_format_line (path);
  g_autofree char *text = NULL;

  if (cvm_open_report_save_finish (self->report, result, &error))
    text = g_strdup_printf (_("Saved as %s"), shown);
  else
    text = g_strdup_printf (_("%s could not be saved: %s"), shown, error->message);
  cvm_stage_tell (self->from, text);
  save_free (self);
}

static void
on_response (GtkNativeDialog *dialog,
             int              response,
             Save            *self)
{
  gtk_native_dialog_hide (dialog);
  if (response == GTK_RESPONSE_ACCEPT)
    {
      self->target = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      cvm_open_report_save_async (self->report, self->file, self->target, NULL, on_saved, self);
    }
  else
    {
      save_free (self);
    }
  g_object_unref (dialog);
}

void
cvm_report_save (GtkWidget           *from,
                 CvmOpenReport       *report,
                 const CvmTapperFile *file)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_toplevel (from));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Save"), window,
                                                              GTK_FILE_CHOOSER_ACTION_SAVE,
                                                              NULL, NULL);
  g_autofree char *name = cvm_open_report_dup_name (report, file);
  Save *self = g_new0 (Save, 1);

  self->from = g_object_ref (from);
  self->report = g_object_ref (report);
  self->file = file;
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(GtkWidget) from = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmOpenReport) report = cvm_open_report_finish (result, &error);

  if (!gtk_widget_get_mapped (from))
    return;    /* it is not looked at any more */

  if (report != NULL)
    cvm_report_save (from, report, NULL);
  else
    cvm_stage_tell (from, error->message);
}

void
cvm_report_save_of (GtkWidget  *from,
                    const char *server,
                    guint64     id)
{
  cvm_open_report_async (server, id, NULL, on_opened, g_object_ref (from));
}
