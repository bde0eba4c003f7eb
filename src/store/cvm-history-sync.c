/* cvm-history-sync.c: the index takes in what the folders of runs say
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-history-private.h"

#include <errno.h>
#include <string.h>

#include "cvm-memory.h"
#include "cvm-paths.h"

#define BATCH_RUNS 50      /* written at once, so that no other program waits long */
#define BATCH_MS   300     /* nor a list for the newest */
#define TELL_MS    500     /* between two tellings that there is more */

/* What the index has of a run */
typedef struct
{
  gint64          size, changed_us;
  CvmHistoryState state;
  gboolean        is_there;     /* its folder still is */
} Known;

typedef struct
{
  CvmHistory   *history;
  const char   *runs;
  GCancellable *cancellable;
  GPtrArray    *names;      /* newest first */
  GHashTable   *known;      /* name → Known */
  GPtrArray    *batch;      /* of CvmHistoryFound */
  gint64        batch_until_us;
  guint         n_changed;
  gint64        tell_us;    /* when it is told next */

  CvmHistoryProgress progress;      /* or NULL */
  gpointer           data;
} Sync;

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  return strcmp (*(const char *const *)b, *(const char *const *)a);
}

static gboolean
read_names (Sync    *self,
            GError **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(GDir) dir = g_dir_open (self->runs, 0, &local);
  const char *name;

  g_ptr_array_set_size (self->names, 0);
  if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return TRUE;      /* no run was ever made */

  if (dir == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, CVM_HISTORY_TRASH))
        cvm_history_finish_removing (self->runs, name);
      else if (name[0] != '.')
        g_ptr_array_add (self->names, g_strdup (name));
    }

  g_ptr_array_sort (self->names, compare_newest_first);

  return TRUE;
}

static void
read_known (Sync           *self,
            CvmHistoryBase *base)
{
  sqlite3_stmt *statement = cvm_history_base_ask (base, "SELECT name, size, changed_us, state"
                                                  " FROM run", "");

  while (cvm_history_base_next (base, statement))
    {
      Known *known = g_new0 (Known, 1);

      known->size = sqlite3_column_int64 (statement, 1);
      known->changed_us = sqlite3_column_int64 (statement, 2);
      known->state = sqlite3_column_int (statement, 3);
      g_hash_table_insert (self->known, g_strdup ((const char *)sqlite3_column_text (statement, 0)),
                           known);
    }
}

static void
find_gone (Sync *self)
{
  for (guint i = 0; i < self->names->len; i++)
    {
      Known *here = g_hash_table_lookup (self->known, self->names->pdata[i]);

      if (here != NULL)
        here->is_there = TRUE;
    }
}

/* First, since a folder may have another name now */
static gboolean
forget_gone (Sync *self)
{
  CvmHistoryBase *base = cvm_history_begin (self->history, CVM_HISTORY_WRITER, self->cancellable);
  GHashTableIter iter;
  gpointer name, known;
  guint n_gone = 0;

  find_gone (self);
  cvm_history_base_do (base, "BEGIN IMMEDIATE", "");
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &name, &known))
    {
      if (!((Known *)known)->is_there)
        n_gone += cvm_history_base_do (base, "DELETE FROM run WHERE name = ?", "s", name);
    }

  if (n_gone > 0)
    cvm_history_base_do (base, "DELETE FROM label WHERE id NOT IN (SELECT label FROM point)", "");
  cvm_history_base_do (base, "COMMIT", "");
  self->n_changed += n_gone;

  return cvm_history_end (self->history, base);
}

/* Before the folders are looked at: so nothing is forgotten that another program enters meanwhile */
static gboolean
look_at_index (Sync *self)
{
  CvmHistoryBase *base = cvm_history_begin (self->history, CVM_HISTORY_WRITER, self->cancellable);

  g_hash_table_remove_all (self->known);
  if (cvm_history_needs_check (self->history))
    cvm_history_base_check (base);
  read_known (self, base);

  return cvm_history_end (self->history, base);
}

static void
tell (Sync *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->progress == NULL || now_us < self->tell_us)
    return;

  self->tell_us = now_us + TELL_MS * 1000;
  self->progress (self->data);
}

static gboolean
flush (Sync *self)
{
  CvmHistoryBase *base;
  guint n_changed = 0;

  if (self->batch->len == 0)
    return TRUE;

  base = cvm_history_begin (self->history, CVM_HISTORY_WRITER, self->cancellable);
  cvm_history_base_do (base, "BEGIN IMMEDIATE", "");
  for (guint i = 0; i < self->batch->len; i++)
    n_changed += cvm_history_found_write (self->batch->pdata[i], base);
  cvm_history_base_do (base, "COMMIT", "");

  g_ptr_array_set_size (self->batch, 0);
  self->n_changed += n_changed;
  if (!cvm_history_end (self->history, base))
    return FALSE;

  tell (self);

  return TRUE;
}

/* One that is on may have died, and nothing of it changed */
static gboolean
is_as_known (Sync       *self,
             const char *name)
{
  const Known *known = g_hash_table_lookup (self->known, name);
  gint64 size, changed_us;

  if (known == NULL || known->size < 0 || known->state == CVM_HISTORY_RUNNING)
    return FALSE;

  cvm_history_found_stat (self->runs, name, &size, &changed_us);

  return size == known->size && changed_us == known->changed_us;
}

static gboolean
is_different (const Known           *known,
              const CvmHistoryFound *found)
{
  return known == NULL || found->dir == NULL || known->size != found->size
         || known->changed_us != found->changed_us || known->state != found->state;
}

static gboolean
add_to_batch (Sync            *self,
              CvmHistoryFound *found)
{
  if (self->batch->len == 0)
    self->batch_until_us = g_get_monotonic_time () + BATCH_MS * 1000;
  g_ptr_array_add (self->batch, found);

  return (self->batch->len < BATCH_RUNS && g_get_monotonic_time () < self->batch_until_us)
         || flush (self);
}

static gboolean
take_in (Sync       *self,
         const char *name)
{
  const Known *known = g_hash_table_lookup (self->known, name);
  g_autoptr(CvmHistoryFound) found = NULL;

  if (is_as_known (self, name))
    return TRUE;

  found = cvm_history_found_read (self->runs, name, self->cancellable);
  if (g_cancellable_is_cancelled (self->cancellable)
      || (known == NULL && found->dir == NULL)
      || !is_different (known, found))
    return TRUE;

  return add_to_batch (self, g_steal_pointer (&found));
}

/* FALSE: the index was lost meanwhile, or it was cancelled */
static gboolean
take_in_all (Sync *self)
{
  for (guint i = 0; i < self->names->len && !g_cancellable_is_cancelled (self->cancellable); i++)
    {
      if (!take_in (self, self->names->pdata[i]))
        return FALSE;
    }

  return flush (self);
}

/* Each failure of the index leaves a new one, in the end one in memory */
static gboolean
sync_all (Sync    *self,
          GError **error)
{
  for (guint i = 0; i < CVM_HISTORY_TRIES; i++)
    {
      gboolean is_usable = look_at_index (self);

      if (!read_names (self, error))
        return FALSE;

      if (is_usable && forget_gone (self) && take_in_all (self))
        return TRUE;

      g_ptr_array_set_size (self->batch, 0);
    }

  return TRUE;
}

gboolean
cvm_history_sync_telling (CvmHistory          *self,
                          CvmHistoryProgress   progress,
                          gpointer             data,
                          guint               *n_changed,
                          GCancellable        *cancellable,
                          GError             **error)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) batch
    = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_history_found_free);
  Sync sync = { self, runs, cancellable, names, known, batch, .progress = progress, .data = data,
                .tell_us = g_get_monotonic_time () + TELL_MS * 1000 };

  if (!sync_all (&sync, error))
    return FALSE;

  if (n_changed != NULL)
    *n_changed = sync.n_changed;
  cvm_memory_trim ();

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

gboolean
cvm_history_sync (CvmHistory    *self,
                  guint         *n_changed,
                  GCancellable  *cancellable,
                  GError       **error)
{
  return cvm_history_sync_telling (self, NULL, NULL, n_changed, cancellable, error);
}
