/* test-progress.c: how far a run of several jobs is, and what of it was stopped
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-progress.h"

#include <glib/gstdio.h>

#include "cvm-point-text.h"

#define SECOND ((gint64)1000)

static const CvmCheckInfo check = { "ssh.command", "A command", "", NULL, 1500, FALSE };

static const CvmCheckInfo *
lookup (const char *id)
{
  return &check;
}

/* Resolved: of three cases */
static CvmSuite *
make_suite (void)
{
  g_autofree char *folder = g_dir_make_tmp ("progress-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "mine.suite", NULL);
  g_autoptr(CvmSuite) suite = NULL;

  g_assert_true (g_file_set_contents (path, "[Suite]\nName=Mine\nVersion=1\n[Precondition a]\n"
                                      "Check=x\n[Case b]\nCheck=x\n[Case c]\nCheck=x\n", -1,
                                      NULL));
  suite = cvm_suite_load (path, lookup, NULL);
  g_unlink (path);
  g_rmdir (folder);
  g_assert_nonnull (suite);

  return cvm_suite_resolve (suite, NULL, NULL, NULL, NULL);
}

static CvmPlan *
make_plan (guint n_jobs,
           guint parallel)
{
  g_autoptr(CvmSuite) suite = make_suite ();
  CvmPlan *plan = cvm_plan_new ();

  for (guint i = 0; i < n_jobs; i++)
    cvm_plan_add_job (plan, NULL, "test:///default", "auto", suite);
  cvm_plan_set_parallel (plan, parallel);

  return plan;
}

static void
tell (CvmResult     *result,
      CvmRecordType  type,
      const char    *job,
      guint          number)
{
  g_autoptr(CvmRecord) record = cvm_record_new (type, job);

  record->time_us = 1000 * G_USEC_PER_SEC;
  record->number = number;
  record->outcome = CVM_OUTCOME_PASS;
  cvm_result_add (result, record);
}

static void
tell_job (CvmResult  *result,
          const char *job)
{
  tell (result, CVM_RECORD_JOB_BEGIN, job, 3);
  for (guint i = 1; i <= 3; i++)
    tell (result, CVM_RECORD_CASE_PLANNED, job, i);
  for (guint i = 1; i <= 3; i++)
    tell (result, CVM_RECORD_CASE_END, job, i);
  tell (result, CVM_RECORD_JOB_END, job, 0);
}

static void
assert_sum (CvmResult *result,
            CvmPlan   *plan,
            guint      passed,
            guint      planned,
            gboolean   is_ended)
{
  CvmJobResult sum;

  cvm_progress_sum (result, plan, &sum);
  g_assert_cmpuint (sum.passed, ==, passed);
  g_assert_cmpuint (sum.planned, ==, planned);
  g_assert_cmpint (sum.ended_us > 0, ==, is_ended);
}

/* One job after the other */
static void
test_sum (void)
{
  g_autoptr(CvmPlan) plan = make_plan (3, 1);
  g_autoptr(CvmResult) result = cvm_result_new ();

  assert_sum (result, plan, 0, 9, FALSE);
  assert_sum (result, NULL, 0, 0, FALSE);
  tell_job (result, "01");
  assert_sum (result, plan, 3, 9, FALSE);
  tell (result, CVM_RECORD_JOB_BEGIN, "02", 3);
  assert_sum (result, plan, 3, 9, FALSE);
  tell (result, CVM_RECORD_JOB_END, "02", 0);
  assert_sum (result, plan, 3, 9, FALSE);

  /* a run of the past that died between two jobs; then one that was stopped */
  assert_sum (result, NULL, 3, 6, TRUE);
  tell (result, CVM_RECORD_RUN_END, NULL, 0);
  assert_sum (result, plan, 3, 6, TRUE);
}

static const struct
{
  const char *name;
  guint       parallel;
  gint64      ms[3];
  gint64      usual_ms;
} usuals[] = {
  { "at-once",      3, { 60 * SECOND, 20 * SECOND, 30 * SECOND }, 60 * SECOND },
  { "two-by-two",   2, { 60 * SECOND, 20 * SECOND, 50 * SECOND }, 70 * SECOND },
  { "one-by-one",   1, { 60 * SECOND, 20 * SECOND, 30 * SECOND }, 110 * SECOND },
  { "one-is-new",   1, { 60 * SECOND, 0, 30 * SECOND },           0 },
  { "nobody-knows", 2, { 0, 0, 0 },                               0 },
};

static void
test_usual (gconstpointer data)
{
  const typeof (usuals[0]) *c = data;
  g_autoptr(CvmPlan) plan = make_plan (3, c->parallel);
  CvmEstimateJob jobs[3] = { { .ms = c->ms[0] }, { .ms = c->ms[1] }, { .ms = c->ms[2] } };

  g_assert_cmpint (cvm_progress_usual_ms (plan, jobs), ==, c->usual_ms);
}

/* Of a group of checks */
static const struct
{
  const char    *name;
  CvmOutcome     outcomes[3];
  CvmPointState  state;
  const char    *counts;
} groups[] = {
  { "stopped", { CVM_OUTCOME_PASS, CVM_OUTCOME_CANCELLED, CVM_OUTCOME_SKIP },
    CVM_POINT_STATE_CANCELLED, "1 stopped, 1 skipped" },
  { "failed-then-stopped", { CVM_OUTCOME_FAIL, CVM_OUTCOME_CANCELLED, CVM_OUTCOME_CANCELLED },
    CVM_POINT_STATE_FAILED, "1 failed, 2 stopped" },
  { "stopped-then-failed", { CVM_OUTCOME_CANCELLED, CVM_OUTCOME_FAIL, CVM_OUTCOME_PASS },
    CVM_POINT_STATE_FAILED, "1 failed, 1 stopped" },
  { "passed", { CVM_OUTCOME_PASS, CVM_OUTCOME_PASS, CVM_OUTCOME_PASS },
    CVM_POINT_STATE_PASSED, "" },
};

static void
test_group (gconstpointer data)
{
  const typeof (groups[0]) *c = data;
  CvmPointSummary summary = { CVM_POINT_STATE_PENDING };
  g_autofree char *counts = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (c->outcomes); i++)
    {
      CvmPoint point = { .is_begun = TRUE, .is_ended = TRUE, .outcome = c->outcomes[i],
                         .ok = c->outcomes[i] == CVM_OUTCOME_PASS };

      cvm_point_summary_add (&summary, &point);
    }
  cvm_point_summary_close (&summary);
  counts = cvm_point_summary_counts (&summary);

  g_assert_cmpint (summary.state, ==, c->state);
  g_assert_cmpstr (counts, ==, c->counts);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progress/sum", test_sum);
  for (gsize i = 0; i < G_N_ELEMENTS (usuals); i++)
    {
      g_autofree char *path = g_strconcat ("/progress/usual/", usuals[i].name, NULL);

      g_test_add_data_func (path, &usuals[i], test_usual);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autofree char *path = g_strconcat ("/progress/group/", groups[i].name, NULL);

      g_test_add_data_func (path, &groups[i], test_group);
    }

  return g_test_run ();
}
