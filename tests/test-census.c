/* test-census.c: how much is in the places that were not looked at yet
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-census.h"
#include "cvm-file.h"

static const char *const found[] = { "qemu:///session", "qemu:///system", NULL };
static const CvmBackend backend = { .hosts = found };

static char *root;

static void
put (const char *path,
     const char *text)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (full, text, -1, NULL));
}

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static gboolean
take (CvmCensus    *census,
      GCancellable *cancellable,
      GError      **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_census_take_async (&backend, cancellable, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return cvm_census_take_finish (result, census, error);
}

static void
expect (guint images,
        guint suites,
        guint hosts)
{
  CvmCensus census = { 9, 9, 9 };

  g_assert_true (take (&census, NULL, NULL));
  g_assert_cmpuint (census.images, ==, images);
  g_assert_cmpuint (census.suites, ==, suites);
  g_assert_cmpuint (census.hosts, ==, hosts);
}

static void
test_nothing (void)
{
  expect (0, 0, 2);
}

/* What the places show: a name once, nothing hidden, whatever is in the files */
static void
test_files (void)
{
  put ("data/cvmtester/images/one.image", "rubbish");
  put ("data/cvmtester/images/.two.image", "");
  put ("data/cvmtester/images/disk.qcow2", "");
  put ("shipped/images/one.image", "");
  put ("shipped/images/three.image", "");
  put ("config/cvmtester/suites/mine.suite", "");
  put ("config/cvmtester/suites/mine.suite~", "");
  put ("shipped/suites/mine.suite", "");
  expect (2, 1, 2);
}

static void
test_hosts (void)
{
  put ("config/cvmtester/hosts.ini", "[Host lab]\nURI=qemu+ssh://root@lab.example/system\n"
                                     "[Host qemu-system]\nHidden=true\n");
  expect (2, 1, 2);
  put ("config/cvmtester/hosts.ini", "[Host lab]\nURI=qemu+ssh://root@lab.example/system\n");
  expect (2, 1, 3);
  put ("config/cvmtester/hosts.ini", "[Host lab\n");
  expect (2, 1, 0);
}

static void
test_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  CvmCensus census = { 9, 9, 9 };

  g_cancellable_cancel (cancellable);
  g_assert_false (take (&census, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (census.images, ==, 9);
}

int
main (int    argc,
      char **argv)
{
  static const char *const folders[][2] = {
    { "XDG_CONFIG_HOME", "config" }, { "XDG_DATA_HOME", "data" }, { "XDG_DATA_DIRS", "none" },
    { "CVMTESTER_DATA_DIR", "shipped" },
  };
  int status;

  root = g_dir_make_tmp ("cvm-census-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (root, folders[i][1], NULL);

      g_setenv (folders[i][0], path, TRUE);
    }

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/census/nothing", test_nothing);
  g_test_add_func ("/census/files", test_files);
  g_test_add_func ("/census/hosts", test_hosts);
  g_test_add_func ("/census/cancelled", test_cancelled);
  status = g_test_run ();

  cvm_file_remove_tree (root);
  g_free (root);

  return status;
}
