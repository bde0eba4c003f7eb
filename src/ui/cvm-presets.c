/* cvm-presets.c: choices written down and put away, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-presets.h"

#include "cvm-allowed.h"
#include "cvm-choices.h"

typedef struct _Errand Errand;

struct _Errand
{
  gboolean (*work) (const Errand  *errand,
                    GError       **error);
  CvmOrder  *order;
  char      *name, *other, *third;
};

static void
errand_free (Errand *self)
{
  g_clear_pointer (&self->order, cvm_order_free);
  g_free (self->name);
  g_free (self->other);
  g_free (self->third);
  g_free (self);
}

static void
run_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  const Errand *errand = data;
  g_autoptr(GError) error = NULL;

  if (errand->work (errand, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* What was begun is done, whoever still looks */
static void
start (Errand               errand,
       GTaskThreadFunc      func,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, start);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, g_memdup2 (&errand, sizeof errand), (GDestroyNotify)errand_free);
  g_task_run_in_thread (task, func);
}

static gboolean
save (const Errand  *errand,
      GError       **error)
{
  g_autofree char *path = errand->name != NULL ? cvm_profile_path_of (errand->name)
                                               : cvm_choices_last_path ();

  return cvm_profile_save (errand->order, path, error);
}

void
cvm_presets_save_async (CvmOrder            *order,
                        const char          *name,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  start ((Errand) { save, order, g_strdup (name), NULL, NULL }, run_in_thread, cancellable,
         callback, user_data);
}

static gboolean
rename_it (const Errand  *errand,
           GError       **error)
{
  return cvm_profile_rename (errand->name, errand->other, error);
}

void
cvm_presets_rename_async (const char          *name,
                          const char          *new_name,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  start ((Errand) { rename_it, NULL, g_strdup (name), g_strdup (new_name), NULL }, run_in_thread,
         cancellable, callback, user_data);
}

static gboolean
remove_it (const Errand  *errand,
           GError       **error)
{
  return cvm_profile_remove (errand->name, error);
}

void
cvm_presets_remove_async (const char          *name,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  start ((Errand) { remove_it, NULL, g_strdup (name), NULL, NULL }, run_in_thread, cancellable,
         callback, user_data);
}

static gboolean
allow (const Errand  *errand,
       GError       **error)
{
  return cvm_allowed_add (errand->name, errand->other, errand->third, error);
}

void
cvm_presets_allow_async (const char          *sha256,
                         const char          *suite,
                         const char          *program,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  start ((Errand) { allow, NULL, g_strdup (sha256), g_strdup (suite), g_strdup (program) },
         run_in_thread, cancellable, callback, user_data);
}

gboolean
cvm_presets_finish (GAsyncResult  *result,
                    GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Errand *errand = data;
  g_autofree char *path = cvm_profile_find (errand->name);
  g_autoptr(GError) error = NULL;
  CvmOrder *order = cvm_profile_load (path, &error);

  if (order != NULL)
    g_task_return_pointer (task, order, (GDestroyNotify)cvm_order_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
cvm_presets_load_async (const char          *name,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  start ((Errand) { NULL, NULL, g_strdup (name), NULL, NULL }, load_in_thread, cancellable,
         callback, user_data);
}

CvmOrder *
cvm_presets_load_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
