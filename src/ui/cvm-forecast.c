/* cvm-forecast.c: what a choice comes to: jobs, time and memory, from the runs of the past
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-forecast.h"

#include <glib/gi18n.h>

#include "cvm-estimate.h"

#define MIB (1024 * 1024)

struct _CvmForecast
{
  GObject       parent_instance;

  CvmHistory   *history;
  GArray       *jobs;        /* of CvmEstimateJob: one after the other, as they would begin */
  GPtrArray    *uris;        /* of char *, which those borrow */
  guint         parallel;
  guint         n_once;      /* jobs without repetitions: what the history is asked of */
  GPtrArray    *hosts;       /* of char *: URI, title, … */
  GArray       *host_memory; /* of guint64, one a host; 0: not known */
  GCancellable *cancellable;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmForecast, cvm_forecast, G_TYPE_OBJECT)

static void
stop_asking (CvmForecast *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
cvm_forecast_dispose (GObject *object)
{
  CvmForecast *self = CVM_FORECAST (object);

  stop_asking (self);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (cvm_forecast_parent_class)->dispose (object);
}

static void
cvm_forecast_finalize (GObject *object)
{
  CvmForecast *self = CVM_FORECAST (object);

  g_array_unref (self->jobs);
  g_ptr_array_unref (self->uris);
  g_ptr_array_unref (self->hosts);
  g_array_unref (self->host_memory);

  G_OBJECT_CLASS (cvm_forecast_parent_class)->finalize (object);
}

static void
cvm_forecast_class_init (CvmForecastClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_forecast_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_forecast_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_FORECAST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
cvm_forecast_init (CvmForecast *self)
{
  self->jobs = g_array_new (FALSE, TRUE, sizeof (CvmEstimateJob));
  self->uris = g_ptr_array_new_with_free_func (g_free);
  self->hosts = g_ptr_array_new_with_free_func (g_free);
  self->host_memory = g_array_new (FALSE, FALSE, sizeof (guint64));
}

CvmForecast *
cvm_forecast_new (CvmHistory *history)
{
  CvmForecast *self = g_object_new (CVM_TYPE_FORECAST, NULL);

  self->history = g_object_ref (history);

  return self;
}

/* Looking ------------------------------------------------------------------------------------ */

static void
note_host (CvmForecast     *self,
           const CvmColumn *column)
{
  const CvmHostFacts *facts = column->known != NULL ? column->known->facts : NULL;
  guint64 bytes = facts != NULL ? facts->memory_kib * 1024 : 0;

  for (guint i = 0; i < self->hosts->len; i += 2)
    if (g_str_equal (self->hosts->pdata[i], column->uri))
      return;

  g_ptr_array_add (self->hosts, g_strdup (column->uri));
  g_ptr_array_add (self->hosts, g_strdup (column->title));
  g_array_append_val (self->host_memory, bytes);
}

static void
add_job (CvmForecast        *self,
         const CvmMatrixJob *job)
{
  const CvmImage *image = job->image != NULL ? job->image->image : NULL;
  CvmEstimateJob estimate = { 0 };

  g_ptr_array_add (self->uris, g_strdup (job->column->uri));
  estimate.host_uri = self->uris->pdata[self->uris->len - 1];
  estimate.memory = image != NULL ? (guint64)image->memory_mib * MIB : 0;
  g_array_append_val (self->jobs, estimate);
}

static void
take_usual (CvmForecast *self,
            GArray      *usual)
{
  for (guint i = 0; i < self->jobs->len; i++)
    {
      CvmEstimateJob *job = &g_array_index (self->jobs, CvmEstimateJob, i);
      const CvmHistoryUsual *known = &g_array_index (usual, CvmHistoryUsual, i % self->n_once);

      job->ms = known->ms;
      job->n_runs = known->n_runs;
      if (known->memory > 0)
        job->memory = known->memory;
    }
}

static void
on_usual (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmForecast) self = data;
  g_autoptr(GArray) usual = cvm_history_usual_finish (CVM_HISTORY (source), result, NULL);

  /* a later question may be on its way */
  if (usual == NULL || usual->len != self->n_once
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;

  take_usual (self, usual);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ask_history (CvmForecast *self,
             GArray      *jobs)
{
  g_autofree CvmHistoryCell *cells = g_new0 (CvmHistoryCell, jobs->len);

  for (guint i = 0; i < jobs->len; i++)
    {
      const CvmMatrixJob *job = &g_array_index (jobs, CvmMatrixJob, i);

      cells[i].image = job->image != NULL ? job->image->image->name : NULL;
      cells[i].suite = cvm_suite_get_name (job->suite->option->suite);
      cells[i].host_uri = job->column->uri;
      cells[i].hypervisor = job->column->hypervisor;
    }
  self->cancellable = g_cancellable_new ();
  cvm_history_usual_async (self->history, cells, jobs->len, self->cancellable, on_usual,
                           g_object_ref (self));
}

void
cvm_forecast_look (CvmForecast *self,
                   CvmMatrix   *matrix,
                   guint        repeat,
                   guint        parallel)
{
  g_autoptr(GArray) jobs = cvm_matrix_list_jobs (matrix);

  stop_asking (self);
  g_array_set_size (self->jobs, 0);
  g_ptr_array_set_size (self->uris, 0);
  g_ptr_array_set_size (self->hosts, 0);
  g_array_set_size (self->host_memory, 0);
  self->parallel = MAX (parallel, 1);
  self->n_once = jobs->len;
  for (guint i = 0; i < jobs->len * MAX (repeat, 1); i++)
    {
      const CvmMatrixJob *job = &g_array_index (jobs, CvmMatrixJob, i % jobs->len);

      add_job (self, job);
      note_host (self, job->column);
    }

  if (jobs->len > 0)
    ask_history (self, jobs);
}

/* Memory is talked of in whole MiB, and in halves of GiB */
static char *
format_memory (guint64 bytes)
{
  guint64 mib = (bytes + MIB - 1) / MIB;
  double gib = (double)mib / 1024;

  if (mib < 1024)
    return g_strdup_printf (_("%u MiB"), (guint)mib);

  return mib % 1024 == 0 ? g_strdup_printf (_("%.0f GiB"), gib) : g_strdup_printf (_("%.1f GiB"), gib);
}

/* Telling ------------------------------------------------------------------------------------ */

static char *
format_time (const CvmEstimate *estimate)
{
  guint seconds = (guint)((estimate->ms + 999) / 1000);
  guint minutes = (seconds + 59) / 60;
  g_autofree char *time = NULL;
  g_autofree char *from = NULL;

  if (estimate->ms == 0)
    return g_strdup (_("not run before"));

  time = seconds < 60 ? g_strdup_printf (_("%u s"), seconds) : g_strdup_printf (_("%u min"), minutes);
  from = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "from the last run", "from the last %u runs",
                                       estimate->n_runs), estimate->n_runs);

  return estimate->is_at_least ? g_strdup_printf (_("at least %s (%s)"), time, from)
                               : g_strdup_printf (_("about %s (%s)"), time, from);
}

char *
cvm_forecast_dup_text (CvmForecast *self)
{
  CvmEstimate estimate = cvm_estimate_jobs ((const CvmEstimateJob *)(gpointer)self->jobs->data,
                                            self->jobs->len, self->parallel);
  g_autofree char *jobs = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u job", "%u jobs",
                                                        self->jobs->len), self->jobs->len);
  g_autofree char *memory = format_memory (estimate.memory);
  g_autofree char *time = format_time (&estimate);

  return estimate.memory > 0 ? g_strdup_printf ("%s · %s · %s", jobs, memory, time)
                             : g_strdup_printf ("%s · %s", jobs, time);
}

/* That a host has to give at the worst moment */
static guint64
memory_on (CvmForecast *self,
           guint        host,
           guint        parallel)
{
  return cvm_estimate_memory_on ((const CvmEstimateJob *)(gpointer)self->jobs->data,
                                 self->jobs->len, parallel, self->hosts->pdata[2 * host]);
}

/* The first host that has too little; or -1 */
static int
find_short_host (CvmForecast *self,
                 guint        parallel)
{
  for (guint i = 0; i < self->host_memory->len; i++)
    {
      guint64 has = g_array_index (self->host_memory, guint64, i);

      if (has > 0 && memory_on (self, i, parallel) > has)
        return (int)i;
    }

  return -1;
}

char *
cvm_forecast_dup_warning (CvmForecast *self)
{
  int host = find_short_host (self, self->parallel);
  g_autofree char *has = NULL;
  g_autofree char *needed = NULL;

  if (host < 0)
    return NULL;

  has = format_memory (g_array_index (self->host_memory, guint64, host));
  needed = format_memory (memory_on (self, (guint)host, self->parallel));

  return g_strdup_printf (_("The guests need %s at once, and “%s” has %s: run fewer at once."),
                          needed, (char *)self->hosts->pdata[2 * host + 1], has);
}

guint
cvm_forecast_find_parallel (CvmForecast *self)
{
  guint parallel = self->parallel;

  while (parallel > 0 && find_short_host (self, parallel) >= 0)
    parallel--;

  return parallel < self->parallel ? parallel : 0;
}
