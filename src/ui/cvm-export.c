/* cvm-export.c: a run as a file for others: TAP, JUnit, HTML, JSON
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-export.h"

#include <glib/gi18n.h>

#include "cvm-journal.h"
#include "cvm-report.h"
#include "cvm-stage.h"

static const struct
{
  const char   *name;
  const char   *ending;
  CvmReportMake make;      /* NULL: TAP, which is one text a job */
} formats[CVM_EXPORT_N_FORMATS] = {
  [CVM_EXPORT_HTML] = { N_("Page to read (HTML)"), ".html", cvm_report_html_write },
  [CVM_EXPORT_JUNIT] = { N_("For Jenkins and GitLab (JUnit)"), ".xml", cvm_report_junit_write },
  [CVM_EXPORT_JSON] = { N_("For programs (JSON)"), ".json", cvm_report_json_write },
  [CVM_EXPORT_TAP] = { N_("Test Anything Protocol (TAP)"), ".tap", NULL },
};

typedef struct
{
  char            *dir, *path;
  CvmExportFormat  format;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->dir);
  g_free (job->path);
  g_free (job);
}

/* Writing --------------------------------------------------------------------------------- */

typedef struct
{
  GOutputStream *stream;
  GCancellable  *cancellable;
  GError        *error;       /* the first; nothing is written after it */
} Sink;

static void
sink_write (const char *bytes,
            gsize       len,
            gpointer    data)
{
  Sink *sink = data;

  if (sink->error == NULL)
    g_output_stream_write_all (sink->stream, bytes, len, NULL, sink->cancellable, &sink->error);
}

static void
write_taps (CvmResult *result,
            GPtrArray *texts,
            Sink      *sink)
{
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autofree gboolean *oks = g_new0 (gboolean, texts->len + 1);
  g_autofree char *joined = NULL;
  const char *text = texts->len > 0 ? texts->pdata[0] : "";

  for (guint i = 0; i < texts->len; i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      g_ptr_array_add (titles, g_strdup_printf ("%s on %s", job->image, job->host_uri));
      oks[i] = job->status == CVM_STATUS_PASSED;
    }

  if (texts->len > 1)
    text = joined = cvm_report_tap_join ((const char *const *)texts->pdata,
                                         (const char *const *)titles->pdata, oks, texts->len);
  sink_write (text, strlen (text), sink);
}

/* As its reports are: what a dead run never reached has failed */
static gboolean
export_tap (const char  *dir,
            Sink        *sink,
            GError     **error)
{
  g_autoptr(CvmResult) result = NULL;
  g_autoptr(GPtrArray) texts = cvm_report_files_collect (dir, &result, error);

  if (texts == NULL)
    return FALSE;

  write_taps (result, texts, sink);

  return TRUE;
}

static gboolean
export_result (const char       *journal,
               CvmReportMake     make,
               Sink             *sink,
               GError          **error)
{
  g_autoptr(CvmResult) result = cvm_result_new_from_journal (journal, error);

  if (result == NULL)
    return FALSE;

  make (result, sink_write, sink);

  return TRUE;
}

static gboolean
export_to (const Job      *job,
           GOutputStream  *stream,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autofree char *journal = g_build_filename (job->dir, "journal.jsonl", NULL);
  Sink sink = { stream, cancellable, NULL };
  gboolean is_read = formats[job->format].make == NULL
                     ? export_tap (job->dir, &sink, error)
                     : export_result (journal, formats[job->format].make, &sink, error);

  if (sink.error == NULL)
    return is_read;

  g_propagate_error (error, sink.error);

  return FALSE;
}

/* A stream that is let go of without being closed would still replace the file */
static void
give_up (GOutputStream *stream)
{
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();

  g_cancellable_cancel (cancelled);
  g_output_stream_close (stream, cancelled, NULL);
}

static void
export_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      data,
                  GCancellable *cancellable)
{
  const Job *job = data;
  g_autoptr(GFile) file = g_file_new_for_path (job->path);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileOutputStream) stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE,
                                                        cancellable, &error);

  if (stream != NULL && !export_to (job, G_OUTPUT_STREAM (stream), cancellable, &error))
    give_up (G_OUTPUT_STREAM (stream));

  if (error != NULL
      || !g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

void
cvm_export_async (const char          *dir,
                  const char          *path,
                  CvmExportFormat      format,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->dir = g_strdup (dir);
  job->path = g_strdup (path);
  job->format = format;
  g_task_set_source_tag (task, cvm_export_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, export_in_thread);
}

gboolean
cvm_export_finish (GAsyncResult  *result,
                   GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Choosing -------------------------------------------------------------------------------- */

static char *
suggest_name (const char      *title,
              CvmExportFormat  format)
{
  g_autofree char *name = g_strdup (title);

  g_strdelimit (name, "/\\:\n", '-');

  return g_strconcat (name, formats[format].ending, NULL);
}

static CvmExportFormat
format_of (GtkFileChooser *chooser)
{
  GtkFileFilter *filter = gtk_file_chooser_get_filter (chooser);
  const char *name = filter != NULL ? gtk_file_filter_get_name (filter) : NULL;

  for (CvmExportFormat i = 0; i < CVM_EXPORT_N_FORMATS; i++)
    if (g_strcmp0 (name, _(formats[i].name)) == 0)
      return i;

  return CVM_EXPORT_HTML;
}

/* The name follows the format that is chosen */
static void
on_filter (GtkFileChooser *chooser)
{
  g_autofree char *name = suggest_name (g_object_get_data (G_OBJECT (chooser), "title"),
                                        format_of (chooser));

  gtk_file_chooser_set_current_name (chooser, name);
}

/* Its filter is the format, see get_chosen () */
static GtkNativeDialog *
new_chooser (GtkWindow  *parent,
             const char *title)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_("Export the Run"), parent,
                                                              GTK_FILE_CHOOSER_ACTION_SAVE,
                                                              _("_Export"), _("_Cancel"));
  g_autofree char *name = suggest_name (title, CVM_EXPORT_HTML);

  for (guint i = 0; i < CVM_EXPORT_N_FORMATS; i++)
    {
      GtkFileFilter *filter = gtk_file_filter_new ();
      g_autofree char *pattern = g_strconcat ("*", formats[i].ending, NULL);

      gtk_file_filter_set_name (filter, _(formats[i].name));
      gtk_file_filter_add_pattern (filter, pattern);
      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }

  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_object_set_data_full (G_OBJECT (dialog), "title", g_strdup (title), g_free);
  g_signal_connect (dialog, "notify::filter", G_CALLBACK (on_filter), NULL);

  return GTK_NATIVE_DIALOG (dialog);
}

/* By the ending that was typed; else by the filter, whose ending it gets */
static char *
get_chosen (GtkNativeDialog *dialog,
            CvmExportFormat *format)
{
  GtkFileChooser *chooser = GTK_FILE_CHOOSER (dialog);
  g_autofree char *path = gtk_file_chooser_get_filename (chooser);

  for (*format = 0; *format < CVM_EXPORT_N_FORMATS; (*format)++)
    if (g_str_has_suffix (path, formats[*format].ending))
      return g_steal_pointer (&path);

  *format = format_of (chooser);

  return g_strconcat (path, formats[*format].ending, NULL);
}

typedef struct
{
  GtkWidget *from;
  char      *dir;
} Asking;

static void
asking_free (gpointer  data,
             GClosure *closure)
{
  Asking *asking = data;

  g_object_unref (asking->from);
  g_free (asking->dir);
  g_free (asking);
}

static void
on_exported (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(GtkWidget) from = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (cvm_export_finish (result, &error))
    text = g_strdup (_("The run was exported."));
  else
    text = g_strdup_printf (_("The run was not exported: %s"), error->message);

  cvm_stage_tell (from, text);
}

static void
on_chosen (GtkNativeDialog *dialog,
           int              response,
           gpointer         data)
{
  Asking *asking = data;
  CvmExportFormat format;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      path = get_chosen (dialog, &format);
      cvm_export_async (asking->dir, path, format, NULL, on_exported,
                        g_object_ref (asking->from));
    }

  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
cvm_export_ask (GtkWidget  *from,
                const char *dir,
                const char *title)
{
  GtkWidget *window = gtk_widget_get_toplevel (from);
  GtkNativeDialog *dialog = new_chooser (GTK_WINDOW (window), title);
  Asking *asking = g_new0 (Asking, 1);

  asking->from = g_object_ref (from);
  asking->dir = g_strdup (dir);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_chosen), asking, asking_free, 0);
  gtk_native_dialog_show (dialog);
}
