/* cvm-history-remove.c: a run is removed: from every list at once, then from the disk
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is in the folder of runs gets another name there first, which no list shows; from then on the
 * run is gone, and whoever syncs next finishes what was interrupted. For a folder elsewhere that is
 * the link to it. Its file "id" goes last, since what has none is not touched. */
#include "cvm-history-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-journal.h"
#include "cvm-paths.h"
#include "cvm-run-folder.h"

/* What a run writes into its folder, beside job-NN */
static const char *const own_files[] = {
  "plan.ini", "journal.jsonl", "report.tap", "sent.jsonl", "id"
};

static gboolean
fail (const char  *path,
      int          code,
      GError     **error)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "%s: cannot be removed: %s; nothing of it was", path, g_strerror (code));

  return FALSE;
}

/* What it left outside ------------------------------------------------------------------------ */

typedef struct
{
  const char *dir;
  GHashTable *things;     /* by UUID or path */
} Leftovers;

/* A guest, or a file elsewhere; what is in the folder goes with it. What could not be made may be
 * there all the same: a start that took too long may have come to its end. */
static void
note_act (CvmRecord *record,
          gpointer   data)
{
  Leftovers *self = data;
  const char *key = record->uuid != NULL ? record->uuid : record->path;
  gsize len = strlen (self->dir);
  gboolean is_undo = record->kind != NULL && g_str_has_suffix (record->kind, "-remove");
  gboolean is_inside = key != NULL && strncmp (key, self->dir, len) == 0 && key[len] == '/';

  if (record->kind == NULL || key == NULL || is_inside)
    return;

  if (record->type == CVM_RECORD_ACT && strchr (record->kind, '-') == NULL)
    g_hash_table_add (self->things, g_strdup (key));
  else if (record->type == CVM_RECORD_ACTED && record->ok && is_undo)
    g_hash_table_remove (self->things, key);
}

static gboolean
check_left_nothing (const char    *dir,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(GHashTable) things = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *journal = g_build_filename (dir, "journal.jsonl", NULL);
  Leftovers leftovers = { dir, things };

  /* one that cannot be read names nothing; sweep knows guests of ours also by what is in them */
  if (!cvm_journal_scan (journal, 1u << CVM_RECORD_ACT | 1u << CVM_RECORD_ACTED, note_act,
                         &leftovers, cancellable, NULL))
    return !g_cancellable_set_error_if_cancelled (cancellable, error);

  if (g_hash_table_size (things) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               "%s: the run has a guest that was kept or that nobody removed, and its disk is in "
               "this folder; end one that was kept (virsh destroy), or remove one that was left "
               "behind (cvmtester-cli sweep), then “cvmtester-cli runs rm --force” removes the run",
               dir);

  return FALSE;
}

/* Its name among the runs --------------------------------------------------------------------- */

static gboolean
leads_to (const char *runs,
          const char *name,
          const char *dir)
{
  g_autofree char *path = g_build_filename (runs, name, NULL);
  g_autofree char *real = realpath (path, NULL);

  return g_strcmp0 (real, dir) == 0;
}

/* A folder in runs/ has its own name; one elsewhere has a link named by its id */
static char *
find_name (const char *runs,
           const char *dir)
{
  g_autofree char *name = g_path_get_basename (dir);
  g_autofree char *id = cvm_run_folder_read_id (dir, NULL);

  if (id != NULL && name[0] != '.' && leads_to (runs, name, dir))
    return g_steal_pointer (&name);

  return id != NULL && leads_to (runs, id, dir) ? g_steal_pointer (&id) : NULL;
}

static gboolean
hide (const char  *runs,
      const char  *name,
      const char  *hidden,
      GError     **error)
{
  g_autofree char *path = g_build_filename (runs, name, NULL);
  g_autofree char *to = g_build_filename (runs, hidden, NULL);

  if (g_rename (path, to) != 0)
    return fail (path, errno, error);

  cvm_file_sync_folder (runs, NULL);

  return TRUE;
}

/* On the disk --------------------------------------------------------------------------------- */

static gboolean
is_job_folder (const char *name)
{
  gsize len = strlen ("job-");

  return g_str_has_prefix (name, "job-") && g_ascii_isdigit (name[len])
         && strspn (name + len, "0123456789") == strlen (name + len);
}

/* Only what a run writes: the user named this folder, and may keep other things in it */
static void
remove_own (const char *dir)
{
  g_autoptr(GDir) entries = g_dir_open (dir, 0, NULL);
  const char *name;

  while (entries != NULL && (name = g_dir_read_name (entries)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (is_job_folder (name))
        cvm_file_remove_tree (path);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (own_files); i++)
    {
      g_autofree char *path = g_build_filename (dir, own_files[i], NULL);

      g_unlink (path);
    }

  g_rmdir (dir);      /* unless there is something else in it */
}

/* One that has lost its id already goes when nothing is in it any more */
static void
remove_linked (CvmRunFolder *folder,
               const char   *link)
{
  g_autofree char *real = realpath (link, NULL);

  if (folder != NULL)
    remove_own (cvm_run_folder_get_path (folder));
  else if (real != NULL)
    g_rmdir (real);
  g_unlink (link);
}

/* What was hidden, as far as nobody else is at it */
void
cvm_history_finish_removing (const char *runs,
                             const char *name)
{
  g_autofree char *hidden = g_build_filename (runs, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_open_dead (hidden, &error);
  struct stat about;

  if (lstat (hidden, &about) != 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    return;

  if (S_ISLNK (about.st_mode))
    remove_linked (folder, hidden);
  else
    cvm_file_remove_tree (hidden);
}

static void
forget (CvmHistory *self,
        const char *name)
{
  CvmHistoryBase *base = cvm_history_begin (self, CVM_HISTORY_WRITER, NULL);

  cvm_history_base_do (base, "DELETE FROM run WHERE name = ?", "s", name);
  cvm_history_end (self, base);
}

/* Locked, so that it is not begun twice, and no sweep is at it */
static gboolean
hide_dead (const char    *runs,
           const char    *name,
           const char    *hidden,
           gboolean       force,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autofree char *path = g_build_filename (runs, name, NULL);
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_open_dead (path, error);

  return folder != NULL
         && (force || check_left_nothing (cvm_run_folder_get_path (folder), cancellable, error))
         && hide (runs, name, hidden, error);
}

gboolean
cvm_history_remove (CvmHistory    *self,
                    const char    *dir,
                    gboolean       force,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autofree char *path = cvm_paths_runs ();
  g_autofree char *runs = realpath (path, NULL);
  g_autofree char *name = runs != NULL ? find_name (runs, dir) : NULL;
  g_autofree char *hidden = g_strconcat (CVM_HISTORY_TRASH, name, NULL);

  if (name == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "%s: is not the folder of a run that you made; nothing was removed", dir);
      return FALSE;
    }

  if (!hide_dead (runs, name, hidden, force, cancellable, error))
    return FALSE;

  forget (self, name);
  cvm_history_finish_removing (runs, hidden);

  return TRUE;
}
