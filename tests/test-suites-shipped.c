/* test-suites-shipped.c: the suites that ship are valid, and cover what is said of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-checks.h"
#include "cvm-suite.h"

#include <string.h>

static CvmSuite *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "suites", name, NULL);
  g_autoptr(GError) error = NULL;
  CvmSuite *suite = cvm_suite_load (path, cvm_checks_lookup, &error);

  g_assert_no_error (error);

  return suite;
}

/* As it is, and with each of its presets */
static void
assert_resolves (CvmSuite *suite)
{
  char **presets = cvm_suite_get_presets (suite);
  gsize i = 0;

  do
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(CvmSuite) resolved = cvm_suite_resolve (suite, presets[i], NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (cvm_suite_n_cases (resolved), >, 0);
    }
  while (presets[i++] != NULL);
}

static void
test_valid (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "..", "data", "suites", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr(CvmSuite) suite = NULL;

      g_assert_true (g_str_has_suffix (name, ".suite"));
      suite = load (name);
      g_assert_cmpstr (cvm_suite_get_description (suite), !=, "");
      assert_resolves (suite);
      n++;
    }

  g_assert_cmpuint (n, >=, 3);
}

/* No suite that ships starts a program of the host. */
static void
test_no_exec (void)
{
  static const char *const names[] = { "boots-and-answers.suite", "demo.suite", "doctor.suite" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(CvmSuite) suite = load (names[i]);

      for (guint j = 0; j < cvm_suite_n_cases (suite); j++)
        g_assert_false (cvm_suite_case (suite, j)->check->runs_on_host);
    }
}

static void
test_demo (void)
{
  g_autoptr(CvmSuite) suite = load ("demo.suite");
  g_autoptr(GHashTable) checks = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    g_hash_table_add (checks, (gpointer)cvm_suite_case (suite, i)->check->id);

  g_assert_cmpuint (cvm_suite_n_cases (suite), >=, 10);
  g_assert_cmpuint (g_hash_table_size (checks), >=, 8);
  g_assert_true (g_hash_table_contains (checks, "tap.guest"));
  g_assert_true (g_strv_contains ((const char *const *)cvm_suite_get_presets (suite),
                                  "slow-machine"));
}

/* The set-up shows their titles in the user's language: only those of checks are translated */
static void
test_doctor_titles (void)
{
  g_autoptr(CvmSuite) suite = load ("doctor.suite");

  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    {
      const CvmCase *item = cvm_suite_case (suite, i);

      g_assert_cmpstr (item->title, ==, item->check->title);
    }
}

/* The first case that goes wrong must not take others with it: what stops the guest is last. */
static void
test_stop_is_last (void)
{
  static const char *const names[] = { "boots-and-answers.suite", "demo.suite" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(CvmSuite) suite = load (names[i]);
      guint n = cvm_suite_n_cases (suite);

      g_assert_cmpstr (cvm_suite_case (suite, 0)->check->id, ==, "guest.start");
      g_assert_cmpstr (cvm_suite_case (suite, n - 2)->check->id, ==, "guest.restart");
      g_assert_cmpstr (cvm_suite_case (suite, n - 1)->check->id, ==, "guest.stop");
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/suites-shipped/valid", test_valid);
  g_test_add_func ("/suites-shipped/no-exec", test_no_exec);
  g_test_add_func ("/suites-shipped/demo", test_demo);
  g_test_add_func ("/suites-shipped/doctor-titles", test_doctor_titles);
  g_test_add_func ("/suites-shipped/stop-is-last", test_stop_is_last);

  return g_test_run ();
}
