/* test-run-control.c: what the user may ask of a run: pause, skip, more time, fail now, stop
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cvm-fake-ports.h"
#include "cvm-test-home.h"
#include "cvm-test-run.h"

#define HANG "[Case a]\nCheck=fake.hang\nTimeout=30s\n"
#define NEXT "[Case b]\nCheck=fake.pass\n"

static gboolean
is_wait (const CvmRecord *record)
{
  return record != NULL && record->type == CVM_RECORD_CASE_WAIT && record->text != NULL;
}

static gboolean
is_log (const CvmRecord *record,
        const char      *part)
{
  return record != NULL && record->type == CVM_RECORD_LOG && strstr (record->text, part) != NULL;
}

static char *
logged (CvmTestRun *f,
        const char *part)
{
  g_autoptr(GPtrArray) records = cvm_test_run_journal (f);

  for (guint i = 0; i < records->len; i++)
    if (is_log (records->pdata[i], part))
      return g_strdup (((const CvmRecord *)records->pdata[i])->text);

  return NULL;
}

/* More time -------------------------------------------------------------------------------- */

static void
extend_once (CvmTestRun      *f,
             const CvmRecord *record)
{
  if (is_wait (record) && g_str_equal (record->id, "a"))
    g_assert_true (cvm_run_extend (f->run, "01", 1500));
}

static void
test_extend (CvmTestRun    *f,
             gconstpointer  data)
{
  const CvmJobResult *job;
  const CvmPoint *a;
  g_autofree char *told = NULL;

  f->on_record = extend_once;
  job = cvm_test_run_suite (f, HEAD "[Case a]\nCheck=fake.hang\nTimeout=1s\n" NEXT);
  a = cvm_test_run_point (job, 1);
  told = logged (f, "more, by the user");

  g_assert_cmpint (a->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_cmpint (a->ms, >=, 2500);
  g_assert_cmpint (a->ms, <, 20000);
  g_assert_cmpint (ABS (a->limit_ms - 2500), <, 200);
  g_assert_cmpstr (a->waiting, ==, NULL);
  g_assert_cmpstr (a->reason, ==, "not within 2.5 s: The time limit was reached");
  g_assert_cmpstr (told, ==, "a: 1.5 s more, by the user");
  g_assert_cmpstr (((const CvmDetail *)a->details->pdata[0])->value, ==, "1.5 s, by the user");
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_PASS);
}

/* A try that is silent ends at the old limit, and does not eat what the user gave */
static void
test_extend_retries (CvmTestRun    *f,
                     gconstpointer  data)
{
  const CvmJobResult *job;

  cvm_fake_world.ssh_silences = 1;
  f->on_record = extend_once;
  job = cvm_test_run_suite (f, HEAD START "[Case a]\nCheck=fake.ssh\nTimeout=1s\n");

  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_PASS);
}

/* What the user gives one check is not taken from the suite's own limit */
static void
test_extend_suite (CvmTestRun    *f,
                   gconstpointer  data)
{
  const CvmJobResult *job;

  f->on_record = extend_once;
  job = cvm_test_run_suite (f, HEAD "Timeout=2s\n[Case a]\nCheck=fake.hang\nTimeout=1s\n" NEXT);

  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_PASS);
}

static void
extend_too_late (CvmTestRun      *f,
                 const CvmRecord *record)
{
  if (record == NULL || record->type == CVM_RECORD_JOB_END)
    {
      g_assert_false (cvm_run_extend (f->run, "01", 1000));
      g_assert_false (cvm_run_fail_now (f->run, "01"));
      g_assert_false (cvm_run_extend (f->run, "02", 1000));
      g_assert_false (cvm_run_skip (f->run, "01", "nobody"));
    }
  if (record != NULL && record->type == CVM_RECORD_JOB_END)
    g_assert_false (cvm_run_skip (f->run, "01", "b"));
}

static void
test_nothing_runs (CvmTestRun    *f,
                   gconstpointer  data)
{
  f->on_record = extend_too_late;
  cvm_test_run_suite (f, HEAD NEXT);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
}

/* The case that runs ----------------------------------------------------------------------- */

static void
fail_now (CvmTestRun      *f,
          const CvmRecord *record)
{
  if (is_wait (record))
    g_assert_true (cvm_run_fail_now (f->run, "01"));
}

static void
test_fail_now (CvmTestRun    *f,
               gconstpointer  data)
{
  const CvmJobResult *job;
  const CvmPoint *a;

  f->on_record = fail_now;
  job = cvm_test_run_suite (f, HEAD HANG NEXT);
  a = cvm_test_run_point (job, 1);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_FAILED);
  g_assert_cmpint (a->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_true (g_str_has_prefix (a->reason, "ended by the user after "));
  g_assert_true (g_str_has_suffix (a->reason, " s, waiting: nothing"));
  g_assert_cmpint (a->ms, <, 10000);
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_PASS);
}

static void
skip_running (CvmTestRun      *f,
              const CvmRecord *record)
{
  if (is_wait (record))
    g_assert_true (cvm_run_skip (f->run, "01", "a"));
}

static void
test_skip_running (CvmTestRun    *f,
                   gconstpointer  data)
{
  const CvmJobResult *job;
  const CvmPoint *a;
  g_autofree char *told = NULL;

  f->on_record = skip_running;
  job = cvm_test_run_suite (f, HEAD HANG "[Case c]\nCheck=fake.pass\nNeeds=a\n" NEXT);
  a = cvm_test_run_point (job, 1);
  told = logged (f, "the user skips it");

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_cmpint (a->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_cmpstr (a->reason, ==, "skipped by the user");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==,
                   "needs a, which was skipped: skipped by the user");
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_cmpstr (told, ==, "a: the user skips it");
}

static void
skip_start (CvmTestRun      *f,
            const CvmRecord *record)
{
  if (record != NULL && record->type == CVM_RECORD_CASE_BEGIN && record->number == 1)
    g_assert_true (cvm_run_skip (f->run, "01", "on"));
}

/* A guest that is just being started is gone when its start is skipped */
static void
test_skip_start (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmJobResult *job;
  g_autofree char *acts = NULL;

  cvm_fake_world.start_hangs = TRUE;
  f->on_record = skip_start;
  job = cvm_test_run_suite (f, HEAD "[Case on]\nCheck=fake.start\nTimeout=30s\n" NEXT);
  acts = cvm_test_run_acts (f);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_cmpint (cvm_test_run_point (job, 1)->outcome, ==, CVM_OUTCOME_SKIP);
  g_assert_null (strstr (acts, "acted domain ok"));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 0);
}

/* The user's stop is stronger than any other wish. What comes next hangs too: the run must not end
 * between the two. */
static void
cancel_and_skip (CvmTestRun      *f,
                 const CvmRecord *record)
{
  if (is_wait (record))
    {
      cvm_run_skip (f->run, "01", "a");
      cvm_run_cancel (f->run);
    }
}

static void
test_cancel_wins (CvmTestRun    *f,
                  gconstpointer  data)
{
  f->on_record = cancel_and_skip;
  cvm_test_run_suite (f, HEAD HANG "[Case b]\nCheck=fake.hang\nTimeout=30s\n");
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_CANCELLED);
}

/* Cases that come -------------------------------------------------------------------------- */

static void
skip_before_start (CvmTestRun      *f,
                   const CvmRecord *record)
{
  if (record == NULL)
    {
      g_assert_true (cvm_run_skip (f->run, "01", "b"));
      g_assert_true (cvm_run_skip (f->run, "01", "up"));
    }
}

/* A precondition that the user skips does not end the job: they have chosen to go on */
static void
test_skip_ahead (CvmTestRun    *f,
                 gconstpointer  data)
{
  const CvmJobResult *job;

  f->on_record = skip_before_start;
  job = cvm_test_run_suite (f, HEAD "[Precondition up]\nCheck=fake.fail\n" NEXT PASS);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_cmpstr (cvm_test_run_point (job, 1)->reason, ==, "skipped by the user");
  g_assert_cmpstr (cvm_test_run_point (job, 2)->reason, ==, "skipped by the user");
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_PASS);
}

static gboolean
resume (gpointer data)
{
  CvmTestRun *f = data;

  g_assert_true (cvm_run_is_paused (f->run));
  g_assert_false (cvm_run_is_finished (f->run));
  g_assert_cmpuint (f->begun, ==, 0);   /* nothing has begun meanwhile */
  cvm_run_resume (f->run);

  return G_SOURCE_REMOVE;
}

static void
pause_first (CvmTestRun      *f,
             const CvmRecord *record)
{
  if (record == NULL)
    cvm_run_pause (f->run);
  if (is_log (record, "paused before"))
    {
      g_assert_true (cvm_run_skip (f->run, "01", "b"));
      g_timeout_add (1200, resume, f);
    }
}

/* The suite's limit stands still meanwhile */
static void
test_pause (CvmTestRun    *f,
            gconstpointer  data)
{
  const CvmJobResult *job;
  g_autofree char *paused = NULL;
  g_autofree char *resumed = NULL;

  f->on_record = pause_first;
  job = cvm_test_run_suite (f, HEAD "Timeout=1s\n" START "[Case b]\nCheck=fake.fail\n" PASS);
  paused = logged (f, "paused before");
  resumed = logged (f, "went on");

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_PASSED);
  g_assert_cmpstr (paused, ==, "paused before start, by the user");
  g_assert_true (g_str_has_prefix (resumed, "went on with start after a pause of "));
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_PASS);
  g_assert_false (cvm_run_is_paused (f->run));
}

static void
pause_then_cancel (CvmTestRun      *f,
                   const CvmRecord *record)
{
  if (record == NULL)
    cvm_run_pause (f->run);
  if (is_log (record, "paused before"))
    cvm_run_cancel (f->run);
}

static void
test_cancel_paused (CvmTestRun    *f,
                    gconstpointer  data)
{
  f->on_record = pause_then_cancel;
  cvm_test_run_suite (f, HEAD NEXT);
  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_CANCELLED);
  g_assert_cmpuint (f->begun, ==, 0);
}

/* Stop ------------------------------------------------------------------------------------- */

static void
stop_after_check (CvmTestRun      *f,
                  const CvmRecord *record)
{
  if (record != NULL && record->type == CVM_RECORD_CASE_BEGIN)
    cvm_run_stop_after_check (f->run);
}

static void
test_stop_after_check (CvmTestRun    *f,
                       gconstpointer  data)
{
  const CvmJobResult *job;

  f->on_record = stop_after_check;
  job = cvm_test_run_suite (f, HEAD "[Case a]\nCheck=fake.hang\nTimeout=1s\n" NEXT PASS);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_CANCELLED);
  g_assert_cmpint (cvm_test_run_point (job, 1)->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_cmpint (cvm_test_run_point (job, 1)->ms, >=, 1000);
  g_assert_cmpint (cvm_test_run_point (job, 2)->outcome, ==, CVM_OUTCOME_CANCELLED);
  g_assert_cmpint (cvm_test_run_point (job, 3)->outcome, ==, CVM_OUTCOME_SKIP);
}

static void
keep_and_cancel (CvmTestRun      *f,
                 const CvmRecord *record)
{
  if (record == NULL)
    cvm_run_may_keep_guests (f->run);
  else if (is_wait (record))
    {
      cvm_run_keep_guests (f->run);
      cvm_run_cancel (f->run);
    }
}

static void
test_keep (CvmTestRun    *f,
           gconstpointer  data)
{
  g_autofree char *acts = NULL;

  f->on_record = keep_and_cancel;
  cvm_test_run_suite (f, HEAD START HANG);
  acts = cvm_test_run_acts (f);

  g_assert_cmpint (cvm_run_get_status (f->run), ==, CVM_STATUS_CANCELLED);
  g_assert_nonnull (strstr (acts, "acted domain-keep ok"));
  g_assert_cmpuint (cvm_fake_n_domains (), ==, 1);
  cvm_fake_remove_domains ();
  g_atomic_int_set (&cvm_fake_world.n_running, 0);
}

#define ADD(name, func) \
  g_test_add ("/run-control/" name, CvmTestRun, NULL, cvm_test_run_set_up, func, cvm_test_run_tear_down)

int
main (int    argc,
      char **argv)
{
  cvm_test_home_enter ();
  g_test_init (&argc, &argv, NULL);

  ADD ("extend", test_extend);
  ADD ("extend-retries", test_extend_retries);
  ADD ("extend-suite", test_extend_suite);
  ADD ("nothing-runs", test_nothing_runs);
  ADD ("fail-now", test_fail_now);
  ADD ("skip-running", test_skip_running);
  ADD ("skip-start", test_skip_start);
  ADD ("cancel-wins", test_cancel_wins);
  ADD ("skip-ahead", test_skip_ahead);
  ADD ("pause", test_pause);
  ADD ("cancel-paused", test_cancel_paused);
  ADD ("stop-after-check", test_stop_after_check);
  ADD ("keep", test_keep);

  return cvm_test_home_run ();
}
