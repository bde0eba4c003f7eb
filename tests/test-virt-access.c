/* test-virt-access.c: the folder that keeps QEMU out is named
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-access.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *top, *folder, *file;
} Fixture;

static void
setup (Fixture *f)
{
  f->top = g_dir_make_tmp ("cvm-access-XXXXXX", NULL);
  f->folder = g_build_filename (f->top, "images & more", NULL);
  f->file = g_build_filename (f->folder, "disk.raw", NULL);
  g_assert_cmpint (g_mkdir (f->folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (f->file, "", 0, NULL));
  g_assert_cmpint (g_chmod (f->top, 0755), ==, 0);
  g_assert_cmpint (g_chmod (f->folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (f->file, 0644), ==, 0);
}

static void
teardown (Fixture *f)
{
  g_unlink (f->file);
  g_rmdir (f->folder);
  g_rmdir (f->top);
  g_free (f->top);
  g_free (f->folder);
  g_free (f->file);
}

static void
expect_block (Fixture    *f,
              const char *expected)
{
  g_autofree char *block = cvm_virt_access_find_block (f->file);

  g_assert_cmpstr (block, ==, expected);
}

static void
test_find (void)
{
  Fixture f;

  setup (&f);
  expect_block (&f, NULL);
  g_chmod (f.file, 0600);
  expect_block (&f, f.file);
  g_chmod (f.folder, 0754);
  expect_block (&f, f.folder);
  g_chmod (f.top, 0700);
  expect_block (&f, f.top);
  g_chmod (f.top, 0711);
  g_chmod (f.folder, 0711);
  expect_block (&f, f.file);
  teardown (&f);
}

static void
test_advice (void)
{
  Fixture f;
  g_autofree char *denied = NULL;
  g_autofree char *absent = NULL;
  g_autofree char *advice = NULL;
  g_autofree char *none = NULL;
  g_autofree char *other = NULL;

  setup (&f);
  g_chmod (f.folder, 0700);
  denied = g_strdup_printf ("process exited: Could not open '%s': Permission denied", f.file);
  absent = g_strdup_printf ("Could not open '%s': No such file or directory", f.file);

  advice = cvm_virt_access_advice (denied);
  g_assert_nonnull (strstr (advice, f.folder));
  g_assert_null (strstr (advice, f.file));
  none = cvm_virt_access_advice (absent);
  g_assert_cmpstr (none, ==, "");
  other = cvm_virt_access_advice ("\377'relative': Permission denied");
  g_assert_cmpstr (other, ==, "");
  teardown (&f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virt-access/find", test_find);
  g_test_add_func ("/virt-access/advice", test_advice);

  return g_test_run ();
}
