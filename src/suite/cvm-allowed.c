/* cvm-allowed.c: suites that the user let run programs on this host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-allowed.h"

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-paths.h"

char **
cvm_allowed_load (void)
{
  g_autofree char *path = cvm_paths_config ("allowed.ini");
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, NULL);
  g_autoptr(GStrvBuilder) sums = g_strv_builder_new ();

  for (guint i = 0; file != NULL && i < cvm_keyfile_n_groups (file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (file, i);

      if (g_str_equal (group->kind, "Suite"))
        g_strv_builder_add (sums, group->id);
    }

  return g_strv_builder_end (sums);
}

gboolean
cvm_allowed_add (const char  *sha256,
                 const char  *name,
                 const char  *program,
                 GError     **error)
{
  g_autofree char *path = cvm_paths_config ("allowed.ini");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, NULL);
  g_autofree char *data = NULL;
  gsize len;

  if (file == NULL)
    file = cvm_keyfile_new_from_data ("", 0, path, error);
  if (file == NULL)
    return FALSE;

  cvm_keyfile_set (file, "Suite", sha256, "Name", name);
  cvm_keyfile_set (file, "Suite", sha256, "Program", program);
  data = cvm_keyfile_to_data (file, &len);
  g_mkdir_with_parents (folder, 0700);

  return cvm_file_write (path, data, len, 0600, error);
}
