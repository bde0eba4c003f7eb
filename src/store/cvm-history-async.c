/* cvm-history-async.c: what the window asks of the history, in a thread of its own
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-history-private.h"

/* What is asked; a task uses what it needs of it */
typedef struct
{
  CvmHistoryQuery  query;
  guint            limit;
  CvmHistoryNames  which;
  char            *dir;
  gboolean         force;
  CvmHistoryCell  *cells;
  guint            n_cells;
} Call;

static void
call_free (Call *call)
{
  g_free ((char *)call->query.text);
  g_free ((char *)call->query.id);
  g_free ((char *)call->query.image);
  g_free ((char *)call->query.suite);
  g_free ((char *)call->query.host_uri);
  g_free ((char *)call->query.before_dir);
  g_free (call->dir);
  for (guint i = 0; i < call->n_cells; i++)
    {
      g_free ((char *)call->cells[i].image);
      g_free ((char *)call->cells[i].suite);
      g_free ((char *)call->cells[i].host_uri);
      g_free ((char *)call->cells[i].hypervisor);
    }
  g_free (call->cells);
  g_free (call);
}

/* What the thread did is told as it is, also when it was cancelled a moment later */
static void
start (CvmHistory          *self,
       Call                *call,
       gpointer             tag,
       GTaskThreadFunc      func,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, (GDestroyNotify)call_free);
  g_task_run_in_thread (task, func);
}

static void
list_in_thread (GTask        *task,
                gpointer      self,
                gpointer      data,
                GCancellable *cancellable)
{
  const Call *call = data;
  GError *error = NULL;
  GPtrArray *runs = cvm_history_list (self, &call->query, call->limit, cancellable, &error);

  if (runs != NULL)
    g_task_return_pointer (task, runs, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
cvm_history_list_async (CvmHistory            *self,
                        const CvmHistoryQuery *query,
                        guint                  limit,
                        GCancellable          *cancellable,
                        GAsyncReadyCallback    callback,
                        gpointer               user_data)
{
  Call *call = g_new0 (Call, 1);

  call->query = *query;
  call->query.text = g_strdup (query->text);
  call->query.id = g_strdup (query->id);
  call->query.image = g_strdup (query->image);
  call->query.suite = g_strdup (query->suite);
  call->query.host_uri = g_strdup (query->host_uri);
  call->query.before_dir = g_strdup (query->before_dir);
  call->limit = limit;
  start (self, call, cvm_history_list_async, list_in_thread, cancellable, callback, user_data);
}

GPtrArray *
cvm_history_list_finish (CvmHistory    *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
names_in_thread (GTask        *task,
                 gpointer      self,
                 gpointer      data,
                 GCancellable *cancellable)
{
  g_auto(GStrv) names = cvm_history_names (self, ((const Call *)data)->which, cancellable);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&names), (GDestroyNotify)g_strfreev);
}

void
cvm_history_names_async (CvmHistory          *self,
                         CvmHistoryNames      which,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  Call *call = g_new0 (Call, 1);

  call->which = which;
  start (self, call, cvm_history_names_async, names_in_thread, cancellable, callback, user_data);
}

char **
cvm_history_names_finish (CvmHistory    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
tell_changed (gpointer task)
{
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    cvm_history_emit_changed (g_task_get_source_object (task));

  return G_SOURCE_REMOVE;
}

static void
on_progress (gpointer task)
{
  g_main_context_invoke_full (g_task_get_context (task), G_PRIORITY_DEFAULT, tell_changed,
                              g_object_ref (task), g_object_unref);
}

static void
sync_in_thread (GTask        *task,
                gpointer      self,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  guint n_changed = 0;

  if (cvm_history_sync_telling (self, on_progress, task, &n_changed, cancellable, &error))
    g_task_return_int (task, n_changed);
  else
    g_task_return_error (task, error);
}

void
cvm_history_sync_async (CvmHistory          *self,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  start (self, g_new0 (Call, 1), cvm_history_sync_async, sync_in_thread, cancellable, callback,
         user_data);
}

gboolean
cvm_history_sync_finish (CvmHistory    *self,
                         GAsyncResult  *result,
                         guint         *n_changed,
                         GError       **error)
{
  gssize n = g_task_propagate_int (G_TASK (result), error);

  if (n_changed != NULL)
    *n_changed = MAX (n, 0);

  return n >= 0;
}

static void
remove_in_thread (GTask        *task,
                  gpointer      self,
                  gpointer      data,
                  GCancellable *cancellable)
{
  const Call *call = data;
  GError *error = NULL;

  if (cvm_history_remove (self, call->dir, call->force, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
cvm_history_remove_async (CvmHistory          *self,
                          const char          *dir,
                          gboolean             force,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Call *call = g_new0 (Call, 1);

  call->dir = g_strdup (dir);
  call->force = force;
  start (self, call, cvm_history_remove_async, remove_in_thread, cancellable, callback, user_data);
}

gboolean
cvm_history_remove_finish (CvmHistory    *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
usual_in_thread (GTask        *task,
                 gpointer      self,
                 gpointer      data,
                 GCancellable *cancellable)
{
  const Call *call = data;
  g_autoptr(GArray) all = g_array_new (FALSE, FALSE, sizeof (CvmHistoryUsual));

  for (guint i = 0; i < call->n_cells; i++)
    {
      CvmHistoryUsual usual = cvm_history_usual (self, &call->cells[i], cancellable);

      g_array_append_val (all, usual);
    }

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&all), (GDestroyNotify)g_array_unref);
}

void
cvm_history_usual_async (CvmHistory           *self,
                         const CvmHistoryCell *cells,
                         guint                 n_cells,
                         GCancellable         *cancellable,
                         GAsyncReadyCallback   callback,
                         gpointer              user_data)
{
  Call *call = g_new0 (Call, 1);

  call->n_cells = n_cells;
  call->cells = g_new0 (CvmHistoryCell, n_cells);
  for (guint i = 0; i < n_cells; i++)
    {
      call->cells[i].image = g_strdup (cells[i].image);
      call->cells[i].suite = g_strdup (cells[i].suite);
      call->cells[i].host_uri = g_strdup (cells[i].host_uri);
      call->cells[i].hypervisor = g_strdup (cells[i].hypervisor);
    }
  start (self, call, cvm_history_usual_async, usual_in_thread, cancellable, callback, user_data);
}

GArray *
cvm_history_usual_finish (CvmHistory    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
