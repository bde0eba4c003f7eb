/* cvm-suite-list.c: all suites that there are, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-list.h"

#include "cvm-format.h"
#include "cvm-paths.h"
#include "cvm-suite-edit.h"

#define MAX_SUITES 500
#define STRIP_LEN  20

static void
entry_free (CvmSuiteEntry *entry)
{
  g_free (entry->id);
  g_free (entry->path);
  g_free (entry->title);
  g_free (entry->version);
  g_free (entry->about);
  g_free (entry->problem);
  g_free (entry->outcomes);
  g_free (entry);
}

static void
fill (CvmSuiteEntry *entry,
      CvmSuite      *suite)
{
  entry->title = cvm_format_line (cvm_suite_get_name (suite));
  entry->version = cvm_format_line (cvm_suite_get_version (suite));
  entry->about = cvm_format_line (cvm_suite_get_description (suite));
  entry->n_checks = cvm_suite_n_cases (suite);
  for (guint i = 0; i < entry->n_checks; i++)
    entry->has_guest |= !g_str_has_prefix (cvm_suite_case (suite, i)->check->id, "host.");
}

static char *
find_outcomes (CvmHistory   *history,
               CvmSuite     *suite,
               GCancellable *cancellable)
{
  CvmHistoryQuery query = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GPtrArray) runs = NULL;
  GString *text = g_string_new (NULL);

  query.suite = cvm_suite_get_name (suite);
  if (history != NULL)
    runs = cvm_history_list (history, &query, STRIP_LEN, cancellable, NULL);

  for (guint i = runs != NULL ? runs->len : 0; i-- > 0;)
    {
      CvmHistoryState state = ((CvmHistoryRun *)runs->pdata[i])->state;

      if (state >= CVM_HISTORY_PASSED && state <= CVM_HISTORY_CANCELLED)
        g_string_append_c (text, "pfec"[state]);
    }

  return g_string_free (text, FALSE);
}

/* A broken one has a name all the same, if that line is whole */
static char *
find_name (const char     *path,
           const char     *id,
           CvmCheckLookup  lookup)
{
  g_autofree char *text = cvm_suite_edit_read (path, NULL);
  g_autoptr(CvmSuiteEdit) edit = text != NULL ? cvm_suite_edit_new (text, path, lookup) : NULL;
  const char *name = edit != NULL ? cvm_suite_edit_get_suite (edit, "Name") : NULL;

  return cvm_format_line (name != NULL && *name != '\0' ? name : id);
}

static CvmSuiteEntry *
read_entry (const CvmBackend *backend,
            const char       *id,
            const char       *path,
            gboolean          is_own,
            GCancellable     *cancellable)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) suite = cvm_suite_load (path, backend->lookup, &error);
  g_autoptr(CvmSuite) resolved = suite != NULL
                                 ? cvm_suite_resolve (suite, NULL, NULL, NULL, &error) : NULL;
  CvmSuiteEntry *entry = g_new0 (CvmSuiteEntry, 1);

  entry->id = g_strdup (id);
  entry->path = g_strdup (path);
  entry->is_own = is_own;
  if (suite != NULL)
    fill (entry, suite);
  else
    entry->title = find_name (path, id, backend->lookup);
  if (resolved == NULL)
    entry->problem = cvm_format_problem (error->message, path);
  entry->outcomes = suite != NULL ? find_outcomes (backend->history, suite, cancellable)
                                  : g_strdup ("");

  return entry;
}

/* The first folder that has an id wins, as on the command line */
static void
read_folder (GPtrArray        *entries,
             GHashTable       *ids,
             const CvmBackend *backend,
             const char       *folder,
             GCancellable     *cancellable)
{
  g_autofree char *own = cvm_paths_config ("suites");
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && entries->len < MAX_SUITES && !g_cancellable_is_cancelled (cancellable)
         && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *id = NULL;

      if (!g_str_has_suffix (name, CVM_SUITE_SUFFIX) || name[0] == '.')
        continue;

      id = g_strndup (name, strlen (name) - strlen (CVM_SUITE_SUFFIX));
      if (g_hash_table_contains (ids, id))
        continue;

      g_ptr_array_add (entries, read_entry (backend, id, path, g_str_equal (folder, own),
                                            cancellable));
      g_hash_table_add (ids, g_steal_pointer (&id));
    }
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const CvmSuiteEntry *x = *(const CvmSuiteEntry *const *)a;
  const CvmSuiteEntry *y = *(const CvmSuiteEntry *const *)b;

  return x->is_own != y->is_own ? y->is_own - x->is_own : g_utf8_collate (x->title, y->title);
}

static void
list_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const CvmBackend *backend = data;
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) folders = cvm_paths_dirs ("suites");

  for (gsize i = 0; folders[i] != NULL; i++)
    read_folder (entries, ids, backend, folders[i], cancellable);

  g_ptr_array_sort (entries, compare_entries);
  g_task_return_pointer (task, entries, (GDestroyNotify)g_ptr_array_unref);
}

void
cvm_suite_list_async (const CvmBackend    *backend,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_suite_list_async);
  g_task_set_task_data (task, (gpointer)backend, NULL);
  g_task_run_in_thread (task, list_in_thread);
}

GPtrArray *
cvm_suite_list_finish (GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
