/* test-file.c: files read within bounds, written whole, locked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = g_dir_make_tmp ("file-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "x", NULL);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);     /* no temporary file is left */
  g_free (f->folder);
  g_free (f->path);
}

static void
put (Fixture    *f,
     const char *text)
{
  g_assert_true (g_file_set_contents (f->path, text, -1, NULL));
}

static void
assert_unread (const char *path,
               gsize       max,
               GIOErrorEnum code)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = cvm_file_read (path, max, NULL, &error);

  g_assert_null (text);
  g_assert_error (error, G_IO_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_read (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *all = NULL;
  gsize len = 99;

  assert_unread (f->path, 10, G_IO_ERROR_NOT_FOUND);
  assert_unread (f->folder, 10, G_IO_ERROR_NOT_REGULAR_FILE);
  put (f, "hello");
  assert_unread (f->path, 4, G_IO_ERROR_MESSAGE_TOO_LARGE);

  text = cvm_file_read (f->path, 5, &len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (len, ==, 5);
  g_assert_cmpstr (text, ==, "hello");

  /* A size of 0 in stat (2) says nothing about the content. */
  all = cvm_file_read ("/proc/self/status", G_MAXSIZE, &len, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (len, >, 100);
  assert_unread ("/proc/self/status", 100, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

/* The open of a FIFO that nobody writes to would block. */
static void
test_read_fifo (Fixture       *f,
                gconstpointer  data)
{
  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  assert_unread (f->path, 10, G_IO_ERROR_NOT_REGULAR_FILE);
  assert_unread ("/dev/zero", 10, G_IO_ERROR_NOT_REGULAR_FILE);
}

static void
test_write (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  struct stat info;
  gsize len;

  put (f, "old");
  g_assert_true (cvm_file_write (f->path, "a\0b", 3, 0600, &error));
  g_assert_no_error (error);
  text = cvm_file_read (f->path, 10, &len, NULL);
  g_assert_cmpmem (text, len, "a\0b", 3);
  g_assert_cmpint (stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_assert_true (cvm_file_write (f->path, "text", -1, 0644, NULL));
  g_assert_cmpint (stat (f->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 4);

  g_assert_false (cvm_file_write ("/no-such-folder/x", "a", 1, 0600, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_lock (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  int first = cvm_file_lock (f->folder, &error);

  g_assert_no_error (error);
  g_assert_cmpint (first, >=, 0);
  g_assert_cmpint (fcntl (first, F_GETFD) & FD_CLOEXEC, !=, 0);

  g_assert_cmpint (cvm_file_lock (f->folder, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);

  close (first);
  first = cvm_file_lock (f->folder, &error);
  g_assert_no_error (error);
  close (first);

  g_assert_cmpint (cvm_file_lock (f->path, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* Whoever dies by SIGKILL lets go of its lock. */
static void
test_lock_killed (Fixture       *f,
                  gconstpointer  data)
{
  int ends[2];
  char byte;
  pid_t pid;
  int fd;

  put (f, "");
  g_assert_cmpint (pipe (ends), ==, 0);

  pid = fork ();
  if (pid == 0)
    {
      if (cvm_file_lock (f->path, NULL) < 0 || write (ends[1], "x", 1) != 1)
        _exit (1);
      while (TRUE)
        pause ();
    }

  g_assert_cmpint (read (ends[0], &byte, 1), ==, 1);
  g_assert_cmpint (cvm_file_lock (f->path, NULL), ==, -1);

  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  fd = cvm_file_lock (f->path, NULL);
  g_assert_cmpint (fd, >=, 0);

  close (fd);
  close (ends[0]);
  close (ends[1]);
}

static void
test_sha256 (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *big = g_strnfill (3 * 1024 * 1024 + 1, 'x');
  g_autofree char *expected = g_compute_checksum_for_string (G_CHECKSUM_SHA256, big, -1);
  g_autofree char *small_sum = NULL;
  g_autofree char *big_sum = NULL;

  put (f, "abc");
  small_sum = cvm_file_sha256 (f->path, NULL, &error);
  g_assert_cmpstr (small_sum, ==,
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

  put (f, big);
  big_sum = cvm_file_sha256 (f->path, cancellable, &error);
  g_assert_cmpstr (big_sum, ==, expected);

  g_cancellable_cancel (cancellable);
  g_assert_null (cvm_file_sha256 (f->path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  g_assert_null (cvm_file_sha256 (f->folder, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

static void
test_beside (Fixture       *f,
             gconstpointer  data)
{
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *expected = g_build_filename (here, "disk", NULL);
  g_autofree char *expected_sub = g_build_filename (here, "sub", "disk", NULL);
  g_autofree char *absolute = cvm_file_beside ("/a/b.image", "/c/disk");
  g_autofree char *beside = cvm_file_beside ("/a/b.image", "c/disk");
  g_autofree char *relative = cvm_file_beside ("b.image", "disk");
  g_autofree char *sub = cvm_file_beside ("sub/b.image", "disk");

  g_assert_cmpstr (absolute, ==, "/c/disk");
  g_assert_cmpstr (beside, ==, "/a/c/disk");
  g_assert_cmpstr (relative, ==, expected);
  g_assert_cmpstr (sub, ==, expected_sub);
}

/* All of it, and nothing that a link in it leads to */
static void
test_remove_tree (Fixture       *f,
                  gconstpointer  data)
{
  g_autofree char *tree = g_build_filename (f->folder, "tree", NULL);
  g_autofree char *deep = g_build_filename (tree, "a", "b", NULL);
  g_autofree char *file = g_build_filename (deep, "file", NULL);
  g_autofree char *link = g_build_filename (tree, "link", NULL);
  g_autofree char *outside = g_build_filename (f->folder, "outside", NULL);
  g_autofree char *kept = g_build_filename (outside, "kept", NULL);

  g_assert_cmpint (g_mkdir_with_parents (deep, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (outside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  g_assert_true (g_file_set_contents (kept, "y", -1, NULL));
  g_assert_cmpint (symlink (outside, link), ==, 0);

  cvm_file_remove_tree (tree);
  g_assert_false (g_file_test (tree, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));

  cvm_file_remove_tree (tree);   /* what is gone is no fault */
  cvm_file_remove_tree (outside);
  g_assert_false (g_file_test (outside, G_FILE_TEST_EXISTS));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/file/read", Fixture, NULL, set_up, test_read, tear_down);
  g_test_add ("/file/read-fifo", Fixture, NULL, set_up, test_read_fifo, tear_down);
  g_test_add ("/file/write", Fixture, NULL, set_up, test_write, tear_down);
  g_test_add ("/file/lock", Fixture, NULL, set_up, test_lock, tear_down);
  g_test_add ("/file/lock-killed", Fixture, NULL, set_up, test_lock_killed, tear_down);
  g_test_add ("/file/sha256", Fixture, NULL, set_up, test_sha256, tear_down);
  g_test_add ("/file/beside", Fixture, NULL, set_up, test_beside, tear_down);
  g_test_add ("/file/remove-tree", Fixture, NULL, set_up, test_remove_tree, tear_down);

  return g_test_run ();
}
