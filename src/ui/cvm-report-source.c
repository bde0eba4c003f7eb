/* cvm-report-source.c: where the rows of the place of the reports come from, a page at a time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-source.h"

#include <string.h>

#include "cvm-submission.h"
#include "cvm-tapper-browse.h"
#include "cvm-tapper-cache.h"
#include "cvm-tapper-json.h"
#include "cvm-wait.h"

#define ROWS   200      /* of a page */
#define ASK_MS 60000    /* for a server to answer */
#define DAY_US (G_USEC_PER_SEC * G_GINT64_CONSTANT (86400))

/* Its threads use it one after the other: only one page is asked for at a time */
struct _CvmReportSource
{
  GObject          parent_instance;

  CvmReportFilter  filter;
  CvmHistory      *history;      /* of mine; NULL: a server's */
  gint64           before_us;    /* what follows of the history */
  char            *before_dir;
  char            *name;         /* of the server; NULL: the default */
  CvmTapperServer *server;       /* found by a thread; or NULL */
  CvmTapperList   *list;         /* made by a thread; or NULL */
  guint            n_pages;
};

G_DEFINE_FINAL_TYPE (CvmReportSource, cvm_report_source, G_TYPE_OBJECT)

void
cvm_report_page_free (CvmReportPage *self)
{
  g_ptr_array_unref (self->items);
  g_free (self->server);
  g_free (self);
}

static CvmReportPage *
page_new (void)
{
  CvmReportPage *page = g_new0 (CvmReportPage, 1);

  page->items = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_report_item_free);

  return page;
}

static gint64
since_us (const CvmReportSource *self)
{
  return self->filter.days > 0 ? g_get_real_time () - self->filter.days * DAY_US : 0;
}

/* Mine, in a thread -------------------------------------------------------------------------- */

static gboolean
has_filter (const CvmReportFilter *filter)
{
  return filter->suite != NULL || filter->machine != NULL || filter->is_passed >= 0;
}

/* What waits is not filtered by what a server would call it: it is few, and wants to be seen */
static void
add_waiting (CvmReportPage *page,
             GPtrArray     *waiting)
{
  for (guint i = 0; i < waiting->len; i++)
    g_ptr_array_add (page->items, cvm_report_item_new_waiting (waiting->pdata[i]));
}

static void
add_runs (CvmReportPage *page,
          GPtrArray     *runs,
          GPtrArray     *waiting)
{
  for (guint i = 0; i < runs->len; i++)
    {
      const CvmHistoryRun *run = runs->pdata[i];
      g_autoptr(CvmSubmission) submission = cvm_submission_read (run->dir, waiting);
      gboolean is_waiting = submission->state == CVM_SUBMISSION_WAITING
                            || submission->state == CVM_SUBMISSION_ASKED;

      if (run->state != CVM_HISTORY_RUNNING && !is_waiting)
        g_ptr_array_add (page->items, cvm_report_item_new_run (run, submission));
    }
}

static void
go_on_behind (CvmReportSource     *self,
              const CvmHistoryRun *last)
{
  self->before_us = last->begun_us;
  g_free (self->before_dir);
  self->before_dir = g_strdup (last->dir);
}

static CvmReportPage *
read_mine (CvmReportSource  *self,
           GCancellable     *cancellable,
           GError          **error)
{
  const CvmHistoryQuery query = {
    .suite = self->filter.suite,
    .image = self->filter.machine,
    .state = self->filter.is_passed < 0 ? CVM_HISTORY_ANY
             : self->filter.is_passed > 0 ? CVM_HISTORY_PASSED : CVM_HISTORY_FAILED,
    .since_us = since_us (self),
    .before_us = self->before_us,
    .before_dir = self->before_dir,
  };
  g_autoptr(GPtrArray) waiting = cvm_submission_list_waiting ();
  g_autoptr(GPtrArray) runs = NULL;
  CvmReportPage *page;

  /* The index may be behind the folders: a first look brings it up to them */
  if (self->n_pages == 0 && !cvm_history_sync (self->history, NULL, cancellable, NULL) &&
      g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  runs = cvm_history_list (self->history, &query, ROWS, cancellable, error);
  if (runs == NULL)
    return NULL;

  page = page_new ();
  if (self->n_pages == 0 && !has_filter (&self->filter))
    add_waiting (page, waiting);
  add_runs (page, runs, waiting);
  page->is_over = runs->len < ROWS;
  if (runs->len > 0)
    go_on_behind (self, runs->pdata[runs->len - 1]);

  return page;
}

/* A server's, in a thread -------------------------------------------------------------------- */

/* Of the first page with this filter: a name in the cache */
static char *
kept_name (const CvmReportSource *self)
{
  g_autofree char *days = g_strdup_printf ("%u %d", self->filter.days, self->filter.is_passed);
  g_autofree char *wanted = g_strjoin ("\n", days,
                                       self->filter.suite != NULL ? self->filter.suite : "",
                                       self->filter.machine != NULL ? self->filter.machine : "",
                                       NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, wanted, -1);

  return g_strdup_printf ("list-%.16s.json", sum);
}

static gboolean
find_server (CvmReportSource  *self,
             GError          **error)
{
  if (self->server == NULL)
    self->server = cvm_tapper_servers_find (self->name, error);

  return self->server != NULL;
}

static void
make_list (CvmReportSource *self)
{
  g_autoptr(CvmTapperBrowse) browse = cvm_tapper_browse_new (self->server);
  const CvmTapperFilter filter = {
    .from_us = since_us (self),
    .suite = self->filter.suite,
    .machine = self->filter.machine,
    .grade = self->filter.is_passed < 0 ? NULL : self->filter.is_passed > 0 ? (char *)"PASS"
                                                                           : (char *)"FAIL",
  };

  self->list = cvm_tapper_list_new (browse, &filter);
}

static CvmReportPage *
page_of_reports (const CvmReportSource *self,
                 GPtrArray             *reports)
{
  CvmReportPage *page = page_new ();

  page->server = g_strdup (cvm_tapper_server_get_label (self->server));
  for (guint i = 0; i < reports->len; i++)
    g_ptr_array_add (page->items, cvm_report_item_new_server (reports->pdata[i], self->server));

  return page;
}

static void
keep (const CvmReportSource *self,
      GPtrArray             *reports)
{
  g_autofree char *name = kept_name (self);
  char *text = cvm_tapper_json_write ((const CvmTapperReport *const *)reports->pdata,
                                      reports->len);
  g_autoptr(GBytes) bytes = g_bytes_new_take (text, strlen (text));

  cvm_tapper_cache_put (self->server, name, bytes);
}

static CvmReportPage *
read_server (CvmReportSource  *self,
             GCancellable     *cancellable,
             GError          **error)
{
  g_autoptr(GPtrArray) reports = NULL;
  CvmReportPage *page;

  if (!find_server (self, error))
    return NULL;

  if (self->list == NULL)
    make_list (self);
  reports = cvm_tapper_list_next (self->list, ROWS, cvm_deadline_in_ms (ASK_MS), cancellable,
                                  error);
  if (reports == NULL)
    return NULL;

  if (self->n_pages == 0)
    keep (self, reports);
  page = page_of_reports (self, reports);
  page->is_over = reports->len < ROWS;

  return page;
}

static CvmReportPage *
read_kept (CvmReportSource *self)
{
  g_autofree char *name = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GPtrArray) reports = NULL;
  gint64 stored_us = 0;
  const char *text;
  gsize len;
  CvmReportPage *page;

  if (self->history != NULL || !find_server (self, NULL))
    return NULL;

  name = kept_name (self);
  bytes = cvm_tapper_cache_get (self->server, name, &stored_us);
  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &len);
  reports = cvm_tapper_json_read (text, len, NULL);
  if (reports == NULL)
    return NULL;

  page = page_of_reports (self, reports);
  page->as_of_us = stored_us;

  return page;
}

/* ------------------------------------------------------------------------------------------- */

static void
kept_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  g_task_return_pointer (task, read_kept (source), (GDestroyNotify)cvm_report_page_free);
}

static void
next_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  CvmReportSource *self = source;
  GError *error = NULL;
  CvmReportPage *page = self->history != NULL ? read_mine (self, cancellable, &error)
                                              : read_server (self, cancellable, &error);

  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->n_pages++;
  g_task_return_pointer (task, page, (GDestroyNotify)cvm_report_page_free);
}

static void
cvm_report_source_finalize (GObject *object)
{
  CvmReportSource *self = CVM_REPORT_SOURCE (object);

  g_free (self->filter.suite);
  g_free (self->filter.machine);
  g_clear_object (&self->history);
  g_free (self->before_dir);
  g_free (self->name);
  g_clear_pointer (&self->server, cvm_tapper_server_free);
  g_clear_pointer (&self->list, cvm_tapper_list_free);

  G_OBJECT_CLASS (cvm_report_source_parent_class)->finalize (object);
}

static void
cvm_report_source_class_init (CvmReportSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_report_source_finalize;
}

static void
cvm_report_source_init (CvmReportSource *self)
{
}

static CvmReportSource *
source_new (const CvmReportFilter *filter)
{
  CvmReportSource *self = g_object_new (CVM_TYPE_REPORT_SOURCE, NULL);

  self->filter = *filter;
  self->filter.suite = g_strdup (filter->suite);
  self->filter.machine = g_strdup (filter->machine);

  return self;
}

CvmReportSource *
cvm_report_source_new_mine (CvmHistory            *history,
                            const CvmReportFilter *filter)
{
  CvmReportSource *self = source_new (filter);

  self->history = g_object_ref (history);

  return self;
}

CvmReportSource *
cvm_report_source_new_server (const char            *server,
                              const CvmReportFilter *filter)
{
  CvmReportSource *self = source_new (filter);

  self->name = g_strdup (server);

  return self;
}

static void
run (CvmReportSource     *self,
     GTaskThreadFunc      work,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);   /* the source says whether a page was read */
  g_task_run_in_thread (task, work);
}

void
cvm_report_source_kept_async (CvmReportSource     *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  run (self, kept_in_thread, cancellable, callback, user_data);
}

void
cvm_report_source_next_async (CvmReportSource     *self,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  run (self, next_in_thread, cancellable, callback, user_data);
}

CvmReportPage *
cvm_report_source_finish (CvmReportSource  *self,
                          GAsyncResult     *result,
                          GError          **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
