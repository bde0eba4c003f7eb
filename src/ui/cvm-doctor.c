/* cvm-doctor.c: what this computer has for running guests, and what it lacks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-doctor.h"

#include "cvm-file.h"

#define SUITE "doctor"
#define HOST  "qemu:///session"
#define END_MS 3000   /* for a look that is on when the program ends */

struct _CvmDoctor
{
  GObject           parent_instance;

  const CvmBackend *backend;
  CvmRun           *run;       /* while it looks */
  CvmResult        *coming;    /* of that */
  CvmResult        *result;    /* of the last look, or NULL */
  char             *problem;
  gboolean          is_looking;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmDoctor, cvm_doctor, G_TYPE_OBJECT)

/* In a thread ------------------------------------------------------------------------------ */

static CvmPlan *
make_plan (const CvmBackend  *backend,
           GError           **error)
{
  g_autofree char *path = cvm_suite_find (SUITE, error);
  g_autoptr(CvmSuite) raw = path != NULL ? cvm_suite_load (path, backend->lookup, error) : NULL;
  g_autoptr(CvmSuite) suite = raw != NULL ? cvm_suite_resolve (raw, NULL, NULL, NULL, error) : NULL;
  CvmPlan *plan;

  if (suite == NULL)
    return NULL;

  plan = cvm_plan_new ();
  cvm_plan_add_job (plan, NULL, HOST, "auto", suite);

  return plan;
}

static void
make_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const CvmBackend *backend = data;
  GError *error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("cvm-doctor-XXXXXX", &error);
  g_autoptr(CvmPlan) plan = folder != NULL ? make_plan (backend, &error) : NULL;
  CvmRun *run = plan != NULL ? cvm_run_new_unlisted (plan, backend->ports, backend->find, folder,
                                                     &error)
                             : NULL;

  if (run != NULL)
    {
      g_task_return_pointer (task, run, g_object_unref);
      return;
    }

  if (folder != NULL)
    cvm_file_remove_tree (folder);
  g_task_return_error (task, error);
}

static void
remove_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      data,
                  GCancellable *cancellable)
{
  cvm_file_remove_tree (data);
  g_task_return_boolean (task, TRUE);
}

/* On the main thread ----------------------------------------------------------------------- */

static void
end_look (CvmDoctor *self)
{
  self->is_looking = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
drop_run (CvmDoctor *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, g_strdup (cvm_run_get_dir (self->run)), g_free);
  g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  g_task_run_in_thread (task, remove_in_thread);
}

static void
on_records (CvmDoctor *self,
            GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    cvm_result_add (self->coming, records->pdata[i]);
}

static gboolean
on_idle (gpointer data)
{
  CvmDoctor *self = data;

  drop_run (self);   /* not in its own signal */
  g_clear_object (&self->result);
  self->result = g_steal_pointer (&self->coming);
  end_look (self);

  return G_SOURCE_REMOVE;
}

static void
on_finished (CvmDoctor *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, g_object_ref (self), g_object_unref);
}

static void
on_made (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(CvmDoctor) self = data;
  g_autoptr(GError) error = NULL;

  self->run = g_task_propagate_pointer (G_TASK (result), &error);
  if (self->run == NULL)
    {
      self->problem = g_strdup (error->message);
      end_look (self);
      return;
    }

  self->coming = cvm_result_new ();
  g_signal_connect_swapped (self->run, "records", G_CALLBACK (on_records), self);
  g_signal_connect_swapped (self->run, "finished", G_CALLBACK (on_finished), self);
  cvm_run_start (self->run);
}

void
cvm_doctor_look (CvmDoctor *self)
{
  g_autoptr(GTask) task = NULL;

  if (self->is_looking)
    return;

  self->is_looking = TRUE;
  g_clear_pointer (&self->problem, g_free);
  task = g_task_new (NULL, NULL, on_made, g_object_ref (self));
  g_task_set_task_data (task, (gpointer)self->backend, NULL);
  g_task_run_in_thread (task, make_in_thread);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cvm_doctor_dispose (GObject *object)
{
  CvmDoctor *self = CVM_DOCTOR (object);

  if (self->run != NULL)
    drop_run (self);
  g_clear_object (&self->coming);
  g_clear_object (&self->result);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (cvm_doctor_parent_class)->dispose (object);
}

static void
cvm_doctor_class_init (CvmDoctorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_doctor_dispose;
  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_DOCTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
cvm_doctor_init (CvmDoctor *self)
{
}

static CvmDoctor *doctor;

CvmDoctor *
cvm_doctor_get_default (const CvmBackend *backend)
{
  if (doctor == NULL)
    {
      doctor = g_object_new (CVM_TYPE_DOCTOR, NULL);
      doctor->backend = backend;
    }

  return doctor;
}

static gboolean
on_late (gpointer is_late)
{
  *(gboolean *)is_late = TRUE;

  return G_SOURCE_CONTINUE;
}

void
cvm_doctor_end (void)
{
  gboolean is_late = FALSE;
  guint timer = g_timeout_add (END_MS, on_late, &is_late);

  while (doctor != NULL && doctor->is_looking && !is_late)
    {
      if (doctor->run != NULL)
        cvm_run_cancel (doctor->run);
      g_main_context_iteration (NULL, TRUE);
    }

  g_source_remove (timer);
  g_clear_object (&doctor);
}

gboolean
cvm_doctor_is_looking (CvmDoctor *self)
{
  return self->is_looking;
}

const CvmJobResult *
cvm_doctor_get_job (CvmDoctor *self)
{
  return self->result != NULL && cvm_result_n_jobs (self->result) > 0
           ? cvm_result_job (self->result, 0)
           : NULL;
}

const char *
cvm_doctor_get_problem (CvmDoctor *self)
{
  return self->problem;
}

guint
cvm_doctor_n_failed (CvmDoctor *self)
{
  const CvmJobResult *job = cvm_doctor_get_job (self);

  return job != NULL ? job->failed : 0;
}

const char *
cvm_doctor_point_detail (const CvmPoint *point,
                         const char     *key)
{
  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];

      if (g_str_equal (detail->key, key))
        return detail->value;
    }

  return NULL;
}
