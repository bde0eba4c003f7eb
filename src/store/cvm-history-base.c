/* cvm-history-base.c: one connection to the database that the index of runs is kept in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-history-base.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "cvm-wait.h"

#define VERSION    1       /* of the schema; counted up with every change */
#define MARK       0x63766d68   /* "cvmh": whose database it is */
#define BUSY_MS    5000    /* that another program may have it for itself */
#define PAUSE_MS   5
#define LOOK_EVERY 2000    /* steps of SQLite's between two looks whether it was cancelled */

struct _CvmHistoryBase
{
  gatomicrefcount  ref_count;

  GMutex           mutex;        /* guards all below */
  sqlite3         *db;
  GHashTable      *statements;   /* SQL → sqlite3_stmt */
  GCancellable    *cancellable;  /* of who has the lock */
  gint64           busy_until_us;
  int              failure;      /* the first since it was locked */
};

/* A row a run, a job of it, a case of that. What is not known is ''. MARK is the letter of a run
 * that ended; FOLDED are its texts as they are searched. */
static const char schema[] =
  "CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dir TEXT NOT NULL UNIQUE,"
  " size INTEGER, changed_us INTEGER, state INTEGER, begun_us INTEGER, took_ms INTEGER,"
  " title TEXT, image TEXT, suite TEXT, host TEXT, hypervisor TEXT, n_jobs INTEGER,"
  " passed INTEGER, failed INTEGER, skipped INTEGER, planned INTEGER, problem TEXT,"
  " mark TEXT, folded TEXT);"
  "CREATE INDEX run_by_time ON run (begun_us, dir);"
  "CREATE INDEX run_by_kind ON run (suite, image, host, begun_us, dir, mark) WHERE mark != '';"
  "CREATE TABLE job (run INTEGER REFERENCES run ON DELETE CASCADE, number INTEGER, image TEXT,"
  " suite TEXT, host TEXT, hypervisor TEXT, memory INTEGER, status INTEGER, begun_us INTEGER,"
  " ms INTEGER, PRIMARY KEY (run, number)) WITHOUT ROWID;"
  "CREATE INDEX job_by_suite ON job (suite, begun_us, image, host, hypervisor, ms)"
  " WHERE status = 0;"
  "CREATE INDEX job_by_image ON job (image, begun_us, memory) WHERE memory > 0;"
  "CREATE TABLE label (id INTEGER PRIMARY KEY, word TEXT, title TEXT, folded TEXT,"
  " UNIQUE (word, title));"
  "CREATE TABLE point (run INTEGER REFERENCES run ON DELETE CASCADE, job INTEGER, number INTEGER,"
  " label INTEGER, outcome INTEGER, ms INTEGER, PRIMARY KEY (run, job, number)) WITHOUT ROWID;"
  "CREATE INDEX point_failed ON point (label, run) WHERE outcome = 1;";

static int
on_step (void *data)
{
  return g_cancellable_is_cancelled (((CvmHistoryBase *)data)->cancellable);
}

/* Another program writes: not for long */
static int
on_busy (void *data,
         int   n_times)
{
  CvmHistoryBase *self = data;

  if (n_times == 0)
    self->busy_until_us = cvm_deadline_in_ms (BUSY_MS);

  return cvm_wait_ms (PAUSE_MS, self->busy_until_us, self->cancellable, NULL);
}

static void
run_sql (CvmHistoryBase *self,
         const char     *sql)
{
  if (self->failure == SQLITE_OK)
    self->failure = sqlite3_exec (self->db, sql, NULL, NULL, NULL);
}

static gint64
pragma (CvmHistoryBase *self,
        const char     *sql)
{
  sqlite3_stmt *statement = cvm_history_base_ask (self, sql, "");
  gint64 value = cvm_history_base_next (self, statement) ? sqlite3_column_int64 (statement, 0) : 0;

  sqlite3_reset (statement);

  return value;
}

/* In place, as SQLite wants it: another program may have it open */
static void
empty (CvmHistoryBase *self)
{
  self->failure = SQLITE_OK;
  g_hash_table_remove_all (self->statements);
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_RESET_DATABASE, 1, NULL);
  run_sql (self, "VACUUM");
  sqlite3_db_config (self->db, SQLITE_DBCONFIG_RESET_DATABASE, 0, NULL);
}

static gboolean
is_damaged (const CvmHistoryBase *self)
{
  int code = self->failure & 0xff;

  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

static gboolean
is_ours (CvmHistoryBase *self)
{
  return pragma (self, "PRAGMA application_id") == MARK
         && pragma (self, "PRAGMA user_version") == VERSION;
}

/* Of two programs that want to make it, the second finds it made */
static void
make_tables (CvmHistoryBase *self)
{
  g_autofree char *end = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d;"
                                          "COMMIT", MARK, VERSION);

  run_sql (self, "BEGIN IMMEDIATE");
  if (!is_ours (self))
    run_sql (self, schema);
  run_sql (self, end);
}

/* Many may read while one writes; what a power cut takes from an index is no loss. Where another
 * program switches at this moment, or the file system cannot do it, the mode is what it is. */
static void
set_mode (CvmHistoryBase *self)
{
  if (self->failure == SQLITE_OK)
    sqlite3_exec (self->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
  run_sql (self, "PRAGMA synchronous = NORMAL");
  run_sql (self, "PRAGMA cache_size = -512");    /* KiB: the system's own cache has the rest */
}

static void
prepare (CvmHistoryBase *self,
         gboolean        afresh)
{
  gboolean has_tables;

  run_sql (self, "PRAGMA foreign_keys = ON");
  has_tables = pragma (self, "SELECT count(*) FROM sqlite_master") > 0;
  if (afresh || is_damaged (self) || (has_tables && !is_ours (self)))
    empty (self);

  set_mode (self);
  if (!is_ours (self))
    make_tables (self);
}

static CvmHistoryBase *
base_new (const char *path,
          int         flags)
{
  CvmHistoryBase *self = g_new0 (CvmHistoryBase, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)sqlite3_finalize);
  self->failure = sqlite3_open_v2 (path, &self->db,
                                   flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
  sqlite3_busy_handler (self->db, on_busy, self);
  sqlite3_progress_handler (self->db, LOOK_EVERY, on_step, self);

  return self;
}

/* Nobody else's to read: SQLite gives the files beside it the same mode */
static void
make_file (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  g_mkdir_with_parents (folder, 0700);
  fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);
  if (fd >= 0)
    close (fd);
}

/* What cannot even be emptied: a file that SQLite sees no database in */
static void
remove_files (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (path, suffixes[i], NULL);

      g_unlink (file);
    }
}

static CvmHistoryBase *
try_open (const char *path,
          gboolean    afresh)
{
  CvmHistoryBase *self;

  make_file (path);
  self = base_new (path, SQLITE_OPEN_READWRITE);
  prepare (self, afresh);

  return self;
}

CvmHistoryBase *
cvm_history_base_open (const char  *path,
                       gboolean     afresh,
                       GError     **error)
{
  g_autoptr(CvmHistoryBase) self = try_open (path, afresh);

  if (is_damaged (self) && g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_clear_pointer (&self, cvm_history_base_unref);
      remove_files (path);
      self = try_open (path, FALSE);
    }

  if (self->failure == SQLITE_OK)
    return g_steal_pointer (&self);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", path,
               sqlite3_errstr (self->failure));

  return NULL;
}

/* As much as can be had; a sync brings the rest */
static void
copy (CvmHistoryBase *self,
      const char     *path)
{
  g_autoptr(CvmHistoryBase) from = base_new (path, SQLITE_OPEN_READONLY);
  sqlite3_backup *backup;

  if (from->failure != SQLITE_OK || !is_ours (from))
    return;

  backup = sqlite3_backup_init (self->db, "main", from->db, "main");
  if (backup == NULL)
    return;

  sqlite3_backup_step (backup, -1);
  sqlite3_backup_finish (backup);
}

CvmHistoryBase *
cvm_history_base_open_memory (const char *path)
{
  CvmHistoryBase *self = base_new (":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

  copy (self, path);
  cvm_history_base_check (self);
  prepare (self, self->failure != SQLITE_OK);

  return self;
}

CvmHistoryBase *
cvm_history_base_ref (CvmHistoryBase *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
cvm_history_base_unref (CvmHistoryBase *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->statements);
  sqlite3_close (self->db);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
cvm_history_base_lock (CvmHistoryBase *self,
                       GCancellable   *cancellable)
{
  g_mutex_lock (&self->mutex);
  self->failure = SQLITE_OK;
  g_set_object (&self->cancellable, cancellable);
}

static void
reset_statement (gpointer sql,
                 gpointer statement,
                 gpointer data)
{
  sqlite3_reset (statement);    /* one that is half read would keep the database as it was */
}

int
cvm_history_base_unlock (CvmHistoryBase *self)
{
  int failure = self->failure & 0xff;

  g_hash_table_foreach (self->statements, reset_statement, NULL);
  g_clear_object (&self->cancellable);
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  g_mutex_unlock (&self->mutex);

  return failure;
}

void
cvm_history_base_check (CvmHistoryBase *self)
{
  sqlite3_stmt *statement = cvm_history_base_ask (self, "PRAGMA quick_check (1)", "");

  if (cvm_history_base_next (self, statement)
      && g_strcmp0 ((const char *)sqlite3_column_text (statement, 0), "ok") != 0)
    self->failure = SQLITE_CORRUPT;
}

static sqlite3_stmt *
get_statement (CvmHistoryBase *self,
               const char     *sql)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (self->failure != SQLITE_OK)
    return NULL;

  if (statement != NULL)
    {
      sqlite3_reset (statement);
      return statement;
    }

  self->failure = sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL);
  if (statement != NULL)
    g_hash_table_insert (self->statements, (gpointer)sql, statement);

  return statement;
}

static sqlite3_stmt *
ask (CvmHistoryBase *self,
     const char     *sql,
     const char     *types,
     va_list         args)
{
  sqlite3_stmt *statement = get_statement (self, sql);

  for (int i = 0; statement != NULL && types[i] != '\0'; i++)
    {
      if (types[i] == 's')
        {
          const char *text = va_arg (args, const char *);

          sqlite3_bind_text (statement, i + 1, text != NULL ? text : "", -1, SQLITE_TRANSIENT);
        }
      else
        {
          sqlite3_bind_int64 (statement, i + 1, va_arg (args, gint64));
        }
    }

  return statement;
}

sqlite3_stmt *
cvm_history_base_ask (CvmHistoryBase *self,
                      const char     *sql,
                      const char     *types,
                      ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = ask (self, sql, types, args);
  va_end (args);

  return statement;
}

gboolean
cvm_history_base_next (CvmHistoryBase *self,
                       sqlite3_stmt   *statement)
{
  int code;

  if (self->failure != SQLITE_OK || statement == NULL)
    return FALSE;

  code = sqlite3_step (statement);
  if (code == SQLITE_ROW)
    return TRUE;

  if (code != SQLITE_DONE)
    self->failure = code;
  sqlite3_reset (statement);

  return FALSE;
}

guint
cvm_history_base_do (CvmHistoryBase *self,
                     const char     *sql,
                     const char     *types,
                     ...)
{
  sqlite3_stmt *statement;
  va_list args;

  va_start (args, types);
  statement = ask (self, sql, types, args);
  va_end (args);

  while (cvm_history_base_next (self, statement))
    continue;

  return self->failure == SQLITE_OK ? (guint)sqlite3_changes (self->db) : 0;
}
