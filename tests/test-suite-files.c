/* test-suite-files.c: suites are listed, copied, imported, drafted and saved off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-checks.h"
#include "cvm-file.h"
#include "cvm-suite-files.h"
#include "cvm-suite-list.h"

#include <glib/gstdio.h>
#include <string.h>

#define SUITE "[Suite]\nName=Mine\nVersion=3\nDescription=D\n# kept\n[Case a]\nCheck=ssh.login\n"

static char *root;
static CvmBackend backend;
static GAsyncResult *last;

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_assert_null (last);
  last = g_object_ref (result);
}

static GAsyncResult *
wait_result (void)
{
  while (last == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&last);
}

static char *
own_path (const char *name)
{
  return g_build_filename (root, "config", "cvmtester", "suites", name, NULL);
}

static void
put (const char *path,
     const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static CvmSuiteFound *
open_it (const char *path)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_suite_files_open_async (path, NULL, on_done, NULL);
  result = wait_result ();

  return cvm_suite_files_open_finish (result, NULL);
}

static gboolean
save_it (const char *path,
         const char *text,
         const char *expected)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *saved = NULL;

  cvm_suite_files_save_async (path, text, expected, NULL, on_done, NULL);
  result = wait_result ();
  saved = cvm_suite_files_finish (result, NULL);

  return saved != NULL;
}

static void
test_save (void)
{
  g_autofree char *path = own_path ("save.suite");
  g_autoptr(CvmSuiteFound) none = open_it (path);
  g_autoptr(CvmSuiteFound) found = NULL;

  g_assert_null (none->text);
  g_assert_true (save_it (path, SUITE, NULL));
  g_assert_false (save_it (path, "other", NULL));
  found = open_it (path);
  g_assert_cmpstr (found->text, ==, SUITE);
  g_assert_null (found->draft);
  g_unlink (path);
}

/* The draft is written in the background: what was kept last is what is found */
static void
test_draft (void)
{
  g_autofree char *path = own_path ("draft.suite");
  char *texts[] = { (char *)"one", (char *)"two", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    cvm_suite_files_keep_draft (path, i < 2 ? texts[i] : NULL, "base");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(CvmSuiteFound) found = NULL;

      if (i < 2)
        cvm_suite_files_keep_draft (path, texts[i], i == 0 ? "base" : NULL);
      else
        cvm_suite_files_keep_draft (path, NULL, NULL);

      do
        {
          g_clear_pointer (&found, cvm_suite_found_free);
          found = open_it (path);
        }
      while (g_strcmp0 (found->draft, texts[i]) != 0
             || g_strcmp0 (found->base, i == 0 ? "base" : NULL) != 0);
    }
}

static void
test_not_text (void)
{
  g_autofree char *path = own_path ("binary.suite");

  put (path, "\xff");
  g_assert_null (open_it (path));
  g_unlink (path);
}

static gboolean
remove_it (const char  *path,
           GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_suite_files_remove_async (path, on_done, NULL);
  result = wait_result ();

  return cvm_suite_files_remove_finish (result, error);
}

/* A folder is what even root cannot unlink */
static void
test_remove (void)
{
  g_autofree char *path = own_path ("remove.suite");
  g_autofree char *folder = own_path ("folder.suite");
  g_autoptr(GError) error = NULL;

  put (path, SUITE);
  g_assert_true (remove_it (path, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (remove_it (path, &error));
  g_assert_no_error (error);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_false (remove_it (folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_nonnull (strstr (error->message, folder));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static char *
add (const char  *path,
     GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_suite_files_add_async (path, &backend, NULL, on_done, NULL);
  result = wait_result ();

  return cvm_suite_files_finish (result, error);
}

static void
test_copy (void)
{
  g_autofree char *outside = g_build_filename (root, "My Suite!.suite", NULL);
  g_autofree char *wanted = own_path ("my-suite.suite");
  g_autofree char *wanted_copy = own_path ("my-suite-2.suite");
  g_autofree char *path = NULL;
  g_autofree char *copy = NULL;
  g_autofree char *text = NULL;
  g_autofree char *copied = NULL;

  put (outside, SUITE);
  path = add (outside, NULL);
  g_assert_cmpstr (path, ==, wanted);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, SUITE);

  copy = add (path, NULL);
  g_assert_cmpstr (copy, ==, wanted_copy);
  g_assert_true (g_file_get_contents (copy, &copied, NULL, NULL));
  g_assert_nonnull (strstr (copied, "Name=Mine (copy)\n"));
  g_assert_nonnull (strstr (copied, "# kept\n"));
  g_unlink (path);
  g_unlink (copy);
}

static void
test_import (void)
{
  g_autofree char *cfg = g_build_filename (root, "old.cfg", NULL);
  g_autofree char *wanted = own_path ("old.suite");
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  put (cfg, "CVM_TS_SUITENAME=\"Old\"\nCVM_TS_SUITEVERSION=\"1\"\nCVM_VM_HYPERVISOR=\"kvm\"\n"
            "CVM_PRECONDITION_TEST_LIST=\"8\"\nCVM_TEST_CASE_LIST=\"0\"\n");
  path = add (cfg, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, wanted);

  /* what is there is nobody's to replace */
  g_assert_null (add (cfg, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);

  put (cfg, "CVM_TS_SUITENAME=$(reboot)\n");
  g_assert_null (add (cfg, &error));
  g_assert_nonnull (strstr (error->message, "old.cfg:1"));
  g_unlink (wanted);
}

static void
test_name (void)
{
  static const char *const names[][2] = {
    { "Debian 12: überall", "debian-12-uberall.suite" }, { "///", "suite.suite" },
    { "Doctor", "doctor-2.suite" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autofree char *path = NULL;
      g_autofree char *base = NULL;

      cvm_suite_files_name_async (names[i][0], NULL, on_done, NULL);
      result = wait_result ();
      path = cvm_suite_files_finish (result, NULL);
      base = g_path_get_basename (path);
      g_assert_cmpstr (base, ==, names[i][1]);
    }
}

static const CvmSuiteEntry *
find (GPtrArray  *entries,
      const char *id)
{
  for (guint i = 0; i < entries->len; i++)
    {
      if (g_str_equal (((CvmSuiteEntry *)entries->pdata[i])->id, id))
        return entries->pdata[i];
    }

  return NULL;
}

static void
test_list (void)
{
  g_autofree char *mine = own_path ("mine.suite");
  g_autofree char *broken = own_path ("broken.suite");
  g_autofree char *hidden = own_path (".hidden.suite");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  const CvmSuiteEntry *entry;

  put (mine, SUITE);
  put (broken, SUITE "x=y\n");
  put (hidden, SUITE);
  cvm_suite_list_async (&backend, NULL, on_done, NULL);
  result = wait_result ();
  entries = cvm_suite_list_finish (result, NULL);

  g_assert_null (find (entries, ".hidden"));
  entry = find (entries, "mine");
  g_assert_cmpstr (entry->title, ==, "Mine");
  g_assert_cmpstr (entry->version, ==, "3");
  g_assert_cmpuint (entry->n_checks, ==, 1);
  g_assert_true (entry->is_own);
  g_assert_true (entry->has_guest);
  g_assert_null (entry->problem);
  entry = find (entries, "broken");
  g_assert_cmpstr (entry->title, ==, "Mine");
  g_assert_true (g_str_has_prefix (entry->problem, "broken.suite:8: "));
  entry = find (entries, "doctor");
  g_assert_false (entry->is_own);
  g_assert_false (entry->has_guest);
  g_unlink (mine);
  g_unlink (broken);
  g_unlink (hidden);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *config = NULL;
  g_autofree char *data = NULL;
  g_autofree char *shipped = NULL;
  int status;

  root = g_dir_make_tmp ("cvm-suite-files-XXXXXX", NULL);
  config = g_build_filename (root, "config", NULL);
  data = g_build_filename (root, "data", NULL);
  shipped = g_build_filename (g_getenv ("G_TEST_SRCDIR"), "..", "data", NULL);
  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("CVMTESTER_DATA_DIR", shipped, TRUE);
  backend.lookup = cvm_checks_lookup;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suite-files/save", test_save);
  g_test_add_func ("/suite-files/draft", test_draft);
  g_test_add_func ("/suite-files/not-text", test_not_text);
  g_test_add_func ("/suite-files/remove", test_remove);
  g_test_add_func ("/suite-files/copy", test_copy);
  g_test_add_func ("/suite-files/import", test_import);
  g_test_add_func ("/suite-files/name", test_name);
  g_test_add_func ("/suite-files/list", test_list);
  status = g_test_run ();

  cvm_file_remove_tree (root);
  g_free (root);

  return status;
}
