/* cvm-census.c: how much is in the places that were not looked at yet
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-census.h"

#include "cvm-host-titles.h"
#include "cvm-hosts.h"
#include "cvm-paths.h"

#define MAX_FILES 10000   /* of a place; a folder can hold anything */

static void
note_names (GHashTable   *names,
            const char   *folder,
            const char   *suffix,
            GCancellable *cancellable)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && g_hash_table_size (names) < MAX_FILES
         && !g_cancellable_is_cancelled (cancellable) && (name = g_dir_read_name (dir)) != NULL)
    {
      if (name[0] != '.' && g_str_has_suffix (name, suffix))
        g_hash_table_add (names, g_strdup (name));
    }
}

/* The same name in two folders is one thing: the first one counts everywhere */
static guint
count_files (const char   *kind,
             const char   *suffix,
             GCancellable *cancellable)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) folders = cvm_paths_dirs (kind);

  for (gsize i = 0; folders[i] != NULL; i++)
    note_names (names, folders[i], suffix, cancellable);

  return g_hash_table_size (names);
}

static guint
count_hosts (const char *const *found)
{
  g_autoptr(GPtrArray) hosts = cvm_hosts_load (found, NULL);
  guint n = 0;

  if (hosts != NULL)
    cvm_host_titles_learn (hosts);
  for (guint i = 0; hosts != NULL && i < hosts->len; i++)
    n += ((const CvmSavedHost *)hosts->pdata[i])->is_hidden ? 0 : 1;

  return n;
}

static void
take_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const CvmBackend *backend = data;
  CvmCensus *census = g_new0 (CvmCensus, 1);

  census->images = count_files ("images", ".image", cancellable);
  census->suites = count_files ("suites", ".suite", cancellable);
  census->hosts = count_hosts (backend->hosts);
  g_task_return_pointer (task, census, g_free);
}

void
cvm_census_take_async (const CvmBackend    *backend,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_census_take_async);
  g_task_set_priority (task, G_PRIORITY_LOW);
  g_task_set_task_data (task, (gpointer)backend, NULL);
  g_task_run_in_thread (task, take_in_thread);
}

gboolean
cvm_census_take_finish (GAsyncResult  *result,
                        CvmCensus     *census,
                        GError       **error)
{
  g_autofree CvmCensus *taken = g_task_propagate_pointer (G_TASK (result), error);

  if (taken != NULL)
    *census = *taken;

  return taken != NULL;
}
