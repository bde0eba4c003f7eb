/* test-import.c: what becomes of an old configuration, and what is refused
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-import.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-checks.h"
#include "cvm-keyfile.h"
#include "cvm-profile.h"
#include "cvm-test-home.h"

#define HEAD  "CVM_TS_SUITENAME=Old\nCVM_TS_SUITEVERSION=1.0\nCVM_VM_HYPERVISOR=kvm\n"   /* lines 1 to 3 */
#define LISTS "CVM_PRECONDITION_TEST_LIST='15 19'\nCVM_TEST_CASE_LIST='12 11 8 0'\n"     /* 4 and 5 */

static CvmImport *
import (const char  *text,
        CvmCfg     **cfg,
        GError     **error)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "suites", "cernvm-release.suite", NULL);
  g_autoptr(CvmSuite) base = cvm_suite_load (path, cvm_checks_lookup, error);

  g_assert_no_error (*error);
  *cfg = cvm_cfg_new_from_data (text, strlen (text), "old.cfg", error);
  g_assert_no_error (*error);

  return cvm_import_new (*cfg, base, error);
}

typedef struct
{
  const char    *name;
  const char    *line;     /* the sixth */
  CvmImportKind  kind;
  const char    *text;     /* a part of what the note says */
} Note;

static const Note notes[] = {
  { "taken", "CVM_WEB_RESOLUTION=800x600\n", CVM_IMPORT_TAKEN, "precondition-19.resolution" },
  { "changed", "CVM_WEB_STARTXONBOOT=off\n", CVM_IMPORT_CHANGED, "precondition-19.start-x = false" },
  { "experiment", "CVM_TC_EXPERIMENT_GROUP=CMS\n", CVM_IMPORT_TAKEN, "case-11.repository, case-12.repository" },
  { "not-listed", "CVM_VM_MEMORY=524288\n", CVM_IMPORT_IGNORED, "no test of the lists uses it" },
  { "ignored", "CVM_TS_TRACE_VERBOSITY=3\n", CVM_IMPORT_IGNORED, "journal" },
  { "empty", "CVM_WEB_RESOLUTION=\n", CVM_IMPORT_IGNORED, "it is empty" },
  { "unknown", "CVM_WEB_RESOLUTIN=1\n", CVM_IMPORT_IGNORED, "is it CVM_WEB_RESOLUTION?" },
  { "foreign", "MY_OWN=1\n", CVM_IMPORT_IGNORED, "only other settings" },
  { "again", "CVM_WEB_RESOLUTION=1\nCVM_WEB_RESOLUTION=800x600\n", CVM_IMPORT_IGNORED, "set again in line 7" },
  { "password", "CVM_WEB_USER_PASS=Sesame1\n", CVM_IMPORT_TAKEN, "precondition-19.user-password" },
  { "no-template", "CVM_VM_TEMPLATE=nowhere.xml\n", CVM_IMPORT_CHANGED, "nowhere.xml is not there" },
};

static void
test_note (gconstpointer data)
{
  const Note *row = data;
  g_autofree char *text = g_strconcat (HEAD LISTS, row->line, NULL);
  g_autoptr(CvmCfg) cfg = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImport) imported = import (text, &cfg, &error);
  const CvmImportNote *note;

  g_assert_no_error (error);
  note = cvm_import_get_notes (imported)->pdata[5];
  g_assert_cmpuint (note->line, ==, 6);
  g_test_message ("%s", note->text);
  g_assert_cmpint (note->kind, ==, row->kind);
  g_assert_nonnull (strstr (note->text, row->text));
  g_assert_null (strstr (note->text, "Sesame"));
}

static const struct { const char *name, *text, *message; } refusals[] = {
  { "no-list", HEAD, "old.cfg:1: CVM_PRECONDITION_TEST_LIST is not set*" },
  { "no-name", "CVM_TS_SUITEVERSION=1\nCVM_VM_HYPERVISOR=kvm\n" LISTS, "old.cfg:1: CVM_TS_SUITENAME is not set*" },
  { "no-page", HEAD "CVM_PRECONDITION_TEST_LIST=0\nCVM_TEST_CASE_LIST=0\n", "*CVM_TS_DOWNLOAD_PAGE is not set*" },
  { "number", HEAD "CVM_PRECONDITION_TEST_LIST='1 24'\nCVM_TEST_CASE_LIST=0\n",
    "old.cfg:4: CVM_PRECONDITION_TEST_LIST: '24' is no number of a test; allowed: 0 to 23*" },
  { "word", HEAD "CVM_PRECONDITION_TEST_LIST=one\nCVM_TEST_CASE_LIST=0\n", "*'one' is no number*" },
  { "twice", HEAD "CVM_PRECONDITION_TEST_LIST='1 01'\nCVM_TEST_CASE_LIST=0\n", "*'01' is listed twice*" },
  { "choice", HEAD LISTS "CVM_WEB_RESOLUTION=9x9\n", "old.cfg:6: CVM_WEB_RESOLUTION: resolution is '9x9'; allowed: *" },
  { "short", HEAD LISTS "CVM_WEB_USER_PASS=12345\n", "*CVM_WEB_USER_PASS: the password is too short*6*" },
  { "user", HEAD LISTS "CVM_WEB_USER_NAME='a b'\n", "*user is 'a b'; allowed: 1 to 31 letters*" },
  { "arch", HEAD LISTS "CVM_VM_ARCH=arm\n", "*CVM_VM_ARCH: 'arm' is not allowed; allowed: x86, x86_64" },
};

static void
test_refusals (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr(CvmCfg) cfg = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_null (import (refusals[i].text, &cfg, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID);
      g_assert_true (g_pattern_match_simple (refusals[i].message, error->message));
    }
}

static const CvmOrderSuite *
first_suite (const CvmOrder *order)
{
  g_assert_cmpuint (order->suites->len, ==, 1);

  return order->suites->pdata[0];
}

/* The tests in the order of the lists, needs only of what stands above; a password in a file of its own */
static void
test_write (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-import-XXXXXX", NULL);
  g_autofree char *suite_path = g_build_filename (dir, "old.suite", NULL);
  g_autofree char *password = g_build_filename (dir, "old.passwords", "web_user_pass", NULL);
  g_autofree char *expected = g_strdup_printf ("precondition-19.user-password=file:%s", password);
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr(CvmCfg) cfg = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmImport) imported = import (HEAD LISTS "CVM_WEB_USER_PASS=' Sesame;1'\n", &cfg, &error);
  g_autoptr(CvmOrder) profile = NULL;
  g_autoptr(CvmSuite) suite = NULL;
  struct stat info;

  g_assert_true (cvm_import_write (imported, dir, &path, &error));
  g_assert_no_error (error);
  profile = cvm_profile_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first_suite (profile)->suite, ==, suite_path);
  g_assert_cmpstr (((CvmOrderCell *)profile->cells->pdata[0])->hypervisor, ==, "auto");
  g_assert_true (g_strv_contains ((const char *const *)first_suite (profile)->sets, expected));

  g_assert_cmpint (g_stat (password, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (g_file_get_contents (password, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, " Sesame;1");

  suite = cvm_suite_load (first_suite (profile)->suite, cvm_checks_lookup, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cvm_suite_get_name (suite), ==, "Old");
  g_assert_cmpuint (cvm_suite_n_cases (suite), ==, 6);
  g_assert_cmpstr (cvm_suite_case (suite, 2)->id, ==, "case-12");
  g_assert_cmpuint (g_strv_length (cvm_suite_find_case (suite, "case-12")->needs), ==, 0);
  cvm_test_remove_tree (dir);
}

static void
test_template (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("cvm-template-XXXXXX", &path, NULL);
  g_autofree char *text = g_strdup_printf (HEAD "CVM_PRECONDITION_TEST_LIST='2 15'\nCVM_TEST_CASE_LIST=0\n"
                                           "CVM_VM_TEMPLATE=%s\nCVM_VM_CPUS=3\n", path);
  const char *xml = "<domain type='kvm'><memory unit='MiB'>96</memory><vcpu>2</vcpu><os><cmdline>a &amp; b</cmdline></os>"
                    "<devices><interface><mac address='52:54:00:AA:00:01'/></interface></devices></domain>";
  static const char *const expected[] = {
    "precondition-2.memory=96", "precondition-2.cmdline=a & b", "precondition-2.mac=52:54:00:aa:00:01",
    "precondition-2.cpus=3",
  };
  g_autofree char *dir = g_dir_make_tmp ("cvm-import-XXXXXX", NULL);
  g_autofree char *written = NULL;
  g_autoptr(CvmCfg) cfg = NULL;
  g_autoptr(CvmImport) imported = NULL;
  g_autoptr(CvmOrder) profile = NULL;
  g_autoptr(GError) error = NULL;

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, xml, -1, NULL));
  imported = import (text, &cfg, &error);
  g_assert_no_error (error);
  g_assert_true (cvm_import_write (imported, dir, &written, &error));
  profile = cvm_profile_load (written, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_true (g_strv_contains ((const char *const *)first_suite (profile)->sets, expected[i]));
  g_assert_false (g_strv_contains ((const char *const *)first_suite (profile)->sets, "precondition-2.cpus=2"));

  g_assert_true (g_file_set_contents (path, "<domain>\n<memory>", -1, NULL));
  g_clear_pointer (&cfg, cvm_cfg_free);
  g_assert_null (import (text, &cfg, &error));
  g_assert_nonnull (strstr (error->message, ":2: this is no XML"));
  g_unlink (path);
  cvm_test_remove_tree (dir);
}

static const struct { const char *text, *message; } profiles[] = {
  { "[Profile]\nHost=x\n", "*:1: the profile names no suite*" },
  { "[Profile]\nSuite=a\nColour=red\n", "*:3: [Profile] has no key 'Colour'*" },
  { "[Other]\nSuite=a\n", "*:1: there is no kind of group 'Other'*" },
  { "nonsense\n", "*:1: *" },
};

static void
test_profiles (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autofree char *path = NULL;
      g_autoptr(GError) error = NULL;
      int fd = g_file_open_tmp ("cvm-profile-XXXXXX", &path, NULL);

      g_close (fd, NULL);
      g_assert_true (g_file_set_contents (path, profiles[i].text, -1, NULL));
      g_assert_null (cvm_profile_load (path, &error));
      g_assert_true (g_pattern_match_simple (profiles[i].message, error->message));
      g_unlink (path);
    }
}

int
main (int   argc,
      char *argv[])
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      g_autofree char *path = g_strconcat ("/import/note/", notes[i].name, NULL);

      g_test_add_data_func (path, &notes[i], test_note);
    }
  g_test_add_func ("/import/refusals", test_refusals);
  g_test_add_func ("/import/write", test_write);
  g_test_add_func ("/import/template", test_template);
  g_test_add_func ("/import/profiles", test_profiles);

  return cvm_test_home_run ();
}
