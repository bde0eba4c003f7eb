/* test-catalogue-settings.c: catalogues added to the user's settings, and removed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue.h"

#include <string.h>
#include <sys/stat.h>

#include "cvm-keyfile.h"
#include "cvm-paths.h"
#include "cvm-test-home.h"

static const struct
{
  const char *name, *location;
  gboolean    is_good;
} pairs[] = {
  { "cernvm", "https://h/releases", TRUE },
  { "a.b-c_1", "http://h:8080/", TRUE },
  { "near", "/srv/images", TRUE },
  { "near", "file:///srv/images", TRUE },
  { "osinfo", "osinfo:", TRUE },
  { "", "https://h/", FALSE },
  { "a b", "https://h/", FALSE },
  { "-a", "https://h/", FALSE },
  { "a]\n[Images", "https://h/", FALSE },
  { "a", "", FALSE },
  { "a", "h/releases", FALSE },
  { "a", "ftp://h/", FALSE },
  { "a", "https://", FALSE },
  { "a", "https:///x", FALSE },
  { "a", "https://me:secret@h/", FALSE },
  { "a", "javascript:alert(1)", FALSE },
};

static void
test_check (void)
{
  g_autofree char *long_name = g_strnfill (65, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (cvm_catalogues_check (pairs[i].name, pairs[i].location, &error), ==,
                       pairs[i].is_good);
      if (!pairs[i].is_good)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_true (error == NULL || strstr (error->message, "secret") == NULL);
    }

  g_assert_false (cvm_catalogues_check (long_name, "https://h/", NULL));
}

static char *
read_settings (void)
{
  g_autofree char *path = cvm_paths_config ("settings.ini");
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

static void
write_settings (const char *text)
{
  g_autofree char *path = cvm_paths_config ("settings.ini");
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Where there is no file yet one is made; it is nobody else's */
static void
test_first (void)
{
  g_autofree char *path = cvm_paths_config ("settings.ini");
  g_autoptr(GPtrArray) catalogues = NULL;
  const CvmCatalogue *found;
  struct stat info;

  cvm_test_home_clear ();
  g_assert_true (cvm_catalogues_set ("near", "/srv/images", NULL, NULL));
  catalogues = cvm_catalogues_load (NULL);
  found = cvm_catalogues_find (catalogues, "near");
  g_assert_cmpstr (found->location, ==, "/srv/images");
  g_assert_null (found->keyring);
  g_assert_cmpint (stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 077, ==, 0);
}

static void
test_others_stay (void)
{
  const char *before = "# mine\n[Images]\nBudget=4G\n# far\n[Catalogue far]\nLocation=/far\n";
  g_autofree char *added = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *removed = NULL;

  write_settings (before);
  g_assert_true (cvm_catalogues_set ("near", "https://h/", "/keys", NULL));
  added = read_settings ();
  g_assert_true (g_str_has_prefix (added, before));
  g_assert_nonnull (strstr (added, "[Catalogue near]\nLocation=https://h/\nKeyring=/keys\n"));

  g_assert_true (cvm_catalogues_set ("near", "https://h/2", NULL, NULL));
  changed = read_settings ();
  g_assert_nonnull (strstr (changed, "[Catalogue near]\nLocation=https://h/2\n"));
  g_assert_null (strstr (changed, "Keyring"));

  g_assert_true (cvm_catalogues_set ("near", NULL, NULL, NULL));
  removed = read_settings ();
  g_assert_true (g_str_has_prefix (removed, before));
  g_assert_null (strstr (removed, "near"));
}

static void
test_refused (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *after = NULL;

  write_settings ("[Images]\n[Images]\n");
  g_assert_false (cvm_catalogues_set ("near", "https://h/", NULL, &error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_false (cvm_catalogues_set ("near", "nonsense", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  after = read_settings ();
  g_assert_cmpstr (after, ==, "[Images]\n[Images]\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_home_enter ();

  g_test_add_func ("/catalogue-settings/check", test_check);
  g_test_add_func ("/catalogue-settings/first", test_first);
  g_test_add_func ("/catalogue-settings/others-stay", test_others_stay);
  g_test_add_func ("/catalogue-settings/refused", test_refused);

  return cvm_test_home_run ();
}
