/* cvm-paths.c: where the program's files are, after the XDG base directory specification
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-paths.h"

#include <string.h>

#define PROGRAM "cvmtester"

static CvmPathsImages get_images;   /* set before there is a second thread */

char *
cvm_paths_data (const char *name)
{
  return g_build_filename (g_get_user_data_dir (), PROGRAM, name, NULL);
}

char *
cvm_paths_config (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), PROGRAM, name, NULL);
}

char *
cvm_paths_runs (void)
{
  return cvm_paths_data ("runs");
}

char *
cvm_paths_images (GError **error)
{
  return get_images != NULL ? get_images (error) : cvm_paths_data ("images");
}

void
cvm_paths_set_images (CvmPathsImages images)
{
  get_images = images;
}

/* Whoever opens the store there is told why the settings cannot be read */
static char *
users_folder (const char *kind)
{
  char *folder = g_str_equal (kind, "images") ? cvm_paths_images (NULL) : NULL;

  return folder != NULL ? folder : cvm_paths_data (kind);
}

/* Takes DIR */
static void
add_dir (GPtrArray *dirs,
         char      *dir)
{
  if (g_ptr_array_find_with_equal_func (dirs, dir, g_str_equal, NULL))
    g_free (dir);
  else
    g_ptr_array_add (dirs, dir);
}

char **
cvm_paths_dirs (const char *kind)
{
  static const char *const configured[] = { "suites", "masks", "presets", NULL };
  g_autoptr(GPtrArray) dirs = g_ptr_array_new_with_free_func (g_free);
  const char *const *system_dirs = g_get_system_data_dirs ();
  const char *build_tree = g_getenv ("CVMTESTER_DATA_DIR");

  if (g_strv_contains (configured, kind))
    add_dir (dirs, cvm_paths_config (kind));
  add_dir (dirs, users_folder (kind));

  if (build_tree != NULL && build_tree[0] != '\0')
    add_dir (dirs, g_build_filename (build_tree, kind, NULL));
  add_dir (dirs, g_build_filename (CVM_PKGDATADIR, kind, NULL));

  for (gsize i = 0; system_dirs[i] != NULL; i++)
    add_dir (dirs, g_build_filename (system_dirs[i], PROGRAM, kind, NULL));

  g_ptr_array_add (dirs, NULL);

  return (char **)g_ptr_array_steal (dirs, NULL);
}

char *
cvm_paths_find (const char *kind,
                const char *file)
{
  g_auto(GStrv) dirs = NULL;

  if (file[0] == '\0' || file[0] == '.' || strchr (file, '/') != NULL)
    return NULL;

  dirs = cvm_paths_dirs (kind);

  for (gsize i = 0; dirs[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (dirs[i], file, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }

  return NULL;
}
