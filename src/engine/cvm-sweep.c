/* cvm-sweep.c: remove what a dead run left, and nothing else
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-journal.h"
#include "cvm-run-folder.h"

#define MAX_ID        64
#define MAX_LEFTOVERS 4096    /* of one run: 999 jobs have a probe, a guest and an overlay each */

/* Something that a journal says was made, or was about to be */
typedef struct
{
  char     *kind, *name, *uuid, *path, *host_uri;
  gboolean  is_kept;     /* by the user's wish */
} Leftover;

/* A run whose lock we hold: nobody else can be it */
typedef struct
{
  CvmRunFolder *folder;
  CvmJournal   *journal;
  GPtrArray    *leftovers;
  gboolean      has_end;
  gboolean      has_failed;   /* something of it could not be removed: not settled yet */
  gboolean      is_hostile;   /* it names more than a run can have made */
  gboolean      is_unreadable;   /* what it made, and what of that is kept, cannot be known */
} DeadRun;

typedef struct
{
  const CvmPorts  *ports;
  const char *const *asked;   /* URIs that the user named, or NULL */
  gboolean         dry_run;
  gint64           deadline_us;
  GCancellable    *cancellable;
  CvmSweepFunc     report;
  gpointer         data;
  GPtrArray       *dead;      /* of DeadRun, oldest first; copies of a folder have one id */
  GHashTable      *alive;     /* ids of runs that live: a copy of their folder is not dead */
  GHashTable      *hosts;     /* URI → CvmHost, or NULL where it does not answer */
  gboolean         is_clean;
} Sweep;

static void
leftover_free (Leftover *self)
{
  g_free (self->kind);
  g_free (self->name);
  g_free (self->uuid);
  g_free (self->path);
  g_free (self->host_uri);
  g_free (self);
}

static void
dead_run_free (DeadRun *self)
{
  g_clear_object (&self->journal);
  g_clear_object (&self->folder);
  g_ptr_array_unref (self->leftovers);
  g_free (self);
}

static void
tell (Sweep      *sweep,
      CvmSwept    what,
      const char *kind,
      const char *name,
      const char *reason)
{
  if (what == CVM_SWEPT_FAILED)
    sweep->is_clean = FALSE;

  sweep->report (what, kind, name, reason, sweep->data);
}

/* What a journal leaves -------------------------------------------------------------------- */

static Leftover *
find_leftover (DeadRun    *run,
               const char *kind,
               const char *key)
{
  for (guint i = 0; i < run->leftovers->len; i++)
    {
      Leftover *item = g_ptr_array_index (run->leftovers, i);

      if (key != NULL && g_str_equal (item->kind, kind)
          && (g_strcmp0 (item->uuid, key) == 0 || g_strcmp0 (item->path, key) == 0))
        return item;
    }

  return NULL;
}

static void
note_kept (DeadRun    *run,
           const char *kind,
           const char *key)
{
  Leftover *item = find_leftover (run, kind, key);

  if (item != NULL)
    item->is_kept = TRUE;
}

static void
add_leftover (DeadRun         *run,
              const CvmRecord *record)
{
  Leftover *item;

  run->is_hostile |= run->leftovers->len == MAX_LEFTOVERS;
  if (run->is_hostile)
    return;

  item = g_new0 (Leftover, 1);
  item->kind = g_strdup (record->kind);
  item->name = g_strdup (record->name);
  item->uuid = g_strdup (record->uuid);
  item->path = g_strdup (record->path);
  item->host_uri = g_strdup (record->text);
  g_ptr_array_add (run->leftovers, item);
}

static void
note_act (DeadRun         *run,
          const CvmRecord *record)
{
  const char *key = record->uuid != NULL ? record->uuid : record->path;

  if (g_str_equal (record->kind, "domain-keep"))
    {
      note_kept (run, "domain", record->uuid);
      note_kept (run, "overlay", record->path);
    }
  else if (strchr (record->kind, '-') == NULL && key != NULL
           && find_leftover (run, record->kind, key) == NULL)
    {
      add_leftover (run, record);
    }
}

/* "KIND-remove" that went well takes the thing off the list */
static void
note_acted (DeadRun         *run,
            const CvmRecord *record)
{
  const char *key = record->uuid != NULL ? record->uuid : record->path;
  g_autofree char *kind = NULL;
  Leftover *item;

  if (!record->ok || key == NULL || !g_str_has_suffix (record->kind, "-remove"))
    return;

  kind = g_strndup (record->kind, strlen (record->kind) - strlen ("-remove"));
  item = find_leftover (run, kind, key);
  if (item != NULL)
    g_ptr_array_remove (run->leftovers, item);
}

static void
on_record (CvmRecord *record,
           gpointer   data)
{
  DeadRun *run = data;

  if (record->type == CVM_RECORD_RUN_END)
    run->has_end = TRUE;
  else if (record->type == CVM_RECORD_ACT && record->kind != NULL)
    note_act (run, record);
  else if (record->type == CVM_RECORD_ACTED && record->kind != NULL)
    note_acted (run, record);
}

/* A run without a journal died before it made anything */
static gboolean
read_run (DeadRun  *run,
          GError  **error)
{
  g_autofree char *path = cvm_run_folder_file (run->folder, "journal.jsonl");
  g_autoptr(GError) local = NULL;

  if (!cvm_journal_each (path, on_record, run, &local)
      && !g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  if (!run->is_hostile)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s: more than %d things are named in it",
               path, MAX_LEFTOVERS);

  return FALSE;
}

static void
note_alive (Sweep      *sweep,
            const char *path)
{
  g_autofree char *file = g_build_filename (path, "id", NULL);
  char *id = cvm_file_read (file, MAX_ID + 1, NULL, NULL);

  if (id != NULL)
    g_hash_table_add (sweep->alive, g_strchomp (id));
}

/* What has an end and left nothing is let go at once: a long history has more runs than a
 * process may have files open */
static void
add_dead_run (Sweep   *sweep,
              DeadRun *run)
{
  g_autoptr(GError) error = NULL;

  run->is_unreadable = !read_run (run, &error);
  if (run->is_unreadable)
    tell (sweep, CVM_SWEPT_LEFT, "run", cvm_run_folder_get_path (run->folder), error->message);

  if (run->has_end && run->leftovers->len == 0 && !run->is_unreadable)
    dead_run_free (run);
  else
    g_ptr_array_add (sweep->dead, run);
}

static void
find_dead_run (Sweep      *sweep,
               const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_open_dead (path, &error);
  DeadRun *run;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    note_alive (sweep, path);
  else if (folder == NULL)
    tell (sweep, CVM_SWEPT_LEFT, "run", path, error->message);

  if (folder == NULL)
    return;

  run = g_new0 (DeadRun, 1);
  run->folder = g_steal_pointer (&folder);
  run->leftovers = g_ptr_array_new_with_free_func ((GDestroyNotify)leftover_free);
  add_dead_run (sweep, run);
}

static DeadRun *
find_run (Sweep      *sweep,
          const char *id)
{
  for (guint i = 0; i < sweep->dead->len; i++)
    {
      DeadRun *run = g_ptr_array_index (sweep->dead, i);

      if (g_str_equal (cvm_run_folder_get_id (run->folder), id))
        return run;
    }

  return NULL;
}

/* Removing --------------------------------------------------------------------------------- */

static CvmHost *
get_host (Sweep      *sweep,
          const char *uri)
{
  g_autoptr(GError) error = NULL;
  CvmHost *host;

  if (g_hash_table_contains (sweep->hosts, uri))
    return g_hash_table_lookup (sweep->hosts, uri);

  host = sweep->ports->open_host (uri, sweep->deadline_us, sweep->cancellable, &error);
  if (host == NULL)
    tell (sweep, CVM_SWEPT_FAILED, "host", uri, error->message);

  g_hash_table_insert (sweep->hosts, g_strdup (uri), host);

  return host;
}

/* A URI can name a program to run (+ext, ?command=, ?netcat=), and a journal may be anybody's */
static gboolean
may_open (Sweep      *sweep,
          const char *uri)
{
  g_autofree char *small = g_ascii_strdown (uri, -1);

  return (sweep->asked != NULL && g_strv_contains (sweep->asked, uri))
         || (strchr (small, '?') == NULL && strstr (small, "+ext") == NULL);
}

static gboolean
open_journal (DeadRun  *run,
              GError  **error)
{
  g_autofree char *path = cvm_run_folder_file (run->folder, "journal.jsonl");

  if (run->journal == NULL)
    run->journal = cvm_journal_open (path, error);

  return run->journal != NULL;
}

/* Things go also where the journal cannot be written: a folder that is read-only now */
static void
write_undo (DeadRun        *run,
            CvmRecordType   type,
            const Leftover *item,
            const GError   *failure)
{
  g_autoptr(CvmRecord) record = NULL;

  if (run == NULL || !open_journal (run, NULL))
    return;

  record = cvm_record_new (type, NULL);
  record->kind = g_strconcat (item->kind, "-remove", NULL);
  record->name = g_strdup (item->name);
  record->uuid = g_strdup (item->uuid);
  record->path = g_strdup (item->path);
  record->ok = failure == NULL;
  record->text = failure != NULL ? g_strdup (failure->message) : NULL;
  cvm_journal_write (run->journal, record, NULL);
}

/* A journal may be anybody's: only a file RUN/job-NN/NAME is ever unlinked, and no link followed */
static int
open_job_folder (DeadRun    *run,
                 const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *name = g_path_get_basename (folder);

  if (g_str_equal (parent, cvm_run_folder_get_path (run->folder))
      && g_str_has_prefix (name, "job-"))
    return open (folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  errno = ENOTDIR;

  return -1;
}

static gboolean
remove_file (DeadRun     *run,
             const char  *path,
             GError     **error)
{
  g_autofree char *name = g_path_get_basename (path);
  int folder = open_job_folder (run, path);
  gboolean is_gone = (folder >= 0 && unlinkat (folder, name, 0) == 0) || errno == ENOENT;

  if (!is_gone)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
  if (folder >= 0)
    close (folder);

  return is_gone;
}

/* Why what a journal names is not its run's own, or NULL. UUIDs are made from the run's id and
 * the thing's name: nobody can name what somebody else has made. */
static const char *
reason_not_own (DeadRun        *run,
                const Leftover *item)
{
  const char *id = cvm_run_folder_get_id (run->folder);
  g_autofree char *uuid = NULL;

  if (item->uuid != NULL)
    {
      uuid = cvm_id_uuid_for (id, item->name != NULL ? item->name : "");
      return g_str_equal (uuid, item->uuid) ? NULL : "its UUID is not one of this run";
    }

  int folder = open_job_folder (run, item->path);
  gboolean is_own = folder >= 0 || errno == ENOENT;

  if (folder >= 0)
    close (folder);

  return is_own ? NULL : "it is not in the run's folder";
}

static gboolean
remove_object (Sweep           *sweep,
               const Leftover  *item,
               GError         **error)
{
  const char *uri = item->host_uri != NULL ? item->host_uri : "";
  CvmHost *host;

  if (!may_open (sweep, uri))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   "its host is %s, which may run a program: name it with --host if it is yours",
                   uri);
      return FALSE;
    }

  host = *uri != '\0' ? get_host (sweep, uri) : NULL;
  if (host != NULL)
    return cvm_host_remove_object (host, item->kind, item->uuid, sweep->deadline_us,
                                   sweep->cancellable, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE, "%s does not answer",
               *uri != '\0' ? uri : "its host");

  return FALSE;
}

/* RUN: whose it is, or NULL where only the host knows of it */
static void
sweep_item (Sweep          *sweep,
            DeadRun        *run,
            const Leftover *item)
{
  const char *name = item->path != NULL ? item->path : item->name;
  g_autoptr(GError) error = NULL;

  if (sweep->dry_run)
    {
      tell (sweep, CVM_SWEPT_WOULD_REMOVE, item->kind, name, NULL);
      return;
    }

  write_undo (run, CVM_RECORD_ACT, item, NULL);
  if (item->uuid != NULL)
    remove_object (sweep, item, &error);
  else
    remove_file (run, item->path, &error);
  write_undo (run, CVM_RECORD_ACTED, item, error);
  if (run != NULL && error != NULL)
    run->has_failed = TRUE;

  tell (sweep, error == NULL ? CVM_SWEPT_REMOVED : CVM_SWEPT_FAILED, item->kind, name,
        error != NULL ? error->message : NULL);
}

static gboolean
is_cancelled (Sweep *sweep)
{
  return g_cancellable_is_cancelled (sweep->cancellable);
}

static void
settle_run (Sweep   *sweep,
            DeadRun *run)
{
  const char *path = cvm_run_folder_get_path (run->folder);
  g_autoptr(CvmRecord) end = NULL;
  g_autoptr(GError) error = NULL;

  if (sweep->dry_run || run->has_end || run->has_failed)
    return;

  end = cvm_record_new (CVM_RECORD_RUN_END, NULL);
  end->status = CVM_STATUS_FAULT;
  if (open_journal (run, &error) && cvm_journal_write (run->journal, end, &error))
    tell (sweep, CVM_SWEPT_SETTLED, "run", path, "it had died");
  else
    tell (sweep, CVM_SWEPT_LEFT, "run", path, error->message);
}

/* Overlays come after the domains that use them, since they were made before */
static void
sweep_run (Sweep   *sweep,
           DeadRun *run)
{
  if (run->is_unreadable)
    return;

  if (g_hash_table_contains (sweep->alive, cvm_run_folder_get_id (run->folder)))
    {
      tell (sweep, CVM_SWEPT_LEFT, "run", cvm_run_folder_get_path (run->folder),
            "a run of this id lives");
      return;
    }

  for (guint i = run->leftovers->len; i > 0 && !is_cancelled (sweep); i--)
    {
      const Leftover *item = g_ptr_array_index (run->leftovers, i - 1);
      const char *reason = item->is_kept ? "kept on purpose" : reason_not_own (run, item);

      if (reason == NULL && item->uuid == NULL && run->has_failed)
        reason = "its guest may still run";

      if (reason == NULL)
        sweep_item (sweep, run, item);
      else
        tell (sweep, CVM_SWEPT_LEFT, item->kind, item->path != NULL ? item->path : item->name,
              reason);
    }

  if (!is_cancelled (sweep))
    settle_run (sweep, run);
}

/* What hosts have -------------------------------------------------------------------------- */

/* The journal of its run, or of a copy of that, spared it or told of it already */
static gboolean
is_dealt_with (Sweep               *sweep,
               const CvmHostObject *object)
{
  for (guint i = 0; i < sweep->dead->len; i++)
    {
      DeadRun *run = g_ptr_array_index (sweep->dead, i);
      const Leftover *known = g_str_equal (cvm_run_folder_get_id (run->folder), object->run_id)
                              ? find_leftover (run, object->kind, object->uuid) : NULL;

      if (known != NULL && (known->is_kept || sweep->dry_run))
        return TRUE;
    }

  return FALSE;
}

/* Of an object that is ours. NULL: may go; else why it stays, "" when it is simply alive */
static const char *
reason_to_spare (Sweep               *sweep,
                 const CvmHostObject *object)
{
  DeadRun *run = find_run (sweep, object->run_id);
  g_autoptr(CvmRunFolder) folder = NULL;
  g_autoptr(GError) error = NULL;

  if (g_hash_table_contains (sweep->alive, object->run_id) || is_dealt_with (sweep, object))
    return "";
  if (run != NULL)
    return run->is_unreadable ? "its run's journal cannot be read" : NULL;

  folder = cvm_run_folder_open_dead (object->run_dir, &error);
  if (folder != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return NULL;

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY)
         ? "" : "its run's folder cannot be looked at";
}

static const char *
reason_to_leave (Sweep               *sweep,
                 const CvmHostObject *object)
{
  if (!object->is_marked)
    return "only its name is like ours";
  if (object->uid != getuid () || g_strcmp0 (object->machine_id, cvm_id_machine ()) != 0)
    return "it is another user's or another machine's";
  if (object->run_id == NULL || object->run_dir == NULL)
    return "its mark is not whole";

  return reason_to_spare (sweep, object);
}

static void
sweep_object (Sweep               *sweep,
              const char          *uri,
              const CvmHostObject *object)
{
  const char *reason = reason_to_leave (sweep, object);
  Leftover item = { object->kind, object->name, object->uuid, NULL, (char *)uri, FALSE };

  if (reason == NULL)
    sweep_item (sweep, find_run (sweep, object->run_id), &item);
  else if (*reason != '\0')
    tell (sweep, CVM_SWEPT_LEFT, object->kind, object->name, reason);
}

static void
sweep_host (Sweep      *sweep,
            const char *uri)
{
  CvmHost *host = get_host (sweep, uri);
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GError) error = NULL;

  if (host == NULL)
    return;

  objects = cvm_host_list_objects (host, sweep->deadline_us, sweep->cancellable, &error);
  if (objects == NULL)
    {
      tell (sweep, CVM_SWEPT_FAILED, "host", uri, error->message);
      return;
    }

  for (guint i = 0; i < objects->len && !is_cancelled (sweep); i++)
    sweep_object (sweep, uri, g_ptr_array_index (objects, i));
}

static void
drop_host (gpointer host)
{
  g_clear_object (&host);
}

gboolean
cvm_sweep (const CvmPorts     *ports,
           const char *const  *hosts,
           gboolean            dry_run,
           gint64              deadline_us,
           GCancellable       *cancellable,
           CvmSweepFunc        report,
           gpointer            data)
{
  Sweep sweep = { ports, hosts, dry_run, deadline_us, cancellable, report, data };
  g_autoptr(GPtrArray) folders = cvm_run_folder_list ();
  GHashTableIter iter;
  gpointer uri;

  sweep.is_clean = TRUE;
  sweep.dead = g_ptr_array_new_with_free_func ((GDestroyNotify)dead_run_free);
  sweep.alive = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sweep.hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, drop_host);

  for (guint i = 0; i < folders->len; i++)
    find_dead_run (&sweep, g_ptr_array_index (folders, i));

  for (guint i = 0; i < sweep.dead->len; i++)
    sweep_run (&sweep, g_ptr_array_index (sweep.dead, i));

  for (gsize i = 0; hosts != NULL && hosts[i] != NULL; i++)
    get_host (&sweep, hosts[i]);

  g_hash_table_iter_init (&iter, sweep.hosts);
  while (g_hash_table_iter_next (&iter, &uri, NULL))
    sweep_host (&sweep, uri);

  g_ptr_array_unref (sweep.dead);
  g_hash_table_unref (sweep.alive);
  g_hash_table_unref (sweep.hosts);

  return sweep.is_clean;
}
