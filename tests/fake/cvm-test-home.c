/* cvm-test-home.c: a home of the test's own
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-test-home.h"

#include <glib/gstdio.h>

#include "cvm-gio.h"

static char *home;

void
cvm_test_remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);

  for (const char *name = dir != NULL ? g_dir_read_name (dir) : NULL; name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      cvm_test_remove_tree (child);
    }

  g_remove (path);
}

void
cvm_test_home_enter (void)
{
  static const char *const names[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME" };

  cvm_gio_prepare ();     /* as the programs do */
  home = g_dir_make_tmp ("cvm-home-XXXXXX", NULL);
  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", home, TRUE);
  g_unsetenv ("CVMTESTER_DATA_DIR");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (home, names[i], NULL);

      g_setenv (names[i], path, TRUE);
    }
}

void
cvm_test_home_clear (void)
{
  g_autoptr(GDir) dir = g_dir_open (home, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (home, name, NULL);

      cvm_test_remove_tree (child);
    }
}

int
cvm_test_home_run (void)
{
  int status = g_test_run ();

  cvm_test_remove_tree (home);
  g_clear_pointer (&home, g_free);

  return status;
}

static char *
path_of (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "cvmtester", name, NULL);
}

void
cvm_test_home_write (const char *name,
                     const char *text)
{
  g_autofree char *path = path_of (name);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

void
cvm_test_home_assert (const char *name,
                      const char *text)
{
  g_autofree char *path = path_of (name);
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}
