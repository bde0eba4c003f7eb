/* test-plan-read.c: a plan made again from plan.ini
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-plan.h"

#include <glib/gstdio.h>
#include <string.h>

static const CvmParam params[] = {
  { "text", CVM_PARAM_STRING, "default", "Text" },
  { "argv", CVM_PARAM_ARGV, "ls;a\\;b", "Program" },
  { NULL }
};

static const CvmCheckInfo checks[] = {
  { "ssh.command", "A command", "", params, 1500, FALSE },
  { "tap.exec", "A program", "", params, 1500, TRUE },
};

static const CvmCheckInfo *
lookup (const char *id)
{
  return g_str_equal (id, "tap.exec") ? &checks[1] : &checks[0];
}

#define SUITE "[Suite]\nName=Mine\nVersion=1\n[Precondition a]\nCheck=ssh.command\n" \
              "[Case b]\nCheck=ssh.command\ntext=own\nNeeds=a\n[Case c]\nCheck=ssh.command\n" \
              "[Preset p]\nc.text=preset\n"

typedef struct { char *dir, *suite, *image, *plan; } Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autofree char *config = NULL;

  f->dir = g_dir_make_tmp ("plan-XXXXXX", NULL);
  config = g_build_filename (f->dir, "config", "cvmtester", "suites", NULL);
  g_assert_cmpint (g_mkdir_with_parents (config, 0700), ==, 0);
  f->suite = g_build_filename (f->dir, "mine.suite", NULL);
  f->image = g_build_filename (f->dir, "demo.image", NULL);
  f->plan = g_build_filename (f->dir, "plan.ini", NULL);
  g_assert_true (g_file_set_contents (f->suite, SUITE, -1, NULL));
  g_assert_true (g_file_set_contents (f->image, "[Image]\nName=demo\nKernel=demo.image\nCmdline=quiet\n", -1, NULL));
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  const char *below[] = { "config/cvmtester/suites/exec.suite", "config/cvmtester/suites", "config/cvmtester",
                          "config", "mine.suite", "demo.image", "plan.ini", "exec.suite", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (below); i++)
    {
      g_autofree char *path = g_build_filename (f->dir, below[i], NULL);

      g_remove (path);
    }
  g_free (f->dir);
  g_free (f->suite);
  g_free (f->image);
  g_free (f->plan);
}

static CvmSuite *
resolve (const char        *path,
         const char        *preset,
         const char *const *sets,
         const char *const *only)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuite) raw = cvm_suite_load (path, lookup, &error);
  CvmSuite *suite = raw != NULL ? cvm_suite_resolve (raw, preset, sets, only, &error) : NULL;

  g_assert_no_error (error);

  return suite;
}

static void
write_plan (Fixture *f,
            CvmPlan *plan)
{
  gsize len;
  g_autofree char *data = cvm_plan_to_data (plan, &len);

  g_assert_true (g_file_set_contents (f->plan, data, len, NULL));
}

static CvmPlan *
load (Fixture            *f,
      const CvmPlanAgain *again)
{
  g_autoptr(GError) error = NULL;
  CvmPlan *plan = cvm_plan_load (f->plan, lookup, again, &error);

  g_assert_no_error (error);

  return plan;
}

/* Two jobs, with all that a plan can say */
static CvmPlan *
make_plan (Fixture *f)
{
  static const char *const sets[] = { "b.text=set \\ here ", "c.argv=x;y\\;z", "a.Timeout=3m", NULL };
  static const char *const only[] = { "b", "c/2", NULL };
  g_autoptr(CvmSuite) first = resolve (f->suite, "p", sets, only);
  g_autoptr(CvmSuite) second = resolve (f->suite, NULL, NULL, NULL);
  g_autoptr(CvmImage) image = cvm_image_load (f->image, NULL);
  g_autoptr(CvmImage) with_args = cvm_image_with_args (image, "fault=web more");
  CvmPlan *plan = cvm_plan_new ();

  cvm_plan_set_parallel (plan, 5);
  cvm_plan_set_keep_failed (plan, TRUE);
  cvm_plan_set_server (plan, "cern");
  cvm_plan_add_job (plan, with_args, "qemu:///session", "qemu", first);
  cvm_plan_add_job (plan, NULL, "test:///default", "test", second);

  return plan;
}

/* Read and written again it is the same, to the byte: but for the sets, which then hold what the
 * preset said */
static void
test_same (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(CvmPlan) plan = make_plan (f);
  g_autoptr(CvmPlan) again = NULL;
  g_autofree char *before = cvm_plan_to_data (plan, NULL);
  g_autofree char *after = NULL;
  g_auto(GStrv) left = NULL, right = NULL;

  write_plan (f, plan);
  again = load (f, NULL);
  after = cvm_plan_to_data (again, NULL);

  left = g_strsplit (before, "\n[Set 01]\n", 2);
  right = g_strsplit (after, "\n[Set 01]\n", 2);
  g_assert_nonnull (strstr (left[0], "Preset=p\n"));
  left[0][strstr (left[0], "Preset=p\n") - left[0]] = '\0';
  g_assert_true (g_str_has_prefix (right[0], left[0]));
  g_assert_nonnull (strstr (right[0], "c.text=preset\n"));
  g_assert_nonnull (strstr (right[0], "Only=a;b;c/2;\n"));
  g_assert_nonnull (strstr (right[0], "Cmdline=quiet fault=web more\n"));
  g_assert_nonnull (strstr (right[0], "Server=cern\n"));
  g_assert_nonnull (strstr (right[1], "c.argv=x;y\\\\;z\n"));
  g_assert_cmpuint (cvm_plan_get_parallel (again), ==, 5);
  g_assert_true (cvm_plan_get_keep_failed (again));
}

static const char *
value (CvmPlan    *plan,
       const char *id,
       const char *key)
{
  return g_hash_table_lookup (cvm_suite_find_case (cvm_plan_job (plan, 0)->suite, id)->values, key);
}

/* A suite that was mended meanwhile is run as it is now, with what had been set for the run */
static void
test_changed_suite (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr(CvmPlan) plan = make_plan (f);
  g_autoptr(CvmPlan) again = NULL;

  write_plan (f, plan);
  g_assert_true (g_file_set_contents (f->suite, "[Suite]\nName=Mine\nVersion=2\n[Precondition a]\nCheck=ssh.command\n"
                                      "text=mended\n[Case c]\nCheck=ssh.command\n[Case d]\nCheck=ssh.command\n"
                                      "[Preset p]\nc.text=preset 2\n", -1, NULL));
  again = load (f, NULL);

  g_assert_cmpstr (value (again, "a", "text"), ==, "mended");
  g_assert_cmpint (cvm_suite_find_case (cvm_plan_job (again, 0)->suite, "a")->timeout_ms, ==, 180000);
  g_assert_cmpstr (value (again, "c", "text"), ==, "preset 2");
  g_assert_cmpstr (value (again, "c", "argv"), ==, "x;y\\;z");
  g_assert_true (cvm_suite_find_case (cvm_plan_job (again, 0)->suite, "c")->is_selected);
  g_assert_false (cvm_suite_find_case (cvm_plan_job (again, 0)->suite, "d")->is_selected);
}

static gboolean
choose_second (const char   *job,
               char       ***only,
               gpointer      data)
{
  if (!g_str_equal (job, "02"))
    return FALSE;

  *only = g_strsplit (data, ",", 0);

  return TRUE;
}

static void
test_choice (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(CvmPlan) plan = make_plan (f);
  g_autoptr(CvmPlan) again = NULL, none = NULL;
  g_autoptr(GError) error = NULL;
  CvmPlanAgain choice = { .choose = choose_second, .data = (gpointer)"b" };
  CvmSuite *suite;

  write_plan (f, plan);
  again = load (f, &choice);
  g_assert_cmpuint (cvm_plan_n_jobs (again), ==, 1);
  suite = cvm_plan_job (again, 0)->suite;
  g_assert_cmpstr (cvm_plan_job (again, 0)->host_uri, ==, "test:///default");
  g_assert_true (cvm_suite_find_case (suite, "a")->is_selected);    /* a precondition, and needed */
  g_assert_true (cvm_suite_find_case (suite, "b")->is_selected);
  g_assert_false (cvm_suite_find_case (suite, "c")->is_selected);

  choice.data = (gpointer)"gone";
  none = cvm_plan_load (f->plan, lookup, &choice, &error);
  g_assert_null (none);
  g_assert_nonnull (strstr (error->message, "[Job 02] ran checks that its suite does not have any more"));
}

/* A run's folder of somebody else names a trusted suite, and another program */
static void
test_program (Fixture       *f,
              gconstpointer  data)
{
  g_autofree char *trusted = g_build_filename (f->dir, "config", "cvmtester", "suites", "exec.suite", NULL);
  g_autofree char *config = g_build_filename (f->dir, "config", NULL);
  static const char *const sets[] = { "x.argv=rm;-rf", NULL };
  g_autoptr(CvmSuite) evil = NULL;
  g_autoptr(CvmPlan) plan = cvm_plan_new (), refused = NULL, allowed = NULL;
  g_autoptr(GError) error = NULL;
  CvmPlanAgain again = { .allow_exec = TRUE };

  g_setenv ("XDG_CONFIG_HOME", config, TRUE);
  g_assert_true (g_file_set_contents (trusted, "[Suite]\nName=X\nVersion=1\n[Case x]\nCheck=tap.exec\nargv=/bin/true\n",
                                      -1, NULL));
  evil = resolve (trusted, NULL, sets, NULL);
  cvm_plan_add_job (plan, NULL, "test:///default", "test", evil);
  write_plan (f, plan);

  refused = cvm_plan_load (f->plan, lookup, NULL, &error);
  g_assert_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_EXEC_DENIED);
  g_assert_nonnull (strstr (error->message, "would run 'rm;-rf' on this host"));
  allowed = load (f, &again);
  g_assert_cmpuint (cvm_plan_n_jobs (allowed), ==, 1);
}

static const struct { const char *text, *message; } wrong[] = {
  { "", "p:1: there is no job in it*" },
  { "[Plan]\nVersion=1\n", "p:1: there is no job in it*" },
  { "nonsense", "p:1: *" },
  { "[Job 01]\nHost=x\nHypervisor=y\n", "p:1: ?Job 01] does not say which suite it ran" },
  { "[Job 01]\nHost=x\nHypervisor=y\nSuitePath=../x.suite\n", "p:1: ?Job 01] does not say which suite it ran" },
  { "[Job 01]\nSuitePath=/none.suite\n", "p:1: ?Job 01] does not say where it ran" },
  { "[Job 01]\nHost=x\nHypervisor=y\nSuitePath=/none.suite\n", "Cannot open /none.suite*" },
};

static void
test_wrong (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(CvmPlan) plan = cvm_plan_new_from_data (wrong[i].text, strlen (wrong[i].text), "p", lookup, NULL,
                                                        &error);

      g_assert_null (plan);
      if (!g_pattern_match_simple (wrong[i].message, error->message))
        g_error ("“%s” is not like “%s”", error->message, wrong[i].message);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/plan-read/same", Fixture, NULL, set_up, test_same, tear_down);
  g_test_add ("/plan-read/changed-suite", Fixture, NULL, set_up, test_changed_suite, tear_down);
  g_test_add ("/plan-read/choice", Fixture, NULL, set_up, test_choice, tear_down);
  g_test_add ("/plan-read/program", Fixture, NULL, set_up, test_program, tear_down);
  g_test_add_func ("/plan-read/wrong", test_wrong);

  return g_test_run ();
}
