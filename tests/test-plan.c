/* test-plan.c: jobs, their ids, and plan.ini
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyfile.h"
#include "cvm-plan.h"

#include <glib/gstdio.h>
#include <string.h>

static const CvmParam params[] = {
  { "command", CVM_PARAM_STRING, "true", "Command" },
  { "argv", CVM_PARAM_ARGV, "ls;a\\;b", "Program" },
  { NULL }
};

static const CvmCheckInfo check = { "ssh.command", "A command", "", params, 1500, FALSE };

static const CvmCheckInfo *
lookup (const char *id)
{
  return &check;
}

/* A file that is there only while FUNC reads it */
static gpointer
load (const char *name,
      const char *text,
      gpointer  (*func) (const char *path))
{
  g_autofree char *folder = g_dir_make_tmp ("plan-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gpointer loaded;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  loaded = func (path);
  g_unlink (path);
  g_rmdir (folder);
  g_assert_nonnull (loaded);

  return loaded;
}

static gpointer
load_suite (const char *path)
{
  return cvm_suite_load (path, lookup, NULL);
}

static gpointer
load_image (const char *path)
{
  return cvm_image_load (path, NULL);
}

static CvmSuite *
make_suite (const char *const *sets,
            const char *const *only)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) suite = load ("mine.suite", "[Suite]\nName=Mine\nVersion=1\n"
                                    "[Precondition a]\nCheck=x\n[Case b]\nCheck=x\nTimeout=2m\n"
                                    "[Case c]\nCheck=x\n", load_suite);
  CvmSuite *resolved = cvm_suite_resolve (suite, NULL, sets, only, &error);

  g_assert_no_error (error);

  return resolved;
}

static CvmImage *
make_image (void)
{
  return load ("demo.image", "[Image]\nName=demo\nKernel=/dev/null\nCmdline= a  b\n", load_image);
}

static void
test_jobs (void)
{
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(CvmSuite) suite = make_suite (NULL, NULL);
  g_autoptr(CvmImage) image = make_image ();
  g_autofree char *none = cvm_plan_dup_title (plan);
  g_autofree char *one = NULL;
  g_autofree char *many = NULL;

  cvm_plan_add_job (plan, image, "qemu:///session", "auto", suite);
  one = cvm_plan_dup_title (plan);

  for (guint i = 1; i < 999; i++)
    cvm_plan_add_job (plan, NULL, "test:///default", "test", suite);
  many = cvm_plan_dup_title (plan);

  g_assert_cmpuint (cvm_plan_n_jobs (plan), ==, 999);
  g_assert_cmpstr (cvm_plan_job (plan, 0)->id, ==, "01");
  g_assert_cmpstr (cvm_plan_job (plan, 998)->id, ==, "999");
  g_assert_true (cvm_plan_job (plan, 0)->image == image);
  g_assert_null (cvm_plan_job (plan, 1)->image);
  g_assert_true (cvm_plan_job (plan, 1)->suite == suite);
  g_assert_cmpstr (cvm_plan_job (plan, 1)->host_uri, ==, "test:///default");

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (one, ==, "demo: Mine");
  g_assert_cmpstr (many, ==, "demo: Mine +998");
}

/* What is for other drivers is not planned, and nobody needs it */
static void
test_drivers (void)
{
  static const struct { const char *uri; guint n_cases, n_needs; } rows[] = {
    { "qemu:///session", 2, 1 }, { "qemu+ssh://x/system", 2, 1 }, { "vbox:///session", 3, 2 },
    { "vmwareplayer:///session", 3, 2 }, { "test:///default", 2, 1 },
  };
  g_autoptr(CvmSuite) suite = load ("mine.suite", "[Suite]\nName=Mine\nVersion=1\n"
                                    "[Precondition a]\nCheck=x\n"
                                    "[Precondition b]\nCheck=x\nDrivers=vbox;vmware\n"
                                    "[Case c]\nCheck=x\nNeeds=a;b\n", load_suite);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      CvmSuite *planned;

      cvm_plan_add_job (plan, NULL, rows[i].uri, "auto", suite);
      planned = cvm_plan_job (plan, i)->suite;
      g_assert_cmpuint (cvm_suite_n_cases (planned), ==, rows[i].n_cases);
      g_assert_cmpuint (g_strv_length (cvm_suite_find_case (planned, "c")->needs), ==, rows[i].n_needs);
      g_assert_cmpint (cvm_suite_find_case (planned, "b") != NULL, ==, rows[i].n_cases == 3);
    }
}

static void
test_settings (void)
{
  g_autoptr(CvmPlan) plan = cvm_plan_new ();

  g_assert_cmpuint (cvm_plan_get_parallel (plan), ==, 2);
  g_assert_false (cvm_plan_get_keep_failed (plan));
  cvm_plan_set_parallel (plan, 0);
  cvm_plan_set_keep_failed (plan, TRUE);
  g_assert_cmpuint (cvm_plan_get_parallel (plan), ==, 1);
  g_assert_true (cvm_plan_get_keep_failed (plan));
}

static CvmKeyfile *
write_and_read (CvmPlan *plan)
{
  g_autoptr(GError) error = NULL;
  gsize len;
  g_autofree char *data = cvm_plan_to_data (plan, &len);
  CvmKeyfile *file = cvm_keyfile_new_from_data (data, len, "plan.ini", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (len, ==, strlen (data));

  return file;
}

static const char *
value (CvmKeyfile *file,
       const char *job,
       const char *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (file, job != NULL ? "Job" : "Plan",
                                                   job != NULL ? job : "", key);

  return entry != NULL ? entry->value : NULL;
}

static void
test_data (void)
{
  static const char *const sets[] = { "b.command=echo \\d\n ", "c.argv=a\\;b;c\\\\", NULL };
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(CvmSuite) suite = make_suite (sets, NULL);
  g_autoptr(CvmImage) image = make_image ();
  g_autoptr(CvmKeyfile) file = NULL;
  g_auto(GStrv) argv = NULL;

  cvm_plan_add_job (plan, image, "qemu:///session", "auto", suite);
  cvm_plan_add_job (plan, NULL, "qemu+ssh://me:secret@host:22/system?no_tty=1", "qemu", suite);
  file = write_and_read (plan);

  g_assert_cmpuint (cvm_keyfile_n_groups (file), ==, 5);
  g_assert_cmpstr (value (file, NULL, "Version"), ==, "1");
  g_assert_cmpstr (value (file, NULL, "Parallel"), ==, "2");
  g_assert_cmpstr (value (file, "01", "Image"), ==, "demo");
  g_assert_cmpstr (value (file, "01", "ImagePath"), ==, image->path);
  g_assert_cmpstr (value (file, "01", "Cmdline"), ==, "a  b");
  g_assert_cmpstr (value (file, "01", "Host"), ==, "qemu:///session");
  g_assert_cmpstr (value (file, "01", "Hypervisor"), ==, "auto");
  g_assert_cmpstr (value (file, "01", "Suite"), ==, "mine");
  g_assert_cmpstr (value (file, "01", "SuitePath"), ==, cvm_suite_get_path (suite));
  g_assert_cmpstr (value (file, "01", "SuiteSha256"), ==, cvm_suite_get_sha256 (suite));
  g_assert_null (value (file, "01", "Only"));
  g_assert_cmpstr (value (file, "01", "a.Timeout"), ==, "2");     /* 1.5 s, never less */
  g_assert_cmpstr (value (file, "01", "b.Timeout"), ==, "120");
  g_assert_cmpstr (value (file, "01", "b.command"), ==, "echo \\d\n ");
  argv = cvm_keyfile_split (file, cvm_keyfile_find (file, "Job", "01", "c.argv"));
  g_assert_cmpstr (argv[0], ==, "a;b");
  g_assert_cmpstr (argv[1], ==, "c\\");

  g_assert_null (value (file, "02", "Image"));
  g_assert_cmpstr (value (file, "02", "Host"), ==, "qemu+ssh://me@host:22/system?no_tty=1");
}

static void
test_only (void)
{
  static const char *const only[] = { "b/2", "b/a;b", NULL };
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(CvmSuite) suite = make_suite (NULL, only);
  g_autoptr(CvmKeyfile) file = NULL;
  g_auto(GStrv) items = NULL;

  cvm_plan_add_job (plan, NULL, "test:///default", "test", suite);
  file = write_and_read (plan);
  items = cvm_keyfile_split (file, cvm_keyfile_find (file, "Job", "01", "Only"));

  g_assert_cmpuint (g_strv_length (items), ==, 3);
  g_assert_cmpstr (items[0], ==, "a");
  g_assert_cmpstr (items[1], ==, "b/2");
  g_assert_cmpstr (items[2], ==, "b/a;b");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/plan/jobs", test_jobs);
  g_test_add_func ("/plan/drivers", test_drivers);
  g_test_add_func ("/plan/settings", test_settings);
  g_test_add_func ("/plan/data", test_data);
  g_test_add_func ("/plan/only", test_only);

  return g_test_run ();
}
