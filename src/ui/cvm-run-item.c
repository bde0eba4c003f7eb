/* cvm-run-item.c: a run in the list of runs: little enough to keep a hundred
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-item.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "cvm-format.h"
#include "cvm-run-folder.h"

#define MAX_RUNS 100

struct _CvmRunItem
{
  GObject        parent_instance;

  CvmRunSummary  summary;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmRunItem, cvm_run_item, G_TYPE_OBJECT)

static void
cvm_run_item_finalize (GObject *object)
{
  CvmRunSummary *summary = &CVM_RUN_ITEM (object)->summary;

  g_free (summary->dir);
  g_free (summary->title);
  g_free (summary->about);
  g_free (summary->outcome);
  g_free (summary->key);

  G_OBJECT_CLASS (cvm_run_item_parent_class)->finalize (object);
}

static void
cvm_run_item_class_init (CvmRunItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_run_item_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_RUN_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
cvm_run_item_init (CvmRunItem *self)
{
}

CvmRunItem *
cvm_run_item_new (const char *dir)
{
  CvmRunItem *self = g_object_new (CVM_TYPE_RUN_ITEM, NULL);
  CvmRunSummary *summary = &self->summary;

  summary->dir = g_strdup (dir);
  summary->title = g_path_get_basename (dir);
  summary->about = g_strdup ("");
  summary->outcome = g_strdup ("");
  summary->key = g_strdup ("");
  summary->state = CVM_POINT_STATE_RUNNING;
  summary->begun_us = g_get_real_time ();

  return self;
}

static void
set_text (char       **place,
          const char  *text)
{
  g_autofree char *line = cvm_format_line (text != NULL ? text : "");

  g_free (*place);
  *place = g_steal_pointer (&line);
}

static char *
describe_host (const char *uri)
{
  if (uri == NULL || g_strrstr (uri, ":///") != NULL)
    return g_strdup (_("this computer"));

  return g_strdup (uri);
}

static void
describe_jobs (CvmRunSummary *summary,
               CvmResult     *result)
{
  const CvmJobResult *job = cvm_result_job (result, 0);
  g_autofree char *host = describe_host (job->host_uri);
  g_autofree char *about = g_strdup_printf ("%s · %s", job->suite != NULL ? job->suite : "", host);
  guint n_jobs = cvm_result_n_jobs (result);
  g_autofree char *jobs = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u job", "%u jobs",
                                                        n_jobs), n_jobs);

  set_text (&summary->title, n_jobs == 1 && job->image != NULL ? job->image
                                                               : cvm_result_get_title (result));
  set_text (&summary->about, n_jobs == 1 ? about : jobs);
}

static void
describe_outcome (CvmRunSummary *summary,
                  CvmResult     *result)
{
  CvmJobResult sum = { .begun_us = G_MAXINT64 };
  g_autofree char *counts = NULL;
  g_autofree char *clock = NULL;

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      sum.passed += job->passed;
      sum.failed += job->failed;
      sum.skipped += job->skipped;
      sum.planned += job->planned;
      sum.ended_us = MAX (sum.ended_us, job->ended_us);
      sum.begun_us = MIN (sum.begun_us, job->begun_us);
    }

  summary->begun_us = sum.begun_us;

  if (!cvm_result_is_ended (result))
    {
      g_free (summary->outcome);
      summary->outcome = g_strdup_printf (_("%u of %u"), sum.passed + sum.failed + sum.skipped,
                                          sum.planned);
      return;
    }

  summary->took_ms = MAX (sum.ended_us - summary->begun_us, 0) / 1000;
  counts = cvm_format_counts (&sum);
  clock = cvm_format_clock (summary->took_ms);
  g_free (summary->outcome);
  summary->outcome = g_strdup_printf ("%s · %s", counts, clock);
}

void
cvm_run_item_update (CvmRunItem *self,
                     CvmResult  *result)
{
  CvmRunSummary *summary = &self->summary;

  set_text (&summary->key, cvm_result_get_title (result));
  set_text (&summary->title, cvm_result_get_title (result));
  if (cvm_result_n_jobs (result) > 0)
    {
      describe_jobs (summary, result);
      describe_outcome (summary, result);
    }
  if (cvm_result_is_ended (result))
    summary->state = cvm_point_state_of_status (cvm_result_get_status (result));

  g_signal_emit (self, signals[CHANGED], 0);
}

const CvmRunSummary *
cvm_run_item_get_summary (CvmRunItem *self)
{
  return &self->summary;
}

/* It has no end: it runs in another program, or its program died */
static void
look_for_life (CvmRunSummary *summary)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_open_dead (summary->dir, &error);
  gboolean is_alive = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);

  summary->is_dead = !is_alive;
  summary->state = is_alive ? CVM_POINT_STATE_RUNNING : CVM_POINT_STATE_CANCELLED;
  set_text (&summary->outcome, is_alive ? _("running") : _("its program died"));
}

static CvmRunItem *
load (const char *dir)
{
  CvmRunItem *self = cvm_run_item_new (dir);
  g_autofree char *path = g_build_filename (dir, "journal.jsonl", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmResult) result = cvm_result_new_from_journal (path, &error);
  GStatBuf about;

  if (g_stat (dir, &about) == 0)
    self->summary.begun_us = about.st_mtime * G_USEC_PER_SEC;
  if (result == NULL)
    {
      self->summary.state = CVM_POINT_STATE_FAILED;
      set_text (&self->summary.about, error->message);
      set_text (&self->summary.outcome, _("cannot be read"));
      return self;
    }

  cvm_run_item_update (self, result);
  if (!cvm_result_is_ended (result))
    look_for_life (&self->summary);

  return self;
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const CvmRunSummary *x = &(*(CvmRunItem *const *)a)->summary;
  const CvmRunSummary *y = &(*(CvmRunItem *const *)b)->summary;

  return x->begun_us < y->begun_us ? 1 : x->begun_us > y->begun_us ? -1 : 0;
}

static void
load_all_in_thread (GTask        *task,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  g_autoptr(GPtrArray) dirs = cvm_run_folder_list ();
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = dirs->len; i > 0 && items->len < MAX_RUNS; i--)
    {
      if (g_cancellable_is_cancelled (cancellable))
        break;
      g_ptr_array_add (items, load (dirs->pdata[i - 1]));
    }

  g_ptr_array_sort (items, compare_newest_first);
  g_task_return_pointer (task, items, (GDestroyNotify)g_ptr_array_unref);
}

void
cvm_run_item_load_all_async (GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_run_item_load_all_async);
  g_task_run_in_thread (task, load_all_in_thread);
}

GPtrArray *
cvm_run_item_load_all_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
