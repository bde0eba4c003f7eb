/* cvm-open-report.c: a report of a server, read to be looked at, and the files attached to it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-open-report.h"

#include <string.h>

#include "cvm-bounded-sink.h"
#include "cvm-format.h"
#include "cvm-result-from-tap.h"
#include "cvm-wait.h"

#define ASK_MS       60000
#define FILE_MS      600000
#define PACKED_MAX   (8 * 1024 * 1024)   /* bytes of a packed file, to show its beginning */
#define NAME_MAX_LEN 150

struct _CvmOpenReport
{
  GObject          parent_instance;

  CvmTapperServer *server;
  CvmTapperBrowse *browse;
  CvmTapperReport *report;
  GBytes          *tap;
  CvmResult       *result;
};

G_DEFINE_FINAL_TYPE (CvmOpenReport, cvm_open_report, G_TYPE_OBJECT)

static void
cvm_open_report_finalize (GObject *object)
{
  CvmOpenReport *self = CVM_OPEN_REPORT (object);

  g_clear_pointer (&self->server, cvm_tapper_server_free);
  g_clear_pointer (&self->browse, cvm_tapper_browse_free);
  g_clear_pointer (&self->report, cvm_tapper_report_free);
  g_clear_pointer (&self->tap, g_bytes_unref);
  g_clear_object (&self->result);

  G_OBJECT_CLASS (cvm_open_report_parent_class)->finalize (object);
}

static void
cvm_open_report_class_init (CvmOpenReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_open_report_finalize;
}

static void
cvm_open_report_init (CvmOpenReport *self)
{
}

/* Reading ------------------------------------------------------------------------------------ */

typedef struct
{
  char    *server;
  guint64  id;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  g_free (self->server);
  g_free (self);
}

static char *
title_of (const CvmTapperReport *report)
{
  if (report->suite != NULL && report->machine != NULL)
    return g_strdup_printf ("%s: %s", report->machine, report->suite);

  return report->suite != NULL ? g_strdup (report->suite)
                               : g_strdup_printf ("%" G_GUINT64_FORMAT, report->id);
}

static gboolean
read_report (CvmOpenReport  *self,
             guint64         id,
             GCancellable   *cancellable,
             GError        **error)
{
  gint64 deadline_us = cvm_deadline_in_ms (ASK_MS);
  g_autofree char *title = NULL;

  self->browse = cvm_tapper_browse_new (self->server);
  self->report = cvm_tapper_browse_show (self->browse, id, deadline_us, cancellable, error);
  if (self->report == NULL)
    return FALSE;

  self->tap = cvm_tapper_browse_tap (self->browse, id, deadline_us, cancellable, error);
  if (self->tap == NULL)
    return FALSE;

  title = title_of (self->report);
  self->result = cvm_result_from_tap_bytes (self->tap, title, cancellable, error);

  return self->result != NULL;
}

static void
open_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Wanted *wanted = data;
  g_autoptr(CvmOpenReport) self = g_object_new (CVM_TYPE_OPEN_REPORT, NULL);
  GError *error = NULL;

  self->server = cvm_tapper_servers_find (wanted->server, &error);
  if (self->server != NULL && read_report (self, wanted->id, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
  else
    g_task_return_error (task, error);
}

void
cvm_open_report_async (const char          *server,
                       guint64              id,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wanted *wanted = g_new0 (Wanted, 1);

  *wanted = (Wanted){ g_strdup (server), id };
  g_task_set_source_tag (task, cvm_open_report_async);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, open_in_thread);
}

CvmOpenReport *
cvm_open_report_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

const CvmTapperServer *
cvm_open_report_get_server (CvmOpenReport *self)
{
  return self->server;
}

const CvmTapperReport *
cvm_open_report_get_report (CvmOpenReport *self)
{
  return self->report;
}

CvmResult *
cvm_open_report_get_result (CvmOpenReport *self)
{
  return self->result;
}

/* Names -------------------------------------------------------------------------------------- */

/* Whoever uploaded a file chose its name */
char *
cvm_open_report_dup_name (CvmOpenReport       *self,
                          const CvmTapperFile *file)
{
  char *base;

  if (file == NULL)
    return g_strdup_printf ("report-%" G_GUINT64_FORMAT "%s", self->report->id,
                            cvm_tapper_is_archive (self->tap) ? ".tar.gz" : ".tap");

  base = g_path_get_basename (file->name);
  g_strcanon (base, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-+", '_');
  if (strlen (base) > NAME_MAX_LEN)
    memmove (base, base + strlen (base) - NAME_MAX_LEN, NAME_MAX_LEN + 1);
  if (base[0] == '.' || base[0] == '-')
    base[0] = '_';

  return base;
}

static gboolean
is_packed (const CvmTapperFile *file)
{
  return g_str_has_suffix (file->name, ".gz");
}

gboolean
cvm_open_report_is_text (const CvmTapperFile *file)
{
  static const char *const suffixes[] = { ".log", ".txt", ".xml", ".ini", ".tap", ".json", ".conf" };
  g_autofree char *name = g_ascii_strdown (file->name, -1);

  if (is_packed (file))
    name[strlen (name) - strlen (".gz")] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      if (g_str_has_suffix (name, suffixes[i]))
        return TRUE;
    }

  return !is_packed (file) && file->type != NULL
         && (g_str_has_prefix (file->type, "text/") || strcmp (file->type, "plain") == 0
             || strcmp (file->type, "application/xml") == 0);
}

/* Saving ------------------------------------------------------------------------------------- */

typedef struct
{
  const CvmTapperFile *file;     /* the report's */
  GFile               *target;   /* NULL: to be shown */
  gboolean             is_cut;
} Job;

static void
job_free (gpointer data)
{
  Job *self = data;

  g_clear_object (&self->target);
  g_free (self);
}

static gboolean
write_job (CvmOpenReport  *self,
           const Job      *job,
           GOutputStream  *out,
           GCancellable   *cancellable,
           GError        **error)
{
  gsize len;
  const char *bytes = g_bytes_get_data (self->tap, &len);

  if (job->file == NULL)
    return g_output_stream_write_all (out, bytes, len, NULL, cancellable, error);

  return cvm_tapper_browse_save (self->browse, self->report, job->file, out,
                                 cvm_deadline_in_ms (FILE_MS), cancellable, error);
}

static gboolean
write_file (CvmOpenReport  *self,
            const Job      *job,
            GFile          *file,
            GCancellable   *cancellable,
            GError        **error)
{
  g_autoptr(GFileOutputStream) out = g_file_create (file, G_FILE_CREATE_PRIVATE, cancellable,
                                                    error);

  return out != NULL && write_job (self, job, G_OUTPUT_STREAM (out), cancellable, error)
         && g_output_stream_close (G_OUTPUT_STREAM (out), cancellable, error);
}

/* Beside the target first: what is under its name is whole */
static void
save_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Job *job = data;
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (".cvmtester-", uuid, NULL);
  g_autoptr(GFile) folder = g_file_get_parent (job->target);
  g_autoptr(GFile) beside = g_file_get_child (folder != NULL ? folder : job->target, name);
  GError *error = NULL;

  if (write_file (source, job, beside, cancellable, &error)
      && g_file_move (beside, job->target, G_FILE_COPY_OVERWRITE, cancellable, NULL, NULL, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  g_file_delete (beside, NULL, NULL);
  g_task_return_error (task, error);
}

static void
run_job (CvmOpenReport       *self,
         GTaskThreadFunc      work,
         const CvmTapperFile *file,
         GFile               *target,
         GCancellable        *cancellable,
         GAsyncReadyCallback  callback,
         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->file = file;
  job->target = target != NULL ? g_object_ref (target) : NULL;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, work);
}

void
cvm_open_report_save_async (CvmOpenReport       *self,
                            const CvmTapperFile *file,
                            GFile               *target,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  run_job (self, save_in_thread, file, target, cancellable, callback, user_data);
}

gboolean
cvm_open_report_save_finish (CvmOpenReport  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Showing ------------------------------------------------------------------------------------ */

/* The beginning of what is packed in BYTES: whatever its end says, no more than MAX */
static GBytes *
unpack (GBytes    *bytes,
        gsize      max,
        gboolean  *is_cut,
        GError   **error)
{
  g_autoptr(GInputStream) packed = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GZlibDecompressor) unzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr(GInputStream) plain = g_converter_input_stream_new (packed, G_CONVERTER (unzip));
  g_autofree char *buffer = g_malloc (max);
  g_autoptr(GError) local = NULL;
  gsize len = 0;

  g_input_stream_read_all (plain, buffer, max, &len, NULL, &local);
  if (local != NULL && len == 0)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  *is_cut |= local != NULL || len == max;

  return g_bytes_new (buffer, len);
}

/* What comes behind the bound is not read; that is no error then */
static GBytes *
read_beginning (CvmOpenReport  *self,
                Job            *job,
                gsize           max,
                GCancellable   *cancellable,
                GError        **error)
{
  g_autoptr(GOutputStream) sink = cvm_bounded_sink_new (max);
  g_autoptr(GError) local = NULL;

  if (!write_job (self, job, sink, cancellable, &local)
      && !cvm_bounded_sink_is_full (CVM_BOUNDED_SINK (sink)))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  job->is_cut = cvm_bounded_sink_is_full (CVM_BOUNDED_SINK (sink));

  return cvm_bounded_sink_get_bytes (CVM_BOUNDED_SINK (sink));
}

static void
text_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Job *job = data;
  gboolean is_gz = job->file != NULL && is_packed (job->file);
  GError *error = NULL;
  g_autoptr(GBytes) bytes = read_beginning (source, job, is_gz ? PACKED_MAX : CVM_OPEN_TEXT_MAX,
                                            cancellable, &error);

  if (bytes != NULL && is_gz)
    {
      g_autoptr(GBytes) packed = g_steal_pointer (&bytes);

      bytes = unpack (packed, CVM_OPEN_TEXT_MAX, &job->is_cut, &error);
    }

  if (bytes != NULL)
    g_task_return_pointer (task, cvm_format_log (bytes), g_free);
  else
    g_task_return_error (task, error);
}

void
cvm_open_report_text_async (CvmOpenReport       *self,
                            const CvmTapperFile *file,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  run_job (self, text_in_thread, file, NULL, cancellable, callback, user_data);
}

char *
cvm_open_report_text_finish (CvmOpenReport  *self,
                             GAsyncResult   *result,
                             gboolean       *is_cut,
                             GError        **error)
{
  const Job *job = g_task_get_task_data (G_TASK (result));

  *is_cut = job->is_cut;

  return g_task_propagate_pointer (G_TASK (result), error);
}
