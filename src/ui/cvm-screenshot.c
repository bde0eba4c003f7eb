/* cvm-screenshot.c: a picture of a guest, kept with its run as evidence, or anywhere else
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-screenshot.h"

#include <glib/gi18n.h>

#include "cvm-stage.h"

typedef struct
{
  char      *job;
  GdkPixbuf *pixbuf;
} Shot;

static void
shot_free (gpointer data)
{
  Shot *self = data;

  g_free (self->job);
  g_object_unref (self->pixbuf);
  g_free (self);
}

static void
keep_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Shot *shot = data;
  g_autofree char *name = g_strdup_printf ("frames/screenshot-%" G_GINT64_FORMAT ".png",
                                           g_get_real_time () / 1000);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = NULL;
  char *png, *path;
  gsize len;

  if (!gdk_pixbuf_save_to_buffer (shot->pixbuf, &png, &len, "png", &error, NULL))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  bytes = g_bytes_new_take (png, len);
  path = cvm_run_keep (source, shot->job, name, "image/png", bytes, &error);
  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
cvm_screenshot_keep_async (CvmRun              *run,
                           const char          *job,
                           GdkPixbuf           *pixbuf,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (run, NULL, callback, user_data);
  Shot *shot = g_new0 (Shot, 1);

  shot->job = g_strdup (job);
  shot->pixbuf = g_object_ref (pixbuf);
  g_task_set_source_tag (task, cvm_screenshot_keep_async);
  g_task_set_task_data (task, shot, shot_free);
  g_task_run_in_thread (task, keep_in_thread);
}

char *
cvm_screenshot_keep_finish (GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_copied (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(GtkWidget) from = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_file_copy_finish (G_FILE (source), result, &error))
    return;

  text = g_strdup_printf (_("The picture was not saved: %s"), error->message);
  cvm_stage_tell (from, text);
}

static void
on_answered (GtkNativeDialog *dialog,
             int              answer,
             GFile           *file)
{
  g_autoptr(GFile) target = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  GtkWidget *from = g_object_get_data (G_OBJECT (dialog), "from");

  if (answer == GTK_RESPONSE_ACCEPT && target != NULL)
    g_file_copy_async (file, target, G_FILE_COPY_OVERWRITE, G_PRIORITY_DEFAULT, NULL, NULL, NULL,
                       on_copied, g_object_ref (from));

  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
cvm_screenshot_save_elsewhere (GtkWidget  *from,
                               const char *path)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (from);
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Save the Picture"),
                                 GTK_IS_WINDOW (toplevel) ? GTK_WINDOW (toplevel) : NULL,
                                 GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *name = g_path_get_basename (path);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data_full (G_OBJECT (dialog), "from", g_object_ref (from), g_object_unref);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answered),
                         g_file_new_for_path (path), (GClosureNotify)(void (*) (void))g_object_unref,
                         0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
