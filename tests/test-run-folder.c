/* test-run-folder.c: a run has its folder for itself, and is dead when it lets go of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cvm-paths.h"
#include "cvm-run-folder.h"

/* The user's data of these tests; G_TEST_OPTION_ISOLATE_DIRS would do, but GLib leaks in it */
static char *data_dir;

static int
remove_entry (const char        *path,
              const struct stat *info,
              int                type,
              struct FTW        *place)
{
  return remove (path);
}

static void
run_test (gconstpointer data)
{
  void (*test) (void) = data;

  g_assert_cmpint (g_mkdir (data_dir, 0700), ==, 0);
  test ();
  g_assert_cmpint (nftw (data_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
}

static CvmRunFolder *
make (const char *path)
{
  g_autoptr(GError) error = NULL;
  CvmRunFolder *folder = cvm_run_folder_new (path, &error);

  g_assert_no_error (error);

  return folder;
}

static void
assert_refused_naming (const char *path,
                       int         code,
                       const char *named)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_new (path, &error);

  g_assert_null (folder);
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, named));
}

static void
assert_refused (const char *path,
                int         code)
{
  assert_refused_naming (path, code, path);
}

static char *
outside (const char *name)
{
  return g_build_filename (g_get_user_data_dir (), name, NULL);
}

static guint
count_listed (void)
{
  g_autoptr(GPtrArray) paths = cvm_run_folder_list ();

  return paths->len;
}

static void
assert_listed (const char *path)
{
  g_autoptr(GPtrArray) paths = cvm_run_folder_list ();

  g_assert_true (g_ptr_array_find_with_equal_func (paths, path, g_str_equal, NULL));
}

static void
test_in_runs (void)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autoptr(CvmRunFolder) folder = make (NULL);
  const char *path = cvm_run_folder_get_path (folder);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *id_file = cvm_run_folder_file (folder, "id");
  g_autofree char *id = NULL;
  struct stat info;

  g_assert_true (g_str_has_prefix (path, runs));
  g_assert_cmpstr (name, ==, cvm_run_folder_get_id (folder));
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_true (g_file_get_contents (id_file, &id, NULL, NULL));
  g_assert_cmpstr (g_strchomp (id), ==, name);
  assert_listed (path);
  g_assert_finalize_object (g_steal_pointer (&folder));
}

static void
test_many (void)
{
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) paths = NULL;

  for (guint i = 0; i < 60; i++)
    g_ptr_array_add (folders, make (NULL));

  paths = cvm_run_folder_list ();
  g_assert_cmpuint (paths->len, ==, 60);

  for (guint i = 1; i < paths->len; i++)
    g_assert_cmpstr (paths->pdata[i - 1], <, paths->pdata[i]);
}

static void
test_outside (void)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *path = outside ("a/b/out");
  g_autoptr(CvmRunFolder) folder = make (path);
  g_autofree char *link = g_build_filename (runs, cvm_run_folder_get_id (folder), NULL);
  g_autofree char *target = g_file_read_link (link, NULL);

  g_assert_cmpstr (cvm_run_folder_get_path (folder), ==, path);
  g_assert_cmpstr (target, ==, path);
  assert_listed (path);
  assert_refused (path, G_IO_ERROR_BUSY);
  g_clear_object (&folder);
  assert_refused (path, G_IO_ERROR_NOT_EMPTY);
}

static void
test_given (void)
{
  g_autofree char *empty = outside ("empty");
  g_autofree char *full = outside ("full");
  g_autofree char *file = g_build_filename (full, "file", NULL);
  g_autofree char *below_file = g_build_filename (file, "out", NULL);
  g_autoptr(CvmRunFolder) folder = NULL;

  g_assert_cmpint (g_mkdir_with_parents (empty, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (full, 0755), ==, 0);
  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));

  folder = make (empty);
  g_assert_cmpstr (cvm_run_folder_get_path (folder), ==, empty);
  assert_refused (full, G_IO_ERROR_NOT_EMPTY);
  assert_refused (file, G_IO_ERROR_NOT_DIRECTORY);
  assert_refused_naming (below_file, G_IO_ERROR_NOT_DIRECTORY, file);
  g_assert_cmpuint (count_listed (), ==, 1);
}

/* A folder named by the user that lies in runs/ already needs no link */
static void
test_given_in_runs (void)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *path = g_build_filename (runs, "tonight", NULL);
  g_autoptr(CvmRunFolder) folder = make (path);
  g_autoptr(GDir) dir = NULL;

  g_assert_cmpuint (count_listed (), ==, 1);
  assert_listed (path);
  g_assert_cmpstr (cvm_run_folder_get_id (folder), !=, "tonight");

  dir = g_dir_open (runs, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "tonight");
  g_assert_null (g_dir_read_name (dir));
}

/* Ids are drawn, so two runs of one second can draw the same: the second one draws again */
static void
test_same_id (void)
{
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *elsewhere = outside ("elsewhere");

  for (guint i = 0; i < 20; i++)
    {
      g_random_set_seed (i / 10);
      g_ptr_array_add (folders, make (NULL));
    }

  g_random_set_seed (0);
  g_ptr_array_add (folders, make (elsewhere));
  g_assert_cmpuint (count_listed (), ==, folders->len);
}

static void
test_list (void)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *gone = outside ("gone");
  g_autofree char *dangling = NULL;
  g_autofree char *no_id = g_build_filename (runs, "2026-01-01T000000Z-0000", NULL);
  g_autofree char *stray = g_build_filename (runs, "notes.txt", NULL);
  g_autofree char *id_file = g_build_filename (gone, "id", NULL);
  g_autoptr(CvmRunFolder) folder = NULL;

  g_assert_cmpuint (count_listed (), ==, 0);      /* runs/ itself is not there yet */

  folder = make (gone);
  dangling = g_build_filename (runs, cvm_run_folder_get_id (folder), NULL);
  g_assert_cmpint (g_unlink (id_file), ==, 0);
  g_assert_cmpint (g_rmdir (gone), ==, 0);
  g_assert_cmpint (g_mkdir (no_id, 0700), ==, 0);
  g_assert_true (g_file_set_contents (stray, "x", -1, NULL));

  g_assert_cmpuint (count_listed (), ==, 0);
  g_assert_true (g_file_test (dangling, G_FILE_TEST_IS_SYMLINK));
}

static void
assert_alive (const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_open_dead (path, &error);

  g_assert_null (folder);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

static void
test_dead (void)
{
  g_autoptr(CvmRunFolder) folder = make (NULL);
  g_autofree char *path = g_strdup (cvm_run_folder_get_path (folder));
  g_autofree char *id = g_strdup (cvm_run_folder_get_id (folder));
  g_autoptr(CvmRunFolder) dead = NULL;

  assert_alive (path);
  g_clear_object (&folder);
  dead = cvm_run_folder_open_dead (path, NULL);
  g_assert_cmpstr (cvm_run_folder_get_id (dead), ==, id);
  g_assert_cmpstr (cvm_run_folder_get_path (dead), ==, path);
  assert_alive (path);      /* two sweepers do not meet there */
}

/* The lock outlives nothing: not a SIGKILL, and no child that the run had started holds it */
static void
test_killed (void)
{
  g_autofree char *path = outside ("killed");
  g_autoptr(CvmRunFolder) dead = NULL;
  char *sleeper[] = { (char *)"cat", NULL };
  int pipe_fds[2], child_stdin;
  pid_t pid;
  char byte;

  g_assert_cmpint (pipe2 (pipe_fds, O_CLOEXEC), ==, 0);
  pid = fork ();

  if (pid == 0)
    {
      CvmRunFolder *folder = cvm_run_folder_new (path, NULL);

      /* its stdin is a pipe that this process keeps: it ends soon after, not before */
      g_spawn_async_with_pipes (NULL, sleeper, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                                &child_stdin, NULL, NULL, NULL);
      if (folder == NULL || write (pipe_fds[1], "x", 1) != 1)
        _exit (1);
      for (;;)
        pause ();
    }

  g_assert_cmpint (read (pipe_fds[0], &byte, 1), ==, 1);
  assert_alive (path);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);

  dead = cvm_run_folder_open_dead (path, NULL);
  g_assert_nonnull (dead);
  close (pipe_fds[0]);
  close (pipe_fds[1]);
}

static void
test_bad_id (void)
{
  static const char *const ids[] = { "", "\n", "../../etc", "a b", "a\nb", "é", "-\x01" };
  g_autofree char *path = outside ("anybody");
  g_autofree char *file = g_build_filename (path, "id", NULL);
  g_autofree char *long_id = g_strnfill (65, 'a');
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_run_folder_open_dead (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_clear_error (&error);
      g_assert_true (g_file_set_contents (file, ids[i], -1, NULL));
      g_assert_null (cvm_run_folder_open_dead (path, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, file));
    }

  g_assert_true (g_file_set_contents (file, long_id, -1, NULL));
  g_assert_null (cvm_run_folder_open_dead (path, NULL));
}

static void
test_job_file (void)
{
  g_autoptr(CvmRunFolder) folder = make (NULL);
  g_autofree char *frame = cvm_run_folder_job_file (folder, "01", "frames/0001.png", NULL);
  g_autofree char *wanted = cvm_run_folder_file (folder, "job-01/frames/0001.png");
  g_autofree char *again = cvm_run_folder_job_file (folder, "01", "serial.log", NULL);
  g_autofree char *in_the_way = cvm_run_folder_file (folder, "job-02");
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (frame, ==, wanted);
  g_assert_true (g_file_set_contents (frame, "", 0, NULL));
  g_assert_true (g_file_set_contents (again, "", 0, NULL));

  g_assert_true (g_file_set_contents (in_the_way, "", 0, NULL));
  g_assert_null (cvm_run_folder_job_file (folder, "02", "serial.log", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
}

static void
test_safe_name (void)
{
  static const struct { const char *wish, *name; } rows[] = {
    { "serial.log", "serial.log" },
    { "A-z_0.9", "A-z_0.9" },
    { "", "_" },
    { ".", "_" },
    { "..", "_." },
    { "../../etc/passwd", "_._.._etc_passwd" },
    { "/", "_" },
    { "a b\tc\nd", "a_b_c_d" },
    { "caf\xe9 \xc3\xa9", "caf____" },
    { "-rf", "-rf" },
  };
  g_autofree char *long_wish = g_strnfill (1000, 'x');
  g_autofree char *long_name = cvm_run_folder_safe_name (long_wish);

  g_assert_cmpuint (strlen (long_name), ==, 100);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = cvm_run_folder_safe_name (rows[i].wish);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

/* Locked and named as any other, and in no list */
static void
test_unlisted (void)
{
  g_autofree char *path = g_build_filename (data_dir, "look", NULL);
  g_autoptr(GError) error = NULL;
  CvmRunFolder *folder = cvm_run_folder_new_unlisted (path, &error);
  g_autoptr(GPtrArray) paths = cvm_run_folder_list ();
  g_autoptr(CvmRunFolder) second = NULL;
  g_autofree char *id = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (paths->len, ==, 0);
  id = cvm_run_folder_read_id (path, NULL);
  g_assert_cmpstr (id, ==, cvm_run_folder_get_id (folder));
  second = cvm_run_folder_new_unlisted (path, &error);
  g_assert_null (second);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_object_unref (folder);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *tmp = g_dir_make_tmp ("cvm-run-folder-XXXXXX", NULL);
  int status;

  data_dir = g_build_filename (tmp, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data_dir, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/run-folder/in-runs", test_in_runs, run_test);
  g_test_add_data_func ("/run-folder/many", test_many, run_test);
  g_test_add_data_func ("/run-folder/outside", test_outside, run_test);
  g_test_add_data_func ("/run-folder/given", test_given, run_test);
  g_test_add_data_func ("/run-folder/given-in-runs", test_given_in_runs, run_test);
  g_test_add_data_func ("/run-folder/same-id", test_same_id, run_test);
  g_test_add_data_func ("/run-folder/list", test_list, run_test);
  g_test_add_data_func ("/run-folder/unlisted", test_unlisted, run_test);
  g_test_add_data_func ("/run-folder/dead", test_dead, run_test);
  g_test_add_data_func ("/run-folder/killed", test_killed, run_test);
  g_test_add_data_func ("/run-folder/bad-id", test_bad_id, run_test);
  g_test_add_data_func ("/run-folder/job-file", test_job_file, run_test);
  g_test_add_data_func ("/run-folder/safe-name", test_safe_name, run_test);

  status = g_test_run ();
  g_rmdir (tmp);
  g_free (data_dir);

  return status;
}
