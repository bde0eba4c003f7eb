/* cvm-tapper-browse.c: one report of a server, its TAP and its files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-browse-private.h"

#include <gio/gunixoutputstream.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cvm-json.h"
#include "cvm-tap-archive.h"
#include "cvm-tapper-api.h"
#include "cvm-tapper-cache.h"
#include "cvm-tapper-count.h"
#include "cvm-tapper-error.h"
#include "cvm-tapper-json.h"
#include "cvm-tapper-page.h"
#include "cvm-tapper-web.h"
#include "cvm-wait.h"

/* The receiver takes attachments for as long as somebody sends them; of a report that was made a
 * day before it was asked for they are all there. */
#define SETTLED_US (24 * 3600 * G_GINT64_CONSTANT (1000000))
#define MEND_MAX   (16 * 1024 * 1024)   /* bytes of a file that is taken into memory */

/**
 * cvm_tapper_browse_new:
 * @server: copied
 *
 * Nothing is asked yet.
 */
CvmTapperBrowse *
cvm_tapper_browse_new (const CvmTapperServer *server)
{
  CvmTapperBrowse *self = g_new0 (CvmTapperBrowse, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->server = cvm_tapper_server_copy (server);
  g_mutex_init (&self->lock);

  return self;
}

CvmTapperBrowse *
cvm_tapper_browse_ref (CvmTapperBrowse *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * cvm_tapper_browse_free:
 *
 * Its lists may outlive it.
 */
void
cvm_tapper_browse_free (CvmTapperBrowse *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;

  cvm_tapper_server_free (self->server);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * cvm_tapper_browse_test:
 *
 * Asks for the reports of this hour. The receiver is never asked: it would make a report of it.
 *
 * Returns: whether that way works; %FALSE with the reason
 */
gboolean
cvm_tapper_browse_test (CvmTapperBrowse  *self,
                        CvmTapperWay      way,
                        gint64            deadline_us,
                        GCancellable     *cancellable,
                        GError          **error)
{
  gint64 now_us = g_get_real_time ();
  CvmTapperFilter any = { 0 };
  CvmTapperWindow window = {
    .filter = &any, .from_us = now_us - now_us % (G_USEC_PER_SEC * G_GINT64_CONSTANT (3600)),
    .to_us = now_us,
  };
  gboolean is_answered;

  if (!cvm_tapper_ways_has (self->server, way))
    {
      g_set_error_literal (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID,
                           "it is not set up");
      return FALSE;
    }

  is_answered = cvm_tapper_window_read (&window, self->server, way, deadline_us, cancellable,
                                        error);
  g_clear_pointer (&window.reports, g_ptr_array_unref);

  return is_answered;
}

/* TAP and files ------------------------------------------------------------------------------ */

static gboolean
need_web (CvmTapperBrowse  *self,
          const char       *what,
          GError          **error)
{
  if (self->server->web == NULL)
    g_set_error (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID,
                 "only the web pages of %s give %s, and their address is not known; set it by "
                 "--web", cvm_tapper_server_get_label (self->server), what);

  return self->server->web != NULL;
}

static gboolean
check_found (GBytes   *body,
             guint64   id,
             GError  **error)
{
  gsize len;
  const char *text = g_bytes_get_data (body, &len);

  if (len > 0 && !cvm_tapper_page_is_missing (text, len))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "the server has nothing of report %" G_GUINT64_FORMAT, id);

  return FALSE;
}

/**
 * cvm_tapper_browse_tap:
 *
 * Returns: the report as it was sent: TAP, or an archive of TAP (cvm_tapper_is_archive())
 */
GBytes *
cvm_tapper_browse_tap (CvmTapperBrowse  *self,
                       guint64           id,
                       gint64            deadline_us,
                       GCancellable     *cancellable,
                       GError          **error)
{
  g_autofree char *name = g_strdup_printf ("%" G_GUINT64_FORMAT ".tap", id);
  g_autofree char *path = g_strdup_printf ("/reports/tap/%" G_GUINT64_FORMAT, id);
  CvmTapperWebInfo info;
  g_autoptr(GBytes) tap = cvm_tapper_cache_get (self->server, name, NULL);

  if (tap != NULL)
    return g_steal_pointer (&tap);

  if (!need_web (self, "a report's TAP", error))
    return NULL;

  tap = cvm_tapper_web_get (self->server->web, path, CVM_TAPPER_TAP_MAX, &info, deadline_us,
                            cancellable, error);
  if (tap == NULL || !check_found (tap, id, error))
    return NULL;

  if (info.is_text)
    tap = cvm_tapper_bytes_mend (g_steal_pointer (&tap));
  if (info.is_whole)
    cvm_tapper_cache_put (self->server, name, tap);

  return g_steal_pointer (&tap);
}

/**
 * cvm_tapper_is_archive:
 *
 * Returns: whether what cvm_tapper_browse_tap() gave is a TAP archive
 */
gboolean
cvm_tapper_is_archive (GBytes *tap)
{
  gsize len;
  const char *bytes = g_bytes_get_data (tap, &len);

  return cvm_tap_archive_detect (bytes, MIN (len, 512));
}

/* Would the API's download, to which NAME is a pattern of SQL, find FILE's name too? */
static gboolean
is_like (const char *name,
         const char *file)
{
  for (; *name != '\0' && *file != '\0'; name++, file++)
    {
      if (*name != '_' && g_ascii_tolower (*name) != g_ascii_tolower (*file))
        return FALSE;
    }

  return *name == *file;
}

/* Among the files that the API finds by that name, which one is it? FALSE where that is unsure. */
static gboolean
find_index (GPtrArray           *files,
            const CvmTapperFile *file,
            guint               *index)
{
  *index = 0;
  if (strchr (file->name, '%') != NULL || strchr (file->name, '\\') != NULL ||
      !cvm_tapper_api_is_name (file->name))
    return FALSE;

  for (guint i = 0; i < files->len; i++)
    {
      const CvmTapperFile *other = files->pdata[i];

      if (g_str_equal (file->name, other->name))
        *index += other->id < file->id ? 1 : 0;
      else if (is_like (file->name, other->name))
        return FALSE;
    }

  return TRUE;
}

/* To the byte, whatever its type and size */
static gboolean
save_by_api (CvmTapperBrowse        *self,
             const CvmTapperReport  *report,
             guint                   index,
             const char             *name,
             GOutputStream          *out,
             gboolean               *is_begun,
             gint64                  deadline_us,
             GCancellable           *cancellable,
             GError                **error)
{
  int left_ms = cvm_deadline_left_ms (deadline_us);
  guint64 len = 0;
  gboolean is_done = cvm_tapper_api_download (self->server, report->id, name, index, out,
                                              CVM_TAPPER_FILE_MAX, &len, NULL,
                                              left_ms < 0 ? G_MAXINT : (guint)left_ms, cancellable,
                                              error);

  *is_begun = !is_done || len > 0;   /* a file that is empty is never stored */

  return is_done;
}

/* What comes as text may have been encoded twice. A large text is taken as it comes. */
static gboolean
save_by_web (CvmTapperBrowse      *self,
             const CvmTapperFile  *file,
             GOutputStream        *out,
             gint64                deadline_us,
             GCancellable         *cancellable,
             GError              **error)
{
  g_autofree char *path = g_strdup_printf ("/reportfile/id/%" G_GUINT64_FORMAT, file->id);
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) local = NULL;
  CvmTapperWebInfo info;
  gsize len;
  const char *bytes;

  body = cvm_tapper_web_get (self->server->web, path, MEND_MAX, &info, deadline_us, cancellable,
                             &local);
  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE))
    return cvm_tapper_web_save (self->server->web, path, out, CVM_TAPPER_FILE_MAX, NULL,
                                deadline_us, cancellable, error);

  if (body == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  bytes = g_bytes_get_data (body, &len);
  if (cvm_tapper_page_is_missing (bytes, len))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "the server has no file %"
                   G_GUINT64_FORMAT " any more", file->id);
      return FALSE;
    }

  if (info.is_text)
    body = cvm_tapper_bytes_mend (g_steal_pointer (&body));
  bytes = g_bytes_get_data (body, &len);

  return g_output_stream_write_all (out, bytes, len, NULL, cancellable, error);
}

/**
 * cvm_tapper_browse_save:
 * @report: of cvm_tapper_browse_show()
 * @file: one of its files
 * @out: where the bytes go; what an error leaves there is no file
 */
gboolean
cvm_tapper_browse_save (CvmTapperBrowse        *self,
                        const CvmTapperReport  *report,
                        const CvmTapperFile    *file,
                        GOutputStream          *out,
                        gint64                  deadline_us,
                        GCancellable           *cancellable,
                        GError                **error)
{
  gboolean is_begun = FALSE;
  guint index;

  if (self->server->api_host != NULL && find_index (report->files, file, &index))
    {
      g_autoptr(GError) local = NULL;
      gboolean is_done = save_by_api (self, report, index, file->name, out, &is_begun, deadline_us,
                                      cancellable, &local);

      if (is_begun && !g_error_matches (local, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_UNREACHABLE))
        {
          if (local != NULL)
            g_propagate_error (error, g_steal_pointer (&local));
          return is_done;
        }
    }

  return need_web (self, "a report's files", error) &&
         save_by_web (self, file, out, deadline_us, cancellable, error);
}

/* What a report is --------------------------------------------------------------------------- */

static CvmTapperReport *
show_by_api (CvmTapperBrowse  *self,
             guint64           id,
             gint64            deadline_us,
             GCancellable     *cancellable,
             GError          **error)
{
  g_autoptr(GBytes) answer = cvm_tapper_api_reports (self->server, &id, 1, CVM_TAPPER_JSON_MAX,
                                                     deadline_us, cancellable, error);
  g_autoptr(GPtrArray) reports = NULL;
  gsize len;
  const char *text = answer != NULL ? g_bytes_get_data (answer, &len) : NULL;

  if (text != NULL)
    reports = cvm_tapper_json_read (text, len, error);
  if (reports == NULL)
    return NULL;

  for (guint i = 0; i < reports->len; i++)
    {
      if (((CvmTapperReport *)reports->pdata[i])->id == id)
        return g_steal_pointer (&reports->pdata[i]);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "the server %s has no report %" G_GUINT64_FORMAT ", or has not parsed it",
               cvm_tapper_server_get_label (self->server), id);

  return NULL;
}

static CvmTapperReport *
show_by_web (CvmTapperBrowse  *self,
             guint64           id,
             gint64            deadline_us,
             GCancellable     *cancellable,
             GError          **error)
{
  g_autofree char *path = g_strdup_printf ("/reports/id/%" G_GUINT64_FORMAT, id);
  g_autoptr(GBytes) body = cvm_tapper_web_get (self->server->web, path, CVM_TAPPER_PAGE_MAX, NULL,
                                               deadline_us, cancellable, error);
  gsize len;
  const char *text = body != NULL ? g_bytes_get_data (body, &len) : NULL;

  return body != NULL ? cvm_tapper_report_page_read (id, text, len, error) : NULL;
}

static gboolean
count_tap (GBytes           *tap,
           CvmTapperNumbers *numbers,
           GCancellable     *cancellable)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("cvmtester-XXXXXX.tap", &path, NULL);
  g_autoptr(GOutputStream) out = fd >= 0 ? g_unix_output_stream_new (fd, TRUE) : NULL;
  gsize len;
  const char *bytes = g_bytes_get_data (tap, &len);
  gboolean is_counted = fd >= 0 &&
                        g_output_stream_write_all (out, bytes, len, NULL, cancellable, NULL) &&
                        cvm_tapper_count (path, numbers, cancellable, NULL);

  if (path != NULL)
    g_unlink (path);

  return is_counted;
}

/* A page tells no numbers; the report's TAP does, by our own reader, which counts as a server. */
static void
add_numbers (CvmTapperBrowse *self,
             CvmTapperReport *report,
             gint64           deadline_us,
             GCancellable    *cancellable)
{
  g_autoptr(GBytes) tap = cvm_tapper_browse_tap (self, report->id, deadline_us, cancellable, NULL);
  CvmTapperNumbers numbers;

  if (tap == NULL || cvm_tapper_is_archive (tap) || !count_tap (tap, &numbers, cancellable))
    return;

  report->total = (int)MIN (numbers.total, G_MAXINT);
  report->passed = (int)MIN (numbers.passed, G_MAXINT);
  report->failed = (int)MIN (numbers.failed, G_MAXINT);
  report->skipped = (int)MIN (numbers.skipped, G_MAXINT);
  report->todo = (int)MIN (numbers.todo, G_MAXINT);
  report->todo_passed = (int)MIN (numbers.todo_passed, G_MAXINT);
  report->parse_errors = (int)MIN (numbers.parse_errors, G_MAXINT);
}

typedef struct
{
  guint64          id;
  CvmTapperReport *report;
} Show;

/* The API knows the numbers, and the page the files: both are wanted, and one is enough. */
static gboolean
try_show (CvmTapperBrowse  *self,
          CvmTapperWay      way,
          gpointer          data,
          gint64            deadline_us,
          GCancellable     *cancellable,
          GError          **error)
{
  Show *show = data;
  g_autoptr(CvmTapperReport) page = NULL;

  if (way == CVM_TAPPER_WAY_WEB)
    {
      show->report = show_by_web (self, show->id, deadline_us, cancellable, error);
      if (show->report != NULL)
        add_numbers (self, show->report, deadline_us, cancellable);
      return show->report != NULL;
    }

  show->report = show_by_api (self, show->id, deadline_us, cancellable, error);
  if (show->report == NULL)
    return FALSE;

  if (self->server->web != NULL)
    page = show_by_web (self, show->id, deadline_us, cancellable, NULL);
  if (page != NULL)
    cvm_tapper_report_merge (show->report, page);

  return TRUE;
}

/* The cache has what the API would have said, and the files. */
static void
keep_report (CvmTapperBrowse *self,
             CvmTapperReport *report)
{
  g_autofree char *name = g_strdup_printf ("%" G_GUINT64_FORMAT ".json", report->id);
  gint64 age_us = g_get_real_time () - report->created_us;
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (report->grade == NULL || *report->grade == '\0' || report->files == NULL ||
      report->created_us == 0 || age_us < SETTLED_US)
    return;

  text = cvm_tapper_json_write ((const CvmTapperReport *[]){ report }, 1);
  bytes = g_bytes_new (text, strlen (text));
  cvm_tapper_cache_put (self->server, name, bytes);
}

static CvmTapperReport *
find_kept (CvmTapperBrowse *self,
           guint64          id)
{
  g_autofree char *name = g_strdup_printf ("%" G_GUINT64_FORMAT ".json", id);
  g_autoptr(GBytes) bytes = cvm_tapper_cache_get (self->server, name, NULL);
  g_autoptr(GPtrArray) reports = NULL;
  gsize len;
  const char *text = bytes != NULL ? g_bytes_get_data (bytes, &len) : NULL;

  if (text != NULL)
    reports = cvm_tapper_json_read (text, len, NULL);

  return reports != NULL && reports->len == 1 && ((CvmTapperReport *)reports->pdata[0])->id == id
         ? g_steal_pointer (&reports->pdata[0]) : NULL;
}

/**
 * cvm_tapper_browse_show:
 *
 * Returns: what the server knows of the report. Fails with %G_IO_ERROR_NOT_FOUND when it has none
 *   of that number or has not parsed it yet.
 */
CvmTapperReport *
cvm_tapper_browse_show (CvmTapperBrowse  *self,
                        guint64           id,
                        gint64            deadline_us,
                        GCancellable     *cancellable,
                        GError          **error)
{
  Show show = { .id = id, .report = find_kept (self, id) };

  if (show.report != NULL)
    return show.report;

  if (!cvm_tapper_ways_try (self, CVM_TAPPER_WAY_WEB, try_show, &show, deadline_us, cancellable,
                            error))
    return NULL;

  keep_report (self, show.report);

  return show.report;
}

/* For a window ------------------------------------------------------------------------------- */

typedef struct
{
  CvmTapperBrowse *browse;
  guint64          id;
  gint64           deadline_us;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  cvm_tapper_browse_free (self->browse);
  g_free (self);
}

static void
show_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Wanted *wanted = data;
  GError *error = NULL;
  CvmTapperReport *report = cvm_tapper_browse_show (wanted->browse, wanted->id,
                                                    wanted->deadline_us, cancellable, &error);

  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify)cvm_tapper_report_free);
  else
    g_task_return_error (task, error);
}

/**
 * cvm_tapper_browse_show_async:
 *
 * The same as cvm_tapper_browse_show() in a thread, which keeps @self alive.
 */
void
cvm_tapper_browse_show_async (CvmTapperBrowse     *self,
                              guint64              id,
                              gint64               deadline_us,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Wanted *wanted = g_new0 (Wanted, 1);

  *wanted = (Wanted) { cvm_tapper_browse_ref (self), id, deadline_us };
  g_task_set_source_tag (task, cvm_tapper_browse_show_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, show_in_thread);
}

CvmTapperReport *
cvm_tapper_browse_show_finish (GAsyncResult  *result,
                               GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
