/* test-paths.c: where files are looked for, and in which order
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-paths.h"

#include <glib/gstdio.h>

static void
test_names (void)
{
  g_autofree char *data = cvm_paths_data ("history.db");
  g_autofree char *config = cvm_paths_config ("hosts.ini");
  g_autofree char *runs = cvm_paths_runs ();

  g_assert_true (g_str_has_prefix (data, g_get_user_data_dir ()));
  g_assert_true (g_str_has_suffix (data, "/cvmtester/history.db"));
  g_assert_true (g_str_has_prefix (config, g_get_user_config_dir ()));
  g_assert_true (g_str_has_suffix (config, "/cvmtester/hosts.ini"));
  g_assert_true (g_str_has_suffix (runs, "/cvmtester/runs"));
}

static void
assert_order (const char        *kind,
              const char *const *expected)
{
  g_auto(GStrv) dirs = cvm_paths_dirs (kind);
  gsize i = 0;

  for (; expected[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (expected[i], kind, NULL);

      g_assert_cmpstr (dirs[i], ==, path);
    }

  /* What follows is of $XDG_DATA_DIRS, and nothing twice. */
  for (gsize j = 0; dirs[j] != NULL; j++)
    {
      g_assert_true (g_str_has_suffix (dirs[j], kind));
      for (gsize k = 0; k < j; k++)
        g_assert_cmpstr (dirs[j], !=, dirs[k]);
    }
}

static void
test_dirs (void)
{
  g_autofree char *config = cvm_paths_config (NULL);
  g_autofree char *data = cvm_paths_data (NULL);
  const char *suites[] = { config, data, "/build/data", CVM_PKGDATADIR, NULL };
  const char *images[] = { data, "/build/data", CVM_PKGDATADIR, NULL };
  const char *installed[] = { data, CVM_PKGDATADIR, NULL };

  g_setenv ("CVMTESTER_DATA_DIR", "/build/data", TRUE);
  assert_order ("suites", suites);
  assert_order ("masks", suites);
  assert_order ("images", images);
  g_setenv ("CVMTESTER_DATA_DIR", "", TRUE);
  assert_order ("images", installed);
  g_unsetenv ("CVMTESTER_DATA_DIR");
  assert_order ("images", installed);
}

static void
put (const char *folder,
     const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "x", -1, NULL));
}

static void
assert_found (const char *name,
              const char *folder)
{
  g_autofree char *found = cvm_paths_find ("suites", name);
  g_autofree char *expected = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  g_assert_cmpstr (found, ==, expected);
}

static void
test_find (void)
{
  g_autofree char *config = cvm_paths_config ("suites");
  g_autofree char *data = cvm_paths_data ("suites");
  g_autofree char *folder = g_build_filename (data, "folder", NULL);

  put (config, "both");
  put (data, "both");
  put (data, "one");
  put (data, ".hidden");
  put (folder, "inner");

  assert_found ("both", config);
  assert_found ("one", data);
  assert_found ("none", NULL);
  assert_found ("folder", NULL);
  assert_found (".hidden", NULL);
  assert_found ("", NULL);
  assert_found ("../suites/one", NULL);
  assert_found ("./one", NULL);
  assert_found ("folder/inner", NULL);
}

/* GLib's own G_TEST_OPTION_ISOLATE_DIRS leaks. */
static char *
isolate (void)
{
  g_autofree char *folder = g_dir_make_tmp ("paths-XXXXXX", NULL);
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autofree char *config = g_build_filename (folder, "config", NULL);

  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_unsetenv ("XDG_DATA_DIRS");

  return g_steal_pointer (&folder);
}

static void
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }

  g_assert_cmpint (g_remove (path), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = isolate ();
  int status;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/paths/names", test_names);
  g_test_add_func ("/paths/dirs", test_dirs);
  g_test_add_func ("/paths/find", test_find);

  status = g_test_run ();
  remove_all (folder);

  return status;
}
