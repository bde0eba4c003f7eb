/* test-rerun.c: what failed of a run of the past, planned once more
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-rerun.h"

#include <glib/gstdio.h>
#include <string.h>

static const CvmCheckInfo check = { "ssh.command", "A command", "", NULL, 1500, FALSE };

static const CvmCheckInfo *
lookup (const char *id)
{
  return &check;
}

/* A case.end of NUMBER */
#define CASE(job, n, id, how) \
  "\"job\":\"" job "\",\"type\":\"case.begin\",\"number\":" #n ",\"id\":\"" id "\",\"limit_ms\":9", \
  "\"job\":\"" job "\",\"type\":\"case.end\",\"number\":" #n ",\"id\":\"" id "\",\"outcome\":\"" how "\",\"ms\":1"
#define PLANNED(job, n, id, is) \
  "\"job\":\"" job "\",\"type\":\"case.planned\",\"number\":" #n ",\"id\":\"" id "\",\"title\":\"t\",\"precondition\":" is
#define BEGIN(job) \
  "\"job\":\"" job "\",\"type\":\"job.begin\",\"image\":\"\",\"host\":\"test:///x\",\"suite\":\"S\",\"points\":3", \
  PLANNED (job, 1, "a", "true"), PLANNED (job, 2, "b", "false"), PLANNED (job, 3, "c", "false")
#define END(job, status) "\"job\":\"" job "\",\"type\":\"job.end\",\"status\":" #status
#define POINT(job, n, path, ok) \
  "\"job\":\"" job "\",\"type\":\"point\",\"number\":" #n ",\"path\":\"" path "\",\"ok\":" ok ",\"text\":\"t\""

static const char *const all_passed[] = {
  BEGIN ("01"), CASE ("01", 1, "a", "pass"), CASE ("01", 2, "b", "pass"), CASE ("01", 3, "c", "pass"), END ("01", 0),
  BEGIN ("02"), CASE ("02", 1, "a", "pass"), CASE ("02", 2, "b", "pass"), CASE ("02", 3, "c", "pass"), END ("02", 0),
  "\"job\":null,\"type\":\"run.end\",\"status\":0", NULL
};
static const char *const one_failed[] = {
  BEGIN ("01"), CASE ("01", 1, "a", "pass"), CASE ("01", 2, "b", "pass"), CASE ("01", 3, "c", "pass"), END ("01", 0),
  BEGIN ("02"), CASE ("02", 1, "a", "pass"), CASE ("02", 2, "b", "pass"), CASE ("02", 3, "c", "fail"), END ("02", 1),
  "\"job\":null,\"type\":\"run.end\",\"status\":1", NULL
};
static const char *const subtests_failed[] = {
  BEGIN ("01"), CASE ("01", 1, "a", "pass"), POINT ("01", 2, "1", "true"), POINT ("01", 2, "2", "false"),
  CASE ("01", 2, "b", "fail"), CASE ("01", 3, "c", "pass"), END ("01", 1),
  BEGIN ("02"), CASE ("02", 1, "a", "pass"), CASE ("02", 2, "b", "pass"), CASE ("02", 3, "c", "pass"), END ("02", 0),
  "\"job\":null,\"type\":\"run.end\",\"status\":1", NULL
};
static const char *const tried_again[] = {     /* on the same guest */
  BEGIN ("01"), CASE ("01", 1, "a", "pass"), CASE ("01", 2, "b", "pass"), CASE ("01", 3, "c", "pass"),
  PLANNED ("01", 4, "b.2", "false"),
  CASE ("01", 4, "b.2", "fail"), END ("01", 1),
  BEGIN ("02"), CASE ("02", 1, "a", "pass"), CASE ("02", 2, "b", "pass"), CASE ("02", 3, "c", "pass"), END ("02", 0),
  "\"job\":null,\"type\":\"run.end\",\"status\":1", NULL
};
static const char *const precondition_failed[] = {
  BEGIN ("01"), CASE ("01", 1, "a", "fail"), CASE ("01", 2, "b", "skip"), CASE ("01", 3, "c", "skip"), END ("01", 3),
  BEGIN ("02"), CASE ("02", 1, "a", "pass"), CASE ("02", 2, "b", "pass"), CASE ("02", 3, "c", "pass"), END ("02", 0),
  "\"job\":null,\"type\":\"run.end\",\"status\":3", NULL
};
static const char *const died[] = {     /* in the first job; the second never began */
  BEGIN ("01"), CASE ("01", 1, "a", "pass"), CASE ("01", 2, "b", "fail"), NULL
};

/* What is planned: "01: a b; 02: c/2" */
static const struct { const char *name; const char *const *journal; const char *failed; } rows[] = {
  { "all-passed", all_passed, NULL },
  { "one-failed", one_failed, "test:///2: a c" },
  { "subtests-failed", subtests_failed, "test:///1: a b/2" },
  { "tried-again", tried_again, "test:///1: a b" },
  { "precondition-failed", precondition_failed, "test:///1: a b c" },
  { "died", died, "test:///1: a b c; test:///2: a b c" },
};

static char *
describe (CvmPlan *plan)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < cvm_plan_n_jobs (plan); i++)
    {
      const CvmJobSpec *job = cvm_plan_job (plan, i);

      g_string_append_printf (text, "%s%s:", i > 0 ? "; " : "", job->host_uri);
      for (guint j = 0; j < cvm_suite_n_cases (job->suite); j++)
        {
          const CvmCase *item = cvm_suite_case (job->suite, j);

          if (item->is_selected)
            g_string_append_printf (text, " %s%s%s", item->id, item->only != NULL ? "/" : "",
                                    item->only != NULL ? item->only[0] : "");
        }
    }

  return g_string_free (text, FALSE);
}

static char *
make_run (const char *const *lines)
{
  char *dir = g_dir_make_tmp ("rerun-XXXXXX", NULL);
  g_autofree char *suite_path = g_build_filename (dir, "s.suite", NULL);
  g_autofree char *plan_path = g_build_filename (dir, "plan.ini", NULL);
  g_autofree char *journal = g_build_filename (dir, "journal.jsonl", NULL);
  g_autoptr(CvmPlan) plan = cvm_plan_new ();
  g_autoptr(CvmSuite) raw = NULL, suite = NULL;
  g_autofree char *data = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_true (g_file_set_contents (suite_path, "[Suite]\nName=S\nVersion=1\n[Precondition a]\nCheck=x\n"
                                      "[Case b]\nCheck=x\n[Case c]\nCheck=x\n", -1, NULL));
  raw = cvm_suite_load (suite_path, lookup, NULL);
  suite = cvm_suite_resolve (raw, NULL, NULL, NULL, NULL);
  cvm_plan_add_job (plan, NULL, "test:///1", "test", suite);
  cvm_plan_add_job (plan, NULL, "test:///2", "test", suite);
  data = cvm_plan_to_data (plan, NULL);
  g_assert_true (g_file_set_contents (plan_path, data, -1, NULL));

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (text, "{\"v\":1,\"seq\":%u,\"t\":\"2026-11-20T10:11:12.000000Z\",%s}\n", i + 1, lines[i]);
  g_assert_true (g_file_set_contents (journal, text->str, -1, NULL));

  return dir;
}

static void
remove_run (const char *dir)
{
  const char *files[] = { "s.suite", "plan.ini", "journal.jsonl", "" };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (dir, files[i], NULL);

      g_remove (path);
    }
}

static void
test_row (gconstpointer data)
{
  const typeof (rows[0]) *row = data;
  g_autofree char *dir = make_run (row->journal);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPlan) all = cvm_rerun_plan (dir, FALSE, lookup, NULL, &error);
  g_autoptr(CvmPlan) failed = NULL;
  g_autofree char *all_text = all != NULL ? describe (all) : NULL;
  g_autofree char *failed_text = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (all_text, ==, "test:///1: a b c; test:///2: a b c");
  failed = cvm_rerun_plan (dir, TRUE, lookup, NULL, &error);
  failed_text = failed != NULL ? describe (failed) : NULL;
  g_assert_cmpstr (failed_text, ==, row->failed);
  if (row->failed == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  else
    g_assert_no_error (error);

  remove_run (dir);
}

/* One check alone, with its preconditions, of one job alone; whatever became of the run */
static void
test_check (void)
{
  g_autofree char *dir = make_run (died);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPlan) one = cvm_rerun_plan_check (dir, "02", "b", lookup, NULL, &error);
  g_autoptr(CvmPlan) subtest = NULL;
  g_autofree char *one_text = NULL;
  g_autofree char *subtest_text = NULL;
  g_autoptr(CvmPlan) tried = NULL;     /* again on the same guest */
  g_autofree char *tried_text = NULL;

  g_assert_no_error (error);
  one_text = describe (one);
  g_assert_cmpstr (one_text, ==, "test:///2: a b");

  subtest = cvm_rerun_plan_check (dir, "01", "c/2", lookup, NULL, &error);
  g_assert_no_error (error);
  subtest_text = describe (subtest);
  g_assert_cmpstr (subtest_text, ==, "test:///1: a c/2");
  tried = cvm_rerun_plan_check (dir, "01", "c.3/2", lookup, NULL, &error);
  g_assert_no_error (error);
  tried_text = describe (tried);
  g_assert_cmpstr (tried_text, ==, "test:///1: a c/2");
  g_assert_null (cvm_rerun_plan_check (dir, "01", "nobody", lookup, NULL, &error));
  g_assert_nonnull (error);

  remove_run (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/rerun/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }

  g_test_add_func ("/rerun/check", test_check);

  return g_test_run ();
}
