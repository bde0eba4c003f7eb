/* test-image-store.c: what comes into the store, what stays in it, and what a dead process leaves
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-image-store-private.h"
#include "cvm-image.h"

typedef struct
{
  char          *dir;
  CvmImageStore *store;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = NULL;

  f->dir = g_dir_make_tmp ("cvm-store-XXXXXX", NULL);
  folder = g_build_filename (f->dir, "images", NULL);
  f->store = cvm_image_store_open (folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->store);
  cvm_file_remove_tree (f->dir);
  g_assert_false (g_file_test (f->dir, G_FILE_TEST_EXISTS));
  g_free (f->dir);
}

static void
reopen (Fixture *f)
{
  g_autofree char *folder = g_strdup (cvm_image_store_get_path (f->store));

  g_object_unref (f->store);
  f->store = cvm_image_store_open (folder, NULL);
  g_assert_nonnull (f->store);
}

/* A folder of the work folder, with a file of this text */
static char *
put (CvmImageWork *work,
     const char   *name,
     const char   *text)
{
  char *folder = g_build_filename (cvm_image_work_get_path (work), "files", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));

  return folder;
}

static char *
add (Fixture     *f,
     const char  *name,
     const char  *text,
     gboolean     replaces,
     GError     **error)
{
  g_autoptr(CvmImageWork) work = cvm_image_work_new (f->store, NULL);
  g_autofree char *folder = put (work, "disk.img", text);
  const CvmImageNew image = {
    .name = name, .folder = folder, .disk = "disk.img", .format = "raw", .arch = "x86_64",
    .source = "http://h/x", .source_sha256 = "abc", .replaces = replaces,
  };

  return cvm_image_store_add (f->store, &image, NULL, error);
}

static guint
count (Fixture    *f,
       const char *kind)
{
  g_autofree char *folder = cvm_image_store_build (f->store, kind, NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_add (Fixture       *f,
          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = add (f, "vm", "text", FALSE, &error);
  g_autofree char *text = NULL;
  g_autoptr(CvmImage) image = NULL;
  struct stat info;

  g_assert_no_error (error);
  image = cvm_image_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (image->name, ==, "vm");
  g_assert_cmpstr (image->format, ==, "raw");
  g_assert_cmpstr (image->disk_sha256, ==,
                   "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1");
  text = cvm_file_read (image->disk, 100, NULL, NULL);
  g_assert_cmpstr (text, ==, "text");
  g_assert_cmpint (stat (image->disk, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0222, ==, 0);
  g_assert_cmpuint (count (f, "work"), ==, 0);
}

static void
test_name_taken (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *first = add (f, "vm", "one", FALSE, NULL);
  g_autofree char *second = add (f, "vm", "two", FALSE, &error);
  g_autofree char *same = NULL;
  g_autofree char *replaced = NULL;

  g_assert_nonnull (first);
  g_assert_null (second);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmpuint (count (f, "disks"), ==, 1);
  same = add (f, "vm", "one", FALSE, NULL);
  g_assert_cmpstr (same, ==, first);
  replaced = add (f, "vm", "two", TRUE, NULL);
  g_assert_cmpstr (replaced, ==, first);
  g_assert_cmpuint (count (f, "disks"), ==, 1);
}

/* What the user wrote into NAME.image outlives the same disk's second coming. */
static void
test_edits_stay (Fixture       *f,
                 gconstpointer  data)
{
  g_autofree char *path = add (f, "vm", "one", FALSE, NULL);
  g_autofree char *before = cvm_file_read (path, 10000, NULL, NULL);
  g_autofree char *edited = g_strconcat (before, "# mine\nUser=me\n", NULL);
  g_autofree char *again = NULL;
  g_autofree char *after = NULL;

  g_assert_true (g_file_set_contents (path, edited, -1, NULL));
  again = add (f, "vm", "one", TRUE, NULL);
  after = cvm_file_read (again, 10000, NULL, NULL);
  g_assert_cmpstr (after, ==, edited);
}

static void
test_bad_names (Fixture       *f,
                gconstpointer  data)
{
  static const char *const names[] = { "", ".x", "a/b", "../x", "-x", "a b", "caf\xc3\xa9", "a\n" };
  g_autofree char *long_name = g_strnfill (101, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (add (f, names[i], "x", FALSE, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
    }
  g_assert_false (cvm_image_store_is_name (long_name));
  g_assert_cmpuint (count (f, "disks"), ==, 0);
}

static const struct { const char *text, *name; } made[] = {
  { "a b", "a-b" }, { "../../x", "x" }, { "", "image" }, { "---", "image" }, { "a;;;b..", "a-b" },
  { "caf\xc3\xa9", "caf" }, { "vm-1.2_3+4", "vm-1.2_3+4" },
};

static void
test_made_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    {
      g_autofree char *name = cvm_image_store_make_name (made[i].text);

      g_assert_cmpstr (name, ==, made[i].name);
      g_assert_true (cvm_image_store_is_name (name));
    }
}

static void
test_parts_of_a_disk (Fixture       *f,
                      gconstpointer  data)
{
  static const char *const parts[] = { "disk-s001.vmdk", NULL };
  g_autoptr(CvmImageWork) work = cvm_image_work_new (f->store, NULL);
  g_autofree char *folder = put (work, "disk.vmdk", "descriptor");
  g_autofree char *folder_too = put (work, "disk-s001.vmdk", "extent");
  const CvmImageNew image = { .name = "vm", .folder = folder, .disk = "disk.vmdk", .parts = parts,
                              .format = "vmdk" };
  g_autofree char *path = cvm_image_store_add (f->store, &image, NULL, NULL);
  g_autoptr(CvmImage) loaded = cvm_image_load (path, NULL);
  g_autofree char *beside = cvm_file_beside (loaded->disk, "disk-s001.vmdk");
  g_autoptr(GPtrArray) changes = NULL;
  guint n_files;

  g_assert_true (g_file_test (beside, G_FILE_TEST_IS_REGULAR));
  changes = cvm_image_store_verify (f->store, NULL, &n_files, NULL, NULL);
  g_assert_cmpuint (changes->len, ==, 0);
  g_assert_cmpuint (n_files, ==, 2);
}

/* NAME.image says another sum than the store: one of them was changed. */
static void
test_other_sum (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *path = add (f, "vm", "text", FALSE, NULL);
  g_autofree char *before = cvm_file_read (path, 10000, NULL, NULL);
  g_autoptr(GString) text = g_string_new (before);
  g_autoptr(GPtrArray) changes = NULL;
  const CvmImageChange *change;

  g_string_replace (text, "DiskSha256=982d", "DiskSha256=0000", 1);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  changes = cvm_image_store_verify (f->store, "vm", NULL, NULL, NULL);
  g_assert_cmpuint (changes->len, ==, 1);
  change = g_ptr_array_index (changes, 0);
  g_assert_cmpint (change->kind, ==, CVM_IMAGE_CHANGE_SUM);
  g_assert_cmpstr (change->path, ==, path);
  g_assert_true (g_str_has_prefix (change->expected, "0000"));
  g_assert_true (g_str_has_prefix (change->found, "982d"));
}

static void
test_damaged_is_replaced (Fixture       *f,
                          gconstpointer  data)
{
  g_autofree char *path = add (f, "vm", "text", FALSE, NULL);
  g_autoptr(CvmImage) image = cvm_image_load (path, NULL);
  g_autofree char *again = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpint (chmod (image->disk, 0644), ==, 0);
  g_assert_cmpint (truncate (image->disk, 1), ==, 0);
  again = add (f, "vm", "text", FALSE, NULL);
  text = cvm_file_read (image->disk, 100, NULL, NULL);
  g_assert_cmpstr (text, ==, "text");
}

/* Other bytes of the same size: nothing but their sum tells. */
static void
test_flipped_is_replaced (Fixture       *f,
                          gconstpointer  data)
{
  const CvmImageNew image = { .name = "other" };
  g_autoptr(GError) error = NULL;
  g_autofree char *path = add (f, "vm", "text", FALSE, NULL);
  g_autoptr(CvmImage) vm = cvm_image_load (path, NULL);
  g_autofree char *damaged = NULL;
  g_autofree char *again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *found = NULL;

  g_assert_true (g_file_set_contents (vm->disk, "next", -1, NULL));
  damaged = cvm_image_store_find_source (f->store, "abc", &image, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (damaged);

  again = add (f, "vm", "text", FALSE, NULL);
  g_assert_cmpstr (again, ==, path);
  text = cvm_file_read (vm->disk, 100, NULL, NULL);
  g_assert_cmpstr (text, ==, "text");
  found = cvm_image_store_find_source (f->store, "abc", &image, NULL, NULL);
  g_assert_nonnull (found);
}

/* The good disk comes under another name: the image that has the damaged one finds it all the same. */
static void
test_replaced_keeps_its_name (Fixture       *f,
                              gconstpointer  data)
{
  g_autofree char *path = add (f, "vm", "text", FALSE, NULL);
  g_autoptr(CvmImage) vm = cvm_image_load (path, NULL);
  g_autoptr(CvmImageWork) work = cvm_image_work_new (f->store, NULL);
  g_autofree char *folder = put (work, "box.img", "text");
  const CvmImageNew image = { .name = "box", .folder = folder, .disk = "box.img", .format = "raw" };
  g_autofree char *other = NULL;
  g_autofree char *text = NULL;
  g_autoptr(CvmImage) box = NULL;

  g_assert_true (g_file_set_contents (vm->disk, "next", -1, NULL));
  other = cvm_image_store_add (f->store, &image, NULL, NULL);
  box = cvm_image_load (other, NULL);
  g_assert_cmpstr (box->disk, ==, vm->disk);
  text = cvm_file_read (vm->disk, 100, NULL, NULL);
  g_assert_cmpstr (text, ==, "text");
}

static void
test_cancelled_find (Fixture       *f,
                     gconstpointer  data)
{
  const CvmImageNew image = { .name = "other" };
  g_autofree char *path = add (f, "vm", "text", FALSE, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (path);
  g_cancellable_cancel (cancellable);
  g_assert_null (cvm_image_store_find_source (f->store, "abc", &image, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_find_source (Fixture       *f,
                  gconstpointer  data)
{
  const CvmImageNew image = { .name = "other" };
  g_autofree char *path = add (f, "vm", "text", FALSE, NULL);
  g_autofree char *none = cvm_image_store_find_source (f->store, "def", &image, NULL, NULL);
  g_autofree char *found = cvm_image_store_find_source (f->store, "abc", &image, NULL, NULL);
  g_autoptr(CvmImage) vm = cvm_image_load (path, NULL);
  g_autoptr(CvmImage) other = cvm_image_load (found, NULL);

  g_assert_null (none);
  g_assert_cmpstr (vm->disk, ==, other->disk);
}

/* What is being made is left alone; what was, is not. */
static void
test_work_of_others (Fixture       *f,
                     gconstpointer  data)
{
  CvmImageWork *work = cvm_image_work_new (f->store, NULL);
  g_autofree char *dead = cvm_image_store_build (f->store, "work", "dead");
  g_autofree char *outside = g_build_filename (f->dir, "outside", NULL);
  g_autofree char *link = g_build_filename (dead, "link", NULL);

  g_assert_cmpint (g_mkdir (dead, 0755), ==, 0);
  g_assert_true (g_file_set_contents (outside, "x", -1, NULL));
  g_assert_cmpint (symlink (f->dir, link), ==, 0);
  reopen (f);
  g_assert_false (g_file_test (dead, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (outside, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (cvm_image_work_get_path (work), G_FILE_TEST_IS_DIR));
  cvm_image_work_free (work);
  g_assert_cmpuint (count (f, "work"), ==, 0);
}

/* Dead between the disk and its name: the next start takes the disk away, but not one that has a
 * name. */
static void
test_dead_while_adding (Fixture       *f,
                        gconstpointer  data)
{
  g_autofree char *named = add (f, "vm", "text", FALSE, NULL);
  g_autofree char *orphan = cvm_image_store_build (f->store, "disks", "orphan");
  gboolean is_readable;
  g_autofree char *key = cvm_image_store_key_of (f->store, named, &is_readable);
  const char *keys[] = { "orphan", key, "../work" };

  g_assert_cmpint (g_mkdir (orphan, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *name = g_strdup_printf ("dead%u", i);
      g_autofree char *dead = cvm_image_store_build (f->store, "work", name);
      g_autofree char *adding = g_build_filename (dead, CVM_STORE_ADDING, NULL);

      g_assert_cmpint (g_mkdir (dead, 0755), ==, 0);
      g_assert_cmpint (symlink (keys[i], adding), ==, 0);
    }

  reopen (f);
  g_assert_false (g_file_test (orphan, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count (f, "disks"), ==, 1);
  g_assert_cmpuint (count (f, "work"), ==, 0);
}

static const struct { const char *name, *text, *said; } bad_contents[] = {
  { "empty", "", "it names no Format, or no file" },
  { "no-format", "[File 1]\nName=a\nSize=1\nSha256=%s\n", "it names no Format, or no file" },
  { "outside", "[Disk]\nFormat=raw\n[File 1]\nName=../a\nSize=1\nSha256=%s\n", ":3: a file needs" },
  { "size", "[Disk]\nFormat=raw\n[File 1]\nName=a\nSize=-1\nSha256=%s\n", ":3: a file needs" },
  { "sum", "[Disk]\nFormat=raw\n[File 1]\nName=a\nSize=1\nSha256=x%s\n", ":3: a file needs" },
};

static void
test_bad_contents (Fixture       *f,
                   gconstpointer  data)
{
  const typeof (bad_contents[0]) *c = data;
  g_autofree char *sum = g_strnfill (64, 'a');
  g_autofree char *path = g_build_filename (f->dir, CVM_STORE_CONTENTS, NULL);
  g_autoptr(GString) text = g_string_new (c->text);
  g_autoptr(GError) error = NULL;

  g_string_replace (text, "%s", sum, 0);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  g_assert_null (cvm_contents_load (f->dir, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, c->said));
}

#define ADD(name, func) g_test_add ("/image-store/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  ADD ("add", test_add);
  ADD ("name-taken", test_name_taken);
  ADD ("edits-stay", test_edits_stay);
  ADD ("bad-names", test_bad_names);
  g_test_add_func ("/image-store/made-names", test_made_names);
  ADD ("parts", test_parts_of_a_disk);
  ADD ("other-sum", test_other_sum);
  ADD ("damaged-is-replaced", test_damaged_is_replaced);
  ADD ("flipped-is-replaced", test_flipped_is_replaced);
  ADD ("replaced-keeps-its-name", test_replaced_keeps_its_name);
  ADD ("find-source", test_find_source);
  ADD ("cancelled-find", test_cancelled_find);
  ADD ("work-of-others", test_work_of_others);
  ADD ("dead-while-adding", test_dead_while_adding);
  for (guint i = 0; i < G_N_ELEMENTS (bad_contents); i++)
    {
      g_autofree char *name = g_strconcat ("/image-store/contents/", bad_contents[i].name, NULL);

      g_test_add (name, Fixture, &bad_contents[i], set_up, test_bad_contents, tear_down);
    }

  return g_test_run ();
}
