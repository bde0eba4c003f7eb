/* test-image-shelf.c: which images are here, and all that is known of each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-shelf.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-paths.h"
#include "cvm-run-folder.h"
#include "cvm-test-home.h"

static CvmImageStore *
open_store (void)
{
  g_autoptr(GError) error = NULL;
  CvmImageStore *store = cvm_image_store_open (NULL, &error);

  g_assert_no_error (error);

  return store;
}

static void
add (CvmImageStore *store,
     const char    *name,
     const char    *text,
     gboolean       replaces)
{
  g_autoptr(CvmImageWork) work = cvm_image_work_new (store, NULL);
  g_autofree char *folder = g_build_filename (cvm_image_work_get_path (work), "files", NULL);
  g_autofree char *path = g_build_filename (folder, "disk.img", NULL);
  const CvmImageNew image = { .name = name, .folder = folder, .disk = "disk.img", .format = "raw",
                              .arch = "x86_64", .source = "http://h/vm.img", .source_sha256 = "abc",
                              .replaces = replaces };
  g_autoptr(GError) error = NULL;
  g_autofree char *made = NULL;

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  made = cvm_image_store_add (store, &image, NULL, &error);
  g_assert_no_error (error);
}

static void
expect_damage (CvmImageStore *store,
               const char    *path,
               const char    *part)
{
  g_autofree char *damage = cvm_shelf_find_damage (store, path);

  g_assert_true (part != NULL ? damage != NULL && strstr (damage, part) != NULL : damage == NULL);
}

static CvmShelf *
read_shelf (void)
{
  g_autoptr(GError) error = NULL;
  CvmShelf *shelf = cvm_shelf_read (NULL, &error);

  g_assert_no_error (error);

  return shelf;
}

static const CvmShelfImage *
find (CvmShelf   *shelf,
      const char *name)
{
  for (guint i = 0; i < shelf->images->len; i++)
    {
      const CvmShelfImage *image = shelf->images->pdata[i];

      if (g_str_equal (image->name, name))
        return image;
    }

  return NULL;
}

static void
test_empty (void)
{
  g_autoptr(CvmShelf) shelf = NULL;

  cvm_test_home_clear ();
  shelf = read_shelf ();
  g_assert_cmpuint (shelf->images->len, ==, 0);
  g_assert_cmpint (shelf->free_bytes, >, 0);
}

static void
test_what_is_known (void)
{
  g_autoptr(CvmImageStore) store = NULL;
  g_autoptr(CvmShelf) shelf = NULL;
  g_autofree char *text = g_strnfill (100000, 'x');
  const CvmShelfImage *image;

  cvm_test_home_clear ();
  store = open_store ();
  add (store, "b", text, FALSE);
  add (store, "a", "small", FALSE);
  shelf = read_shelf ();
  g_assert_cmpuint (shelf->images->len, ==, 2);
  g_assert_cmpstr (((CvmShelfImage *)shelf->images->pdata[0])->name, ==, "a");

  image = find (shelf, "b");
  g_assert_nonnull (image->image);
  g_assert_null (image->problem);
  g_assert_true (image->is_own);
  g_assert_cmpint (image->bytes, >=, 100000);
  g_assert_cmpint (shelf->bytes, >=, image->bytes);
  g_assert_cmpstr (image->source, ==, "http://h/vm.img");
  g_assert_cmpstr (image->source_sha256, ==, "abc");
  g_assert_cmpint (image->checked_us, ==, 0);
  g_assert_cmpuint (image->n_runs, ==, 0);
}

/* A note is about a disk: another one under the same name was never checked */
static void
test_notes (void)
{
  g_autoptr(CvmImageStore) store = NULL;
  g_autoptr(CvmShelf) shelf = NULL;
  gint64 now_us = g_get_real_time ();

  cvm_test_home_clear ();
  store = open_store ();
  add (store, "vm", "one", FALSE);
  g_assert_true (cvm_shelf_note (store, "vm", NULL, "someone", NULL));
  shelf = read_shelf ();
  g_assert_cmpint (ABS (find (shelf, "vm")->checked_us - now_us), <, 10 * G_USEC_PER_SEC);
  g_assert_cmpstr (find (shelf, "vm")->signature, ==, "someone");
  g_assert_null (find (shelf, "vm")->problem);

  g_assert_true (cvm_shelf_note (store, "vm", "disk.img has\n another \xff checksum", NULL, NULL));
  g_clear_pointer (&shelf, cvm_shelf_free);
  shelf = read_shelf ();
  g_assert_nonnull (strstr (find (shelf, "vm")->problem, "another"));
  expect_damage (store, find (shelf, "vm")->path, "another");
  expect_damage (store, "/elsewhere/vm.image", NULL);
  g_assert_cmpstr (find (shelf, "vm")->signature, ==, "someone");

  add (store, "vm", "two", TRUE);
  g_clear_pointer (&shelf, cvm_shelf_free);
  shelf = read_shelf ();
  g_assert_cmpint (find (shelf, "vm")->checked_us, ==, 0);
  expect_damage (store, find (shelf, "vm")->path, NULL);
  g_assert_null (find (shelf, "vm")->problem);
  g_assert_null (find (shelf, "vm")->signature);
}

static void
test_notes_are_forgotten (void)
{
  g_autoptr(CvmImageStore) store = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  cvm_test_home_clear ();
  store = open_store ();
  add (store, "gone", "one", FALSE);
  add (store, "vm", "two", FALSE);
  g_assert_true (cvm_shelf_note (store, "gone", NULL, NULL, NULL));
  g_assert_true (cvm_image_store_remove (store, "gone", NULL, NULL));
  g_assert_true (cvm_shelf_note (store, "vm", NULL, NULL, NULL));
  path = g_build_filename (cvm_image_store_get_path (store), "notes.ini", NULL);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "[Note vm]"));
  g_assert_null (strstr (text, "gone"));
}

/* Rubbish in the folder is told, and harms nobody */
static void
test_broken (void)
{
  g_autoptr(CvmImageStore) store = NULL;
  g_autoptr(CvmShelf) shelf = NULL;
  g_autofree char *bad = NULL;
  g_autofree char *notes = NULL;
  g_autofree char *odd = NULL;

  cvm_test_home_clear ();
  store = open_store ();
  add (store, "vm", "one", FALSE);
  bad = g_build_filename (cvm_image_store_get_path (store), "bad.image", NULL);
  notes = g_build_filename (cvm_image_store_get_path (store), "notes.ini", NULL);
  odd = g_build_filename (cvm_image_store_get_path (store), "\xff.image", NULL);
  g_assert_true (g_file_set_contents (bad, "[Image]\nNonsense=1\n", -1, NULL));
  g_assert_true (g_file_set_contents (odd, "[Image]\n", -1, NULL));
  g_assert_true (g_file_set_contents (notes, "[Note vm]\nDisk=x\nDisk=y\nnonsense", -1, NULL));

  shelf = read_shelf ();
  g_assert_cmpuint (shelf->images->len, ==, 2);
  g_assert_null (find (shelf, "bad")->image);
  g_assert_nonnull (strstr (find (shelf, "bad")->problem, "bad.image:2"));
  g_assert_nonnull (find (shelf, "vm")->image);
  g_assert_cmpint (find (shelf, "vm")->checked_us, ==, 0);
  g_assert_true (cvm_shelf_note (store, "vm", NULL, NULL, NULL));
}

/* Another file of the disk is told by its size at once, without a check */
static void
test_cut (void)
{
  g_autoptr(CvmImageStore) store = NULL;
  g_autoptr(CvmShelf) shelf = NULL;

  cvm_test_home_clear ();
  store = open_store ();
  add (store, "vm", "one", FALSE);
  shelf = read_shelf ();
  g_assert_cmpint (g_chmod (find (shelf, "vm")->image->disk, 0644), ==, 0);
  g_assert_true (g_file_set_contents (find (shelf, "vm")->image->disk, "o", -1, NULL));
  g_clear_pointer (&shelf, cvm_shelf_free);
  shelf = read_shelf ();
  g_assert_nonnull (find (shelf, "vm")->problem);
}

static void
test_runs (void)
{
  g_autoptr(CvmImageStore) store = NULL;
  g_autoptr(CvmShelf) shelf = NULL;
  g_autoptr(CvmRunFolder) run = NULL;
  g_autofree char *plan = NULL;
  g_autofree char *text = NULL;

  cvm_test_home_clear ();
  store = open_store ();
  add (store, "vm", "one", FALSE);
  add (store, "other", "two", FALSE);
  run = cvm_run_folder_new (NULL, NULL);
  plan = cvm_run_folder_file (run, "plan.ini");
  text = g_strdup_printf ("[Plan]\nVersion=1\n[Job 01]\nImagePath=%s/vm.image\n[Job 02]\n"
                          "ImagePath=%s/vm.image\n", cvm_image_store_get_path (store),
                          cvm_image_store_get_path (store));
  g_assert_true (g_file_set_contents (plan, text, -1, NULL));

  shelf = read_shelf ();
  g_assert_cmpuint (find (shelf, "vm")->n_runs, ==, 1);
  g_assert_true (find (shelf, "vm")->is_in_use);
  g_assert_cmpint (find (shelf, "vm")->used_us, >, 0);
  g_assert_cmpuint (find (shelf, "other")->n_runs, ==, 0);
  g_assert_false (find (shelf, "other")->is_in_use);

  g_clear_object (&run);
  g_clear_pointer (&shelf, cvm_shelf_free);
  shelf = read_shelf ();
  g_assert_cmpuint (find (shelf, "vm")->n_runs, ==, 1);
  g_assert_false (find (shelf, "vm")->is_in_use);
}

static void
test_cancel (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (cvm_shelf_read (cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_home_enter ();

  g_test_add_func ("/image-shelf/empty", test_empty);
  g_test_add_func ("/image-shelf/what-is-known", test_what_is_known);
  g_test_add_func ("/image-shelf/notes", test_notes);
  g_test_add_func ("/image-shelf/notes-are-forgotten", test_notes_are_forgotten);
  g_test_add_func ("/image-shelf/broken", test_broken);
  g_test_add_func ("/image-shelf/cut", test_cut);
  g_test_add_func ("/image-shelf/runs", test_runs);
  g_test_add_func ("/image-shelf/cancel", test_cancel);

  return cvm_test_home_run ();
}
