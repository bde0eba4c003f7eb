/* cvm-launch.c: from what the user chose to a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-launch.h"

typedef struct
{
  char             *suite, *image, *host_uri, *hypervisor;
  CvmPlan          *plan;       /* made already, or NULL */
  const CvmBackend *backend;
} Order;

static void
order_free (Order *order)
{
  g_free (order->suite);
  g_free (order->image);
  g_free (order->host_uri);
  g_free (order->hypervisor);
  g_clear_object (&order->plan);
  g_free (order);
}

static CvmSuite *
load_suite (const Order  *order,
            GError      **error)
{
  g_autofree char *path = cvm_suite_find (order->suite, error);
  g_autoptr(CvmSuite) raw = path != NULL ? cvm_suite_load (path, order->backend->lookup, error)
                                         : NULL;
  g_autoptr(CvmSuite) suite = raw != NULL ? cvm_suite_resolve (raw, NULL, NULL, NULL, error) : NULL;

  if (suite == NULL || !cvm_suite_check_exec (suite, FALSE, error))
    return NULL;

  return g_steal_pointer (&suite);
}

static CvmPlan *
make_plan (const Order  *order,
           GError      **error)
{
  g_autoptr(CvmSuite) suite = load_suite (order, error);
  g_autoptr(CvmImage) image = suite != NULL ? cvm_image_find (order->image, error) : NULL;
  CvmPlan *plan;

  if (image == NULL)
    return NULL;

  plan = cvm_plan_new ();
  cvm_plan_add_job (plan, image, order->host_uri, order->hypervisor, suite);

  return plan;
}

static void
run_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Order *order = data;
  g_autoptr(GError) error = NULL;
  CvmRun *run = NULL;

  if (order->plan == NULL)
    order->plan = make_plan (order, &error);
  if (order->plan != NULL)
    run = cvm_run_new (order->plan, order->backend->ports, order->backend->find, NULL, &error);

  if (run != NULL)
    g_task_return_pointer (task, run, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
launch (Order               *order,
        const CvmBackend    *backend,
        GCancellable        *cancellable,
        GAsyncReadyCallback  callback,
        gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  order->backend = backend;
  g_task_set_source_tag (task, launch);
  g_task_set_task_data (task, order, (GDestroyNotify)order_free);
  g_task_run_in_thread (task, run_in_thread);
}

void
cvm_launch_run_async (const CvmChoice     *choice,
                      const CvmBackend    *backend,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  Order *order = g_new0 (Order, 1);

  order->suite = g_strdup (choice->suite);
  order->image = g_strdup (choice->image);
  order->host_uri = g_strdup (choice->host_uri);
  order->hypervisor = g_strdup (choice->hypervisor);
  launch (order, backend, cancellable, callback, user_data);
}

void
cvm_launch_again_async (CvmPlan             *plan,
                        const CvmBackend    *backend,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Order *order = g_new0 (Order, 1);

  order->plan = g_object_ref (plan);
  launch (order, backend, cancellable, callback, user_data);
}

CvmRun *
cvm_launch_run_finish (GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
