/* test-settings.c: settings.ini, read with its lines, written without a loss
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-settings.h"

#include <string.h>

#include "cvm-keyfile.h"
#include "cvm-paths.h"
#include "cvm-test-home.h"

static CvmSettings *
load (void)
{
  g_autoptr(GError) error = NULL;
  CvmSettings *settings = cvm_settings_load (&error);

  g_assert_no_error (error);

  return settings;
}

static const struct { const char *name, *text; gboolean is_valid; guint64 bytes; } sizes[] = {
  { "none", "0", TRUE, 0 },
  { "bytes", "4096", TRUE, 4096 },
  { "kibi", "3K", TRUE, 3072 },
  { "gibi", "200G", TRUE, 214748364800 },
  { "tebi", "2T", TRUE, G_GUINT64_CONSTANT (2199023255552) },
  { "empty", "", FALSE, 0 },
  { "unit", "G", FALSE, 0 },
  { "fraction", "1.5G", FALSE, 0 },
  { "sign", "-1", FALSE, 0 },
  { "blank", "1 G", FALSE, 0 },
  { "twice", "1GG", FALSE, 0 },
  { "overflow", "999999999999T", FALSE, 0 },
  { "long", "1000000000000000000000", FALSE, 0 },
};

static void
test_size (gconstpointer data)
{
  const typeof (sizes[0]) *c = data;
  guint64 bytes = 0;

  g_assert_cmpint (cvm_settings_parse_size (c->text, &bytes), ==, c->is_valid);
  if (c->is_valid)
    g_assert_cmpuint (bytes, ==, c->bytes);
}

static void
test_defaults (void)
{
  g_autoptr(CvmSettings) settings = load ();
  g_autofree char *folder = cvm_paths_data ("images");

  g_assert_cmpstr (settings->images_folder, ==, folder);
  g_assert_cmpuint (settings->images_budget, ==, 0);
  g_assert_cmpuint (settings->jobs, ==, 2);
  g_assert_false (settings->keep_failed);
  g_assert_cmpstr (settings->hypervisor, ==, "auto");
  g_assert_cmpint (settings->appearance, ==, CVM_APPEARANCE_SYSTEM);
  g_assert_true (settings->notifications);
}

static void
test_all (void)
{
  g_autoptr(CvmSettings) settings = NULL;
  g_autofree char *folder = cvm_paths_config ("img");

  cvm_test_home_write ("settings.ini",
                       "[Images]\nFolder=img\nBudget=2G\n[Runs]\nJobs=4\nKeepFailed=true\nHypervisor=qemu\n"
                       "[Window]\nAppearance=dark\nNotifications=false\n[Elsewhere x]\nany=thing\n");
  settings = load ();
  g_assert_cmpstr (settings->images_folder, ==, folder);
  g_assert_cmpuint (settings->images_budget, ==, (guint64)2 << 30);
  g_assert_cmpuint (settings->jobs, ==, 4);
  g_assert_true (settings->keep_failed);
  g_assert_cmpstr (settings->hypervisor, ==, "qemu");
  g_assert_cmpint (settings->appearance, ==, CVM_APPEARANCE_DARK);
  g_assert_false (settings->notifications);
  cvm_test_home_clear ();
}

static const struct { const char *name, *text, *message; } wrong[] = {
  { "key", "[Runs]\nJob=1\n", "settings.ini:2: " },
  { "jobs", "[Runs]\nJobs=0\n", "settings.ini:2: " },
  { "jobs-word", "[Runs]\n\nJobs=many\n", "settings.ini:3: " },
  { "boolean", "[Runs]\nKeepFailed=yes\n", "allowed: true, false" },
  { "choice", "[Window]\nAppearance=pink\n", "settings.ini:2: " },
  { "folder", "[Images]\nFolder=\n", "settings.ini:2: " },
  { "budget", "[Images]\nBudget=lots\n", "settings.ini:2: " },
  { "budget-large", "[Images]\nBudget=999999999999T\n", "settings.ini:2: " },
  { "twice", "[Images]\n[Images]\n", "settings.ini:2: " },
};

static void
test_wrong (gconstpointer data)
{
  const typeof (wrong[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) refused = NULL;
  g_autofree char *folder = NULL;

  cvm_test_home_write ("settings.ini", c->text);
  g_assert_null (cvm_settings_load (&error));
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, c->message));

  g_assert_false (cvm_settings_set (CVM_SETTING_JOBS, "2", &refused));
  cvm_test_home_assert ("settings.ini", c->text);
  folder = cvm_settings_dup_images_folder (NULL);
  g_assert_null (folder);
  cvm_test_home_clear ();
}

static void
test_set (void)
{
  g_autoptr(GError) error = NULL;

  cvm_test_home_write ("settings.ini",
                       "# mine\n[Catalogue lab]\nLocation=/srv\n[Runs]\n# two\nJobs=2\n");
  g_assert_true (cvm_settings_set (CVM_SETTING_JOBS, "3", &error));
  g_assert_true (cvm_settings_set (CVM_SETTING_APPEARANCE, "dark", &error));
  g_assert_no_error (error);
  cvm_test_home_assert ("settings.ini",
                        "# mine\n[Catalogue lab]\nLocation=/srv\n[Runs]\n# two\nJobs=3\n"
                        "\n[Window]\nAppearance=dark\n");
  g_assert_true (cvm_settings_set (CVM_SETTING_JOBS, NULL, &error));
  cvm_test_home_assert ("settings.ini", "# mine\n[Catalogue lab]\nLocation=/srv\n[Runs]\n# two\n"
                        "\n[Window]\nAppearance=dark\n");
  cvm_test_home_clear ();
}

static void
test_set_wrong (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = cvm_paths_config ("settings.ini");

  g_assert_false (cvm_settings_set (CVM_SETTING_JOBS, "65", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "Jobs"));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* The folder of the settings is where images are looked for, as soon as it is written */
static void
test_images_folder (void)
{
  g_autofree char *elsewhere = cvm_paths_data ("else where");
  g_autofree char *usual = cvm_paths_data ("images");
  g_auto(GStrv) before = NULL, after = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  cvm_paths_set_images (cvm_settings_dup_images_folder);
  before = cvm_paths_dirs ("images");
  g_assert_true (cvm_settings_set (CVM_SETTING_IMAGES_FOLDER, elsewhere, NULL));
  after = cvm_paths_dirs ("images");
  g_assert_cmpstr (before[0], ==, usual);
  g_assert_cmpstr (after[0], ==, elsewhere);

  cvm_test_home_write ("settings.ini", "[Images]\nFolder=\n");
  path = cvm_paths_images (&error);
  g_assert_null (path);
  g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
  cvm_paths_set_images (NULL);
  cvm_test_home_clear ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_home_enter ();

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strconcat ("/settings/size/", sizes[i].name, NULL);

      g_test_add_data_func (path, &sizes[i], test_size);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strconcat ("/settings/wrong/", wrong[i].name, NULL);

      g_test_add_data_func (path, &wrong[i], test_wrong);
    }
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/all", test_all);
  g_test_add_func ("/settings/set", test_set);
  g_test_add_func ("/settings/set-wrong", test_set_wrong);
  g_test_add_func ("/settings/images-folder", test_images_folder);

  return cvm_test_home_run ();
}
