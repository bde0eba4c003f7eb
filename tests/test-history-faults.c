/* test-history-faults.c: the index may be lost at any time, and nobody notices
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cvm-paths.h"
#include "cvm-test-history.h"

#define N_RUNS 40

static const char *program;

static void
make_runs (guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("r%04u", i);
      const CvmTestRun run = { name, i, i % 3 == 0 ? "failed" : "passed", "start+ answers-" };

      g_free (cvm_test_run_make (&run));
    }
}

static guint
count_listed (CvmHistory *history)
{
  CvmHistoryQuery all = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) runs = cvm_history_list (history, &all, 0, NULL, &error);

  g_assert_no_error (error);

  return runs->len;
}

static void
assert_synced (CvmHistory *history,
               guint       n)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_history_sync (history, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_listed (history), ==, n);
}

/* Told once at most, and only when it is so */
static void
assert_notice (CvmHistory *history,
               gboolean    is_in_memory)
{
  g_autofree char *notice = cvm_history_take_notice (history);
  g_autofree char *again = cvm_history_take_notice (history);

  g_assert_true ((notice != NULL) == is_in_memory);
  g_assert_null (again);
}

static char *
index_path (void)
{
  return cvm_test_data_path ("history.db");
}

/* Damage --------------------------------------------------------------------------------------- */

/* In its place, so that who has it open has it too */
static void
write_index (const char *bytes,
             gssize      len)
{
  g_autofree char *path = index_path ();
  FILE *file = fopen (path, "w");
  gsize n = len >= 0 ? (gsize)len : strlen (bytes);

  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
change_index (const char *sql)
{
  g_autofree char *path = index_path ();
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

/* With what was in the write-ahead log, as after a program's end */
static char *
read_index (gsize *len)
{
  g_autofree char *path = index_path ();
  char *bytes = NULL;

  change_index ("PRAGMA wal_checkpoint (TRUNCATE)");
  g_assert_true (g_file_get_contents (path, &bytes, len, NULL));
  g_assert_cmpuint (*len, >, 8192);

  return bytes;
}

static void
remove_it (void)
{
  g_autofree char *path = index_path ();

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
empty_it (void)
{
  write_index ("", 0);
}

static void
fill_with_text (void)
{
  g_autofree char *text = g_strnfill (20000, 'x');

  write_index (text, -1);
}

static void
cut_it (void)
{
  gsize len;
  g_autofree char *bytes = read_index (&len);

  write_index (bytes, (gssize)len / 2 + 100);
}

static void
garble_pages (void)
{
  gsize len;
  g_autofree char *bytes = read_index (&len);

  memset (bytes + 4096, 0xa5, len - 4096);
  write_index (bytes, (gssize)len);
}

static void
garble_head (void)
{
  gsize len;
  g_autofree char *bytes = read_index (&len);

  memset (bytes, 0x5a, 64);
  write_index (bytes, (gssize)len);
}

static void
older_version (void)
{
  change_index ("PRAGMA user_version = 0");
}

static void
newer_version (void)
{
  change_index ("PRAGMA user_version = 1000");
}

static void
strange_tables (void)
{
  remove_it ();
  change_index ("CREATE TABLE run (what TEXT); INSERT INTO run VALUES ('mine')");
}

static void
table_gone (void)
{
  change_index ("DROP TABLE point");
}

static void
column_gone (void)
{
  change_index ("DROP TABLE run; CREATE TABLE run (name TEXT)");
}

static void
stale_log (void)
{
  g_autofree char *path = index_path ();
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *text = g_strnfill (40000, 'w');

  g_assert_true (g_file_set_contents (log, text, -1, NULL));
}

static const struct
{
  const char *name;
  void      (*damage) (void);
} damages[] = {
  { "missing", remove_it }, { "empty", empty_it }, { "text", fill_with_text }, { "cut", cut_it },
  { "garbled-pages", garble_pages }, { "garbled-head", garble_head },
  { "older-version", older_version }, { "newer-version", newer_version },
  { "strange-tables", strange_tables }, { "table-gone", table_gone },
  { "column-gone", column_gone }, { "stale-log", stale_log },
};

/* Before it is opened */
static void
test_damaged (gconstpointer data)
{
  const typeof (damages[0]) *row = data;
  g_autoptr(CvmHistory) first = cvm_history_new (NULL);
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);

  make_runs (N_RUNS);
  assert_synced (first, N_RUNS);
  g_clear_object (&first);

  row->damage ();
  count_listed (history);
  assert_synced (history, N_RUNS);
  assert_notice (history, FALSE);
  g_clear_object (&history);

  /* and it was mended on the disk */
  history = cvm_history_new (NULL);
  g_assert_cmpuint (count_listed (history), ==, N_RUNS);
}

/* While it is open, by another program or by the disk */
static void
test_damaged_while_open (gconstpointer data)
{
  const typeof (damages[0]) *row = data;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(CvmHistory) other = cvm_history_new (NULL);

  make_runs (N_RUNS);
  assert_synced (history, N_RUNS);
  row->damage ();
  count_listed (history);
  assert_synced (history, N_RUNS);
  g_clear_object (&history);
  assert_synced (other, N_RUNS);
  assert_notice (other, FALSE);
}

/* Where it cannot be written --------------------------------------------------------------------- */

static void
test_no_place (gconstpointer data)
{
  g_autofree char *file = cvm_test_data_path ("file");
  g_autofree char *folder = cvm_test_data_path ("folder");
  g_autofree char *below = g_build_filename (file, "history.db", NULL);
  const char *const paths[] = { below, folder, "/proc/history.db" };

  g_assert_true (g_file_set_contents (file, "text", -1, NULL));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  make_runs (5);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(CvmHistory) history = cvm_history_new (paths[i]);

      g_assert_cmpuint (count_listed (history), ==, 0);
      assert_notice (history, TRUE);
      assert_synced (history, 5);
      assert_synced (history, 5);
      assert_notice (history, FALSE);
    }
}

/* Many at once ---------------------------------------------------------------------------------- */

static gpointer
sync_and_list (gpointer history)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr(GError) error = NULL;
      CvmHistoryQuery all = CVM_HISTORY_QUERY_ALL;

      g_assert_true (cvm_history_sync (history, NULL, NULL, &error));
      g_assert_cmpuint (cvm_history_count (history, &all, NULL), ==, N_RUNS);
      g_assert_cmpuint (count_listed (history), ==, N_RUNS);
    }

  return NULL;
}

static void
test_threads (gconstpointer data)
{
  gboolean is_one = data != NULL;
  CvmHistory *histories[4];
  GThread *threads[4];

  make_runs (N_RUNS);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    histories[i] = is_one && i > 0 ? g_object_ref (histories[0]) : cvm_history_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("sync", sync_and_list, histories[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      assert_notice (histories[i], FALSE);
      g_object_unref (histories[i]);
    }
}

static GPid
start_other (const char *how)
{
  const char *const argv[] = { program, how, NULL };
  g_autoptr(GError) error = NULL;
  GPid pid;

  g_assert_true (g_spawn_async (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                &pid, &error));
  g_assert_no_error (error);

  return pid;
}

static int
wait_for (GPid pid)
{
  int status = -1;

  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  return status;
}

static void
test_programs (gconstpointer data)
{
  GPid others[4];
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);

  make_runs (N_RUNS);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    others[i] = start_other ("--sync");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_cmpint (wait_for (others[i]), ==, 0);

  g_assert_cmpuint (count_listed (history), ==, N_RUNS);
}

/* Killed as soon as the index has anything of it, again and again */
static void
test_killed (gconstpointer data)
{
  const guint n_runs = 4 * N_RUNS;
  g_autofree char *path = index_path ();
  guint n_half = 0;

  make_runs (n_runs);
  for (guint round = 0; round < 4; round++)
    {
      g_autoptr(CvmHistory) history = cvm_history_new (NULL);
      GPid pid;
      guint n;

      g_unlink (path);
      pid = start_other ("--sync");
      do
        n = count_listed (history);
      while (n == 0 && waitpid (pid, NULL, WNOHANG) == 0);
      kill (pid, SIGKILL);
      waitpid (pid, NULL, 0);

      n_half += n < n_runs;
      assert_synced (history, n_runs);
      assert_notice (history, FALSE);
    }

  g_assert_cmpuint (n_half, >, 0);
}

/* An index that is full of other runs, and no room for these */
static void
test_full_disk (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);

  make_runs (N_RUNS);
  assert_synced (history, N_RUNS);
  make_runs (5 * N_RUNS);
  g_assert_cmpint (wait_for (start_other ("--sync-on-full-disk")), ==, 0);
  assert_synced (history, 5 * N_RUNS);
  assert_notice (history, FALSE);
}

/* In a process of its own, in the folder of the test that started it */
static int
sync_only (gboolean is_full)
{
  const struct rlimit limit = { 40 * 1024, 40 * 1024 };
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);

  if (is_full)
    {
      /* files may not grow from now on */
      signal (SIGXFSZ, SIG_IGN);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
      assert_synced (history, 5 * N_RUNS);
    }

  g_assert_true (cvm_history_sync (history, NULL, NULL, NULL));
  assert_notice (history, is_full);

  return 0;
}

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 2 && g_str_has_prefix (argv[1], "--sync"))
    return sync_only (g_str_has_suffix (argv[1], "full-disk"));

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strconcat ("/history-faults/damaged/", damages[i].name, NULL);
      g_autofree char *open_path = g_strconcat ("/history-faults/open/", damages[i].name, NULL);

      cvm_test_history_add (path, test_damaged, &damages[i]);
      cvm_test_history_add (open_path, test_damaged_while_open, &damages[i]);
    }

  cvm_test_history_add ("/history-faults/no-place", test_no_place, NULL);
  cvm_test_history_add ("/history-faults/threads/one", test_threads, "one");
  cvm_test_history_add ("/history-faults/threads/each-its-own", test_threads, NULL);
  cvm_test_history_add ("/history-faults/programs", test_programs, NULL);
  cvm_test_history_add ("/history-faults/killed", test_killed, NULL);
  cvm_test_history_add ("/history-faults/full-disk", test_full_disk, NULL);

  return cvm_test_history_main ();
}
