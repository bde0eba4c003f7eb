/* cvm-launcher.c: makes runs of what was chosen, one at a time, ready to be started
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-launcher.h"

#include <glib/gi18n.h>

#include "cvm-progress.h"

struct _CvmLauncher
{
  GObject           parent_instance;

  const CvmBackend *backend;
  CvmRun           *run;           /* made, and asked for in the history; or NULL */
  GCancellable     *cancellable;   /* NULL: it was stopped */
  gboolean          is_busy;
};

enum { READY, FAILED, CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmLauncher, cvm_launcher, G_TYPE_OBJECT)

static void
cvm_launcher_dispose (GObject *object)
{
  cvm_launcher_stop (CVM_LAUNCHER (object));

  G_OBJECT_CLASS (cvm_launcher_parent_class)->dispose (object);
}

static void
cvm_launcher_class_init (CvmLauncherClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_launcher_dispose;

  signals[READY] = g_signal_new ("ready", CVM_TYPE_LAUNCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, CVM_TYPE_RUN, G_TYPE_INT64);
  signals[FAILED] = g_signal_new ("failed", CVM_TYPE_LAUNCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_LAUNCHER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
cvm_launcher_init (CvmLauncher *self)
{
  self->cancellable = g_cancellable_new ();
}

CvmLauncher *
cvm_launcher_new (const CvmBackend *backend)
{
  CvmLauncher *self = g_object_new (CVM_TYPE_LAUNCHER, NULL);

  self->backend = backend;

  return self;
}

gboolean
cvm_launcher_is_busy (CvmLauncher *self)
{
  return self->is_busy;
}

static void
set_busy (CvmLauncher *self,
          gboolean     is_busy)
{
  self->is_busy = is_busy;
  g_signal_emit (self, signals[CHANGED], 0);
}

static gint64
estimate (CvmRun *run,
          GArray *usual)
{
  CvmPlan *plan = cvm_run_get_plan (run);
  guint n_jobs = cvm_plan_n_jobs (plan);
  g_autofree CvmEstimateJob *jobs = g_new0 (CvmEstimateJob, n_jobs);

  for (guint i = 0; usual != NULL && i < MIN (usual->len, n_jobs); i++)
    jobs[i].ms = g_array_index (usual, CvmHistoryUsual, i).ms;

  return cvm_progress_usual_ms (plan, jobs);
}

static void
on_usual (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmLauncher) self = data;
  g_autoptr(GArray) usual = cvm_history_usual_finish (CVM_HISTORY (source), result, NULL);
  g_autoptr(CvmRun) run = g_steal_pointer (&self->run);

  if (self->cancellable == NULL)
    return;

  g_signal_emit (self, signals[READY], 0, run, estimate (run, usual));
  set_busy (self, FALSE);
}

static void
ask_usual (CvmLauncher *self)
{
  CvmPlan *plan = cvm_run_get_plan (self->run);
  guint n_jobs = cvm_plan_n_jobs (plan);
  g_autofree CvmHistoryCell *cells = g_new0 (CvmHistoryCell, n_jobs);

  for (guint i = 0; i < n_jobs; i++)
    {
      const CvmJobSpec *job = cvm_plan_job (plan, i);

      cells[i].image = job->image != NULL ? job->image->name : NULL;
      cells[i].suite = cvm_suite_get_name (job->suite);
      cells[i].host_uri = job->host_uri;
      cells[i].hypervisor = job->hypervisor;
    }

  cvm_history_usual_async (self->backend->history, cells, n_jobs, self->cancellable, on_usual,
                           g_object_ref (self));
}

static void
on_launched (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(CvmLauncher) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRun) run = cvm_launch_run_finish (result, &error);
  g_autofree char *message = NULL;

  if (self->cancellable == NULL)
    return;

  if (run != NULL)
    {
      self->run = g_steal_pointer (&run);
      ask_usual (self);
      return;
    }

  message = g_strdup_printf (_("The run could not begin: %s"), error->message);
  g_signal_emit (self, signals[FAILED], 0, message);
  set_busy (self, FALSE);
}

static gboolean
begin (CvmLauncher *self)
{
  if (self->is_busy || self->cancellable == NULL)
    return FALSE;

  set_busy (self, TRUE);
  return TRUE;
}

void
cvm_launcher_order (CvmLauncher *self,
                    CvmOrder    *order)
{
  if (begin (self))
    cvm_launch_order_async (order, self->backend, self->cancellable, on_launched,
                            g_object_ref (self));
  else
    cvm_order_free (order);
}

void
cvm_launcher_plan (CvmLauncher *self,
                   CvmPlan     *plan)
{
  if (begin (self))
    cvm_launch_again_async (plan, self->backend, self->cancellable, on_launched,
                            g_object_ref (self));
}

void
cvm_launcher_past (CvmLauncher *self,
                   const char  *dir,
                   gboolean     only_failed)
{
  if (begin (self))
    cvm_launch_past_async (dir, only_failed, self->backend, self->cancellable, on_launched,
                           g_object_ref (self));
}

void
cvm_launcher_check (CvmLauncher *self,
                    const char  *dir,
                    const char  *job,
                    const char  *only)
{
  if (begin (self))
    cvm_launch_check_async (dir, job, only, self->backend, self->cancellable, on_launched,
                            g_object_ref (self));
}

void
cvm_launcher_stop (CvmLauncher *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}
