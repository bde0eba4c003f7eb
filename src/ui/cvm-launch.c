/* cvm-launch.c: from what the user chose to a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-launch.h"

#include "cvm-allowed.h"
#include "cvm-rerun.h"

/* Where a plan comes from: one of the three */
typedef struct
{
  CvmPlan          *plan;
  CvmOrder         *order;
  char             *dir;          /* of a run of the past */
  char             *job, *only;   /* one check of it; NULL: many */
  gboolean          only_failed;
  const CvmBackend *backend;
} Source;

static void
source_free (Source *self)
{
  g_clear_object (&self->plan);
  g_clear_pointer (&self->order, cvm_order_free);
  g_free (self->dir);
  g_free (self->job);
  g_free (self->only);
  g_free (self);
}

static CvmPlan *
plan_past (const Source  *self,
           GError       **error)
{
  g_auto(GStrv) allowed = cvm_allowed_load ();
  const CvmPlanAgain again = { .allowed = allowed };

  if (self->only != NULL)
    return cvm_rerun_plan_check (self->dir, self->job, self->only, self->backend->lookup, &again,
                                 error);

  return cvm_rerun_plan (self->dir, self->only_failed, self->backend->lookup, &again, error);
}

static CvmPlan *
make_plan (const Source  *self,
           GError       **error)
{
  if (self->plan != NULL)
    return g_object_ref (self->plan);

  return self->order != NULL ? cvm_order_make_plan (self->order, self->backend->lookup, error)
                             : plan_past (self, error);
}

static void
plan_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  CvmPlan *plan = make_plan (data, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
run_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  const Source *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPlan) plan = make_plan (self, &error);
  CvmRun *run = NULL;

  if (plan != NULL)
    run = cvm_run_new (plan, self->backend->ports, self->backend->find, NULL, &error);

  if (run == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  cvm_run_may_keep_guests (run);    /* “Stop and Keep the Guest” may come */
  g_task_return_pointer (task, run, g_object_unref);
}

static void
launch (Source               source,
        GTaskThreadFunc      work,
        GCancellable        *cancellable,
        GAsyncReadyCallback  callback,
        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, launch);
  g_task_set_task_data (task, g_memdup2 (&source, sizeof source), (GDestroyNotify)source_free);
  g_task_run_in_thread (task, work);
}

void
cvm_launch_plan_async (CvmOrder            *order,
                       const CvmBackend    *backend,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  launch ((Source) { .order = order, .backend = backend }, plan_in_thread, cancellable, callback,
          user_data);
}

CvmPlan *
cvm_launch_plan_finish (GAsyncResult  *result,
                        GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
cvm_launch_order_async (CvmOrder            *order,
                        const CvmBackend    *backend,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  launch ((Source) { .order = order, .backend = backend }, run_in_thread, cancellable, callback,
          user_data);
}

void
cvm_launch_again_async (CvmPlan             *plan,
                        const CvmBackend    *backend,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  launch ((Source) { .plan = g_object_ref (plan), .backend = backend }, run_in_thread, cancellable,
          callback, user_data);
}

void
cvm_launch_past_async (const char          *dir,
                       gboolean             only_failed,
                       const CvmBackend    *backend,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  launch ((Source) { .dir = g_strdup (dir), .only_failed = only_failed, .backend = backend },
          run_in_thread, cancellable, callback, user_data);
}

void
cvm_launch_check_async (const char          *dir,
                        const char          *job,
                        const char          *only,
                        const CvmBackend    *backend,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  launch ((Source) { .dir = g_strdup (dir), .job = g_strdup (job), .only = g_strdup (only),
                     .backend = backend },
          run_in_thread, cancellable, callback, user_data);
}

CvmRun *
cvm_launch_run_finish (GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
