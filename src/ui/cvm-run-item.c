/* cvm-run-item.c: a run in the list of runs, as its row shows it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-item.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-host-titles.h"
#include "cvm-progress.h"

struct _CvmRunItem
{
  GObject        parent_instance;

  CvmRunSummary  summary;
  char          *suite, *hypervisor, *host_uri;   /* of one job, whose host may be named anew */
  char          *plan;      /* the title of a live run's plan, until its first job begins */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmRunItem, cvm_run_item, G_TYPE_OBJECT)

static void
cvm_run_item_finalize (GObject *object)
{
  CvmRunItem *self = CVM_RUN_ITEM (object);

  g_free (self->summary.dir);
  g_free (self->summary.title);
  g_free (self->summary.about);
  g_free (self->summary.outcome);
  g_free (self->summary.strip);
  g_free (self->suite);
  g_free (self->hypervisor);
  g_free (self->host_uri);
  g_free (self->plan);

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

/* "Boot and log in · kvm on Lab, third rack" */
static char *
describe_job (const char *suite,
              const char *hypervisor,
              const char *uri)
{
  gboolean has_hypervisor = hypervisor != NULL && *hypervisor != '\0';
  g_autofree char *host = has_hypervisor ? cvm_host_titles_place (hypervisor, uri)
                          : uri != NULL ? cvm_host_titles_get (uri) : g_strdup ("");
  g_autofree char *about = g_strdup_printf ("%s · %s", suite != NULL ? suite : "", host);

  return cvm_format_line (about);
}

/* What one looks for first: the image, of one job */
static char *
describe_title (const CvmHistoryRun *run)
{
  const char *title = run->n_jobs == 1 && run->image != NULL ? run->image : run->title;
  g_autofree char *folder = g_path_get_basename (run->dir);

  return cvm_format_line (title != NULL ? title : folder);
}

static char *
describe_about (const CvmHistoryRun *run)
{
  g_autofree char *jobs = NULL;
  g_autofree char *about = NULL;

  if (run->problem != NULL)
    return cvm_format_line (run->problem);
  if (run->n_jobs == 0)
    return g_strdup ("");
  if (run->n_jobs == 1)
    return describe_job (run->suite, run->hypervisor, run->host_uri);

  jobs = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u job", "%u jobs", run->n_jobs),
                          run->n_jobs);
  about = g_strdup_printf ("%s · %s", run->suite != NULL ? run->suite : "", jobs);

  return cvm_format_line (about);
}

static char *
describe_outcome (const CvmHistoryRun *run)
{
  CvmJobResult sum = { .passed = run->passed, .failed = run->failed, .skipped = run->skipped,
                       .cancelled = run->cancelled };
  g_autofree char *counts = cvm_format_counts (&sum);
  g_autofree char *clock = cvm_format_clock (run->took_ms);
  guint ended = run->passed + run->failed + run->skipped;

  switch (run->state)
    {
    case CVM_HISTORY_RUNNING:
      return run->planned > 0 ? g_strdup_printf (_("%u of %u · %s"), ended, run->planned, clock)
                              : g_strdup (_("running"));

    case CVM_HISTORY_DEAD:
      return g_strdup (_("interrupted"));

    case CVM_HISTORY_UNREADABLE:
      return g_strdup (_("cannot be read"));

    case CVM_HISTORY_CANCELLED:
      /* Translators: the run was stopped; then its counts and its time */
      return g_strdup_printf (_("stopped · %s · %s"), counts, clock);

    case CVM_HISTORY_ANY:
    case CVM_HISTORY_PASSED:
    case CVM_HISTORY_FAILED:
    case CVM_HISTORY_ERROR:
    default:
      return g_strdup_printf ("%s · %s", counts, clock);
    }
}

static CvmPointState
get_state (CvmHistoryState state)
{
  switch (state)
    {
    case CVM_HISTORY_PASSED:
      return CVM_POINT_STATE_PASSED;

    case CVM_HISTORY_RUNNING:
      return CVM_POINT_STATE_RUNNING;

    case CVM_HISTORY_CANCELLED:
    case CVM_HISTORY_DEAD:
      return CVM_POINT_STATE_CANCELLED;

    case CVM_HISTORY_ANY:
    case CVM_HISTORY_FAILED:
    case CVM_HISTORY_ERROR:
    case CVM_HISTORY_UNREADABLE:
    default:
      return CVM_POINT_STATE_FAILED;
    }
}

static void
take_text (char **place,
           char  *text)
{
  g_free (*place);
  *place = text;
}

static void
describe (CvmRunItem          *self,
          const CvmHistoryRun *run)
{
  CvmRunSummary *summary = &self->summary;
  guint ended = run->passed + run->failed + run->skipped;
  gboolean is_job = run->n_jobs == 1 && run->problem == NULL;

  take_text (&self->suite, is_job ? g_strdup (run->suite) : NULL);
  take_text (&self->hypervisor, is_job ? g_strdup (run->hypervisor) : NULL);
  take_text (&self->host_uri, is_job ? g_strdup (run->host_uri) : NULL);
  take_text (&summary->title, describe_title (run));
  take_text (&summary->about, describe_about (run));
  take_text (&summary->outcome, describe_outcome (run));
  summary->state = get_state (run->state);
  summary->fraction = run->planned > 0 ? MIN ((double)ended / run->planned, 1) : 0;
  summary->begun_us = run->begun_us;
  summary->is_on = run->state == CVM_HISTORY_RUNNING;
  summary->is_dead = run->state == CVM_HISTORY_DEAD;
}

CvmRunItem *
cvm_run_item_new_past (const CvmHistoryRun *run)
{
  CvmRunItem *self = g_object_new (CVM_TYPE_RUN_ITEM, NULL);

  self->summary.dir = g_strdup (run->dir);
  self->summary.strip = g_strdup (run->strip);
  describe (self, run);

  return self;
}

void
cvm_run_item_tell_names (CvmRunItem *self)
{
  g_autofree char *about = NULL;

  if (self->host_uri == NULL)
    return;

  about = describe_job (self->suite, self->hypervisor, self->host_uri);
  if (g_str_equal (about, self->summary.about))
    return;

  take_text (&self->summary.about, g_steal_pointer (&about));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Live runs ------------------------------------------------------------------------------- */

static CvmHistoryState
get_history_state (CvmResult *result)
{
  return cvm_result_is_ended (result) ? cvm_history_state_of (cvm_result_get_status (result))
                                      : CVM_HISTORY_RUNNING;
}

static void
add_up (CvmHistoryRun *run,
        CvmResult     *result,
        CvmPlan       *plan)
{
  CvmJobResult sum;
  gint64 ended_us;

  cvm_progress_sum (result, plan, &sum);
  run->n_jobs = cvm_result_n_jobs (result);
  run->passed = sum.passed;
  run->failed = sum.failed;
  run->cancelled = sum.cancelled;
  run->skipped = sum.skipped;
  run->planned = sum.planned;
  run->begun_us = sum.begun_us;

  ended_us = sum.ended_us > 0 ? sum.ended_us : g_get_real_time ();
  if (run->begun_us > 0)
    run->took_ms = MAX (ended_us - run->begun_us, 0) / 1000;
}

static void
follow (CvmRunItem *self,
        CvmRun     *live)
{
  CvmResult *result = cvm_run_get_result (live);
  const CvmJobResult *job = cvm_result_n_jobs (result) > 0 ? cvm_result_job (result, 0) : NULL;
  const char *title = cvm_result_get_title (result);
  CvmHistoryRun run = {
    .dir = self->summary.dir,
    .title = title != NULL ? (char *)title : self->plan,
    .image = job != NULL ? job->image : NULL,
    .suite = job != NULL ? job->suite : NULL,
    .host_uri = job != NULL ? job->host_uri : NULL,
    .state = get_history_state (result),
  };

  add_up (&run, result, cvm_run_get_plan (live));
  if (run.begun_us == 0)
    run.begun_us = self->summary.begun_us;
  describe (self, &run);
  self->summary.is_live = run.state == CVM_HISTORY_RUNNING;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_records (CvmRunItem *self,
            gpointer    records,
            CvmRun     *run)
{
  follow (self, run);
}

static void
on_finished (CvmRunItem *self,
             CvmRun     *run)
{
  follow (self, run);
  g_signal_handlers_disconnect_by_data (run, self);
}

CvmRunItem *
cvm_run_item_new_live (CvmRun *run)
{
  CvmRunItem *self = g_object_new (CVM_TYPE_RUN_ITEM, NULL);

  self->summary.dir = g_strdup (cvm_run_get_dir (run));
  self->summary.strip = g_strdup ("");
  self->summary.begun_us = g_get_real_time ();
  self->plan = cvm_plan_dup_title (cvm_run_get_plan (run));
  g_signal_connect_object (run, "records", G_CALLBACK (on_records), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "finished", G_CALLBACK (on_finished), self, G_CONNECT_SWAPPED);
  follow (self, run);

  return self;
}

const CvmRunSummary *
cvm_run_item_get_summary (CvmRunItem *self)
{
  return &self->summary;
}
