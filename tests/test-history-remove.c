/* test-history-remove.c: a run that is removed is gone or whole, and nothing else is touched
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-journal.h"
#include "cvm-paths.h"
#include "cvm-run-folder.h"
#include "cvm-test-history.h"

static guint
count_listed (CvmHistory *history)
{
  CvmHistoryQuery all = CVM_HISTORY_QUERY_ALL;
  g_autoptr(GPtrArray) listed = NULL;

  g_assert_true (cvm_history_sync (history, NULL, NULL, NULL));
  listed = cvm_history_list (history, &all, 0, NULL, NULL);

  return listed->len;
}

static guint
count_entries (const char *dir)
{
  g_autoptr(GDir) entries = g_dir_open (dir, 0, NULL);
  guint n = 0;

  while (entries != NULL && g_dir_read_name (entries) != NULL)
    n++;

  return n;
}

static void
write_file (const char *dir,
            const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "text\n", -1, NULL));
}

static gboolean
has_file (const char *dir,
          const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

/* A folder as a run leaves it; WISH as for --output */
static CvmRunFolder *
make_run (const char *wish)
{
  g_autoptr(GError) error = NULL;
  CvmRunFolder *folder = cvm_run_folder_new (wish, &error);
  const CvmTestRun run = { NULL };
  g_autofree char *text = cvm_test_run_text (&run);
  g_autofree char *journal = NULL;
  const char *dir;

  g_assert_no_error (error);
  dir = cvm_run_folder_get_path (folder);
  journal = cvm_run_folder_file (folder, "journal.jsonl");
  g_assert_true (g_file_set_contents (journal, text, -1, NULL));
  write_file (dir, "plan.ini");
  write_file (dir, "job-01/report.tap");
  write_file (dir, "job-01/frames/0001.png");

  return folder;
}

static void
assert_refused (CvmHistory *history,
                const char *dir,
                int         code)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_history_remove (history, dir, FALSE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, dir));
}

static void
assert_removed (CvmHistory *history,
                const char *dir,
                gboolean    force)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_history_remove (history, dir, force, NULL, &error));
  g_assert_no_error (error);
}

static void
test_in_runs (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *runs = cvm_paths_runs ();
  g_autoptr(CvmRunFolder) folder = make_run (NULL);
  g_autoptr(CvmRunFolder) other = make_run (NULL);
  g_autofree char *dir = g_strdup (cvm_run_folder_get_path (folder));

  write_file (dir, "notes/mine");
  g_clear_object (&folder);
  g_clear_object (&other);
  g_assert_cmpuint (count_listed (history), ==, 2);
  assert_removed (history, dir, FALSE);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_entries (runs), ==, 1);
  g_assert_cmpuint (count_listed (history), ==, 1);
  assert_refused (history, dir, G_IO_ERROR_NOT_FOUND);
}

/* The user's folder: what runs write there goes, what is the user's stays */
static void
test_elsewhere (gconstpointer data)
{
  gboolean has_more = data != NULL;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *wish = cvm_test_data_path ("elsewhere");
  g_autoptr(CvmRunFolder) folder = make_run (wish);
  g_autofree char *dir = g_strdup (cvm_run_folder_get_path (folder));

  if (has_more)
    {
      write_file (dir, "notes.txt");
      write_file (dir, "job-notes/a");
      write_file (dir, "job-01x/a");
    }

  g_clear_object (&folder);
  g_assert_cmpuint (count_listed (history), ==, 1);
  assert_removed (history, dir, FALSE);
  g_assert_cmpuint (count_entries (runs), ==, 0);
  g_assert_cmpuint (count_entries (dir), ==, has_more ? 3 : 0);
  g_assert_true (g_file_test (dir, G_FILE_TEST_EXISTS) == has_more);
  g_assert_cmpuint (count_listed (history), ==, 0);
}

static void
test_live (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(CvmRunFolder) folder = make_run (NULL);
  g_autofree char *dir = g_strdup (cvm_run_folder_get_path (folder));

  assert_refused (history, dir, G_IO_ERROR_BUSY);
  g_assert_true (has_file (dir, "job-01/report.tap"));
  g_clear_object (&folder);
  assert_removed (history, dir, FALSE);
}

/* Guests ---------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *acts;      /* "+kind key" is an act that went well, "-kind key" one that did not, "?kind
                            key" one of which nothing more is known */
  gboolean    is_refused;
} GuestRow;

static const GuestRow guests[] = {
  { "removed", "+domain U,+domain-remove U", FALSE },
  { "left", "+domain U", TRUE },
  { "perhaps", "?domain U", TRUE },
  { "never", "-domain U,+domain-remove U", FALSE },
  { "late", "-domain U,-domain-remove U", TRUE },
  { "kept", "+domain U,+domain-keep U", TRUE },
  { "not-removed", "+domain U,-domain-remove U", TRUE },
  { "one-of-two", "+domain U,+domain V,+domain-remove U", TRUE },
  { "disk-in-it", "+overlay HERE/job-01/disk.qcow2", FALSE },
  { "disk-elsewhere", "+overlay /images/disk.qcow2", TRUE },
  { "disk-beside", "+overlay HERE-2/disk.qcow2", TRUE },
};

static void
write_act (CvmJournal    *journal,
           CvmRecordType  type,
           const char    *dir,
           const char    *act)
{
  g_autoptr(CvmRecord) record = cvm_record_new (type, "01");
  g_auto(GStrv) words = g_strsplit (act + 1, " ", 2);
  gboolean is_file = strchr (words[1], '/') != NULL;

  record->kind = g_strdup (words[0]);
  record->ok = act[0] == '+';
  if (is_file && g_str_has_prefix (words[1], "HERE"))
    record->path = g_strconcat (dir, words[1] + strlen ("HERE"), NULL);
  else if (is_file)
    record->path = g_strdup (words[1]);
  else
    record->uuid = g_strdup (words[1]);
  g_assert_true (cvm_journal_write (journal, record, NULL));
}

static void
test_guest (gconstpointer data)
{
  const GuestRow *row = data;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autoptr(CvmRunFolder) folder = make_run (NULL);
  g_autofree char *dir = g_strdup (cvm_run_folder_get_path (folder));
  g_autofree char *path = cvm_run_folder_file (folder, "journal.jsonl");
  g_autoptr(CvmJournal) journal = cvm_journal_open (path, NULL);
  g_auto(GStrv) acts = g_strsplit (row->acts, ",", -1);

  for (gsize i = 0; acts[i] != NULL; i++)
    {
      write_act (journal, CVM_RECORD_ACT, dir, acts[i]);
      if (acts[i][0] != '?')
        write_act (journal, CVM_RECORD_ACTED, dir, acts[i]);
    }

  g_clear_object (&folder);
  if (row->is_refused)
    {
      assert_refused (history, dir, G_IO_ERROR_EXISTS);
      g_assert_true (has_file (dir, "job-01/report.tap"));
    }
  assert_removed (history, dir, row->is_refused);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

/* What is no run ---------------------------------------------------------------------------------- */

static void
test_strangers (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *wish = cvm_test_data_path ("elsewhere");
  g_autofree char *plain = cvm_test_data_path ("plain");
  g_autofree char *no_id = g_build_filename (runs, "no-id", NULL);
  g_autofree char *above = g_build_filename (runs, "..", NULL);
  g_autoptr(CvmRunFolder) folder = make_run (wish);
  g_autofree char *dir = g_strdup (cvm_run_folder_get_path (folder));
  g_autofree char *link = g_build_filename (runs, cvm_run_folder_get_id (folder), NULL);

  g_clear_object (&folder);
  write_file (plain, "file");
  write_file (plain, "id");
  write_file (no_id, "journal.jsonl");

  /* a run's folder that no link leads to, as one copied from elsewhere, is not ours to remove */
  g_assert_cmpint (g_unlink (link), ==, 0);
  assert_refused (history, dir, G_IO_ERROR_NOT_FOUND);
  assert_refused (history, plain, G_IO_ERROR_NOT_FOUND);
  assert_refused (history, no_id, G_IO_ERROR_NOT_FOUND);
  assert_refused (history, above, G_IO_ERROR_NOT_FOUND);
  assert_refused (history, runs, G_IO_ERROR_NOT_FOUND);
  assert_refused (history, "/", G_IO_ERROR_NOT_FOUND);
  assert_refused (history, "/nowhere", G_IO_ERROR_NOT_FOUND);
  g_assert_true (has_file (dir, "job-01/report.tap"));
  g_assert_true (has_file (plain, "file"));
  g_assert_true (has_file (no_id, "journal.jsonl"));
}

/* Links in a run's folder lead nowhere that is touched */
static void
test_links (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *wish = cvm_test_data_path ("elsewhere");
  g_autofree char *treasure = cvm_test_data_path ("treasure");
  g_autoptr(CvmRunFolder) folder = make_run (wish);
  g_autofree char *dir = g_strdup (cvm_run_folder_get_path (folder));
  g_autofree char *job = g_build_filename (dir, "job-02", NULL);
  g_autofree char *inner = g_build_filename (dir, "job-01", "frames", "all", NULL);

  write_file (treasure, "gold");
  g_assert_cmpint (symlink (treasure, job), ==, 0);
  g_assert_cmpint (symlink (treasure, inner), ==, 0);
  g_clear_object (&folder);
  assert_removed (history, dir, FALSE);
  g_assert_true (has_file (treasure, "gold"));
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

/* Killed in between: whoever syncs next finishes it, and no list shows it meanwhile */
static void
test_interrupted (gconstpointer data)
{
  gboolean is_elsewhere = data != NULL;
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *wish = cvm_test_data_path ("elsewhere");
  g_autoptr(CvmRunFolder) folder = make_run (is_elsewhere ? wish : NULL);
  g_autofree char *dir = g_strdup (cvm_run_folder_get_path (folder));
  g_autofree char *name = g_strdup (cvm_run_folder_get_id (folder));
  g_autofree char *from = g_build_filename (runs, name, NULL);
  g_autofree char *to = g_strconcat (runs, "/.removed-", name, NULL);
  g_autoptr(GPtrArray) found = NULL;

  g_assert_cmpint (g_rename (from, to), ==, 0);
  found = cvm_run_folder_list ();
  g_assert_cmpuint (found->len, ==, 0);

  /* as long as somebody is at it, nobody else is */
  g_assert_cmpuint (count_listed (history), ==, 0);
  g_assert_cmpuint (count_entries (runs), ==, 1);
  g_clear_object (&folder);
  g_assert_cmpuint (count_listed (history), ==, 0);
  g_assert_cmpuint (count_entries (runs), ==, 0);
  g_assert_false (g_file_test (dir, G_FILE_TEST_EXISTS));
}

/* … and a link whose folder had lost its id already, or went with everything */
static void
test_interrupted_late (gconstpointer data)
{
  g_autoptr(CvmHistory) history = cvm_history_new (NULL);
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *mine = cvm_test_data_path ("mine");
  g_autofree char *link = g_build_filename (runs, ".removed-a", NULL);
  g_autofree char *dangling = g_build_filename (runs, ".removed-b", NULL);
  g_autofree char *half = g_build_filename (runs, ".removed-c", NULL);

  write_file (mine, "plan.ini");
  write_file (half, "job-01/report.tap");
  g_assert_cmpint (symlink (mine, link), ==, 0);
  g_assert_cmpint (symlink ("/nowhere", dangling), ==, 0);
  g_assert_cmpuint (count_listed (history), ==, 0);
  g_assert_cmpuint (count_entries (runs), ==, 0);
  g_assert_true (has_file (mine, "plan.ini"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  cvm_test_history_add ("/history-remove/in-runs", test_in_runs, NULL);
  cvm_test_history_add ("/history-remove/elsewhere", test_elsewhere, NULL);
  cvm_test_history_add ("/history-remove/elsewhere-with-more", test_elsewhere, "more");
  cvm_test_history_add ("/history-remove/live", test_live, NULL);
  cvm_test_history_add ("/history-remove/strangers", test_strangers, NULL);
  cvm_test_history_add ("/history-remove/links", test_links, NULL);
  cvm_test_history_add ("/history-remove/interrupted", test_interrupted, NULL);
  cvm_test_history_add ("/history-remove/interrupted-elsewhere", test_interrupted, "elsewhere");
  cvm_test_history_add ("/history-remove/interrupted-late", test_interrupted_late, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (guests); i++)
    {
      g_autofree char *path = g_strconcat ("/history-remove/guest/", guests[i].name, NULL);

      cvm_test_history_add (path, test_guest, &guests[i]);
    }

  return cvm_test_history_main ();
}
