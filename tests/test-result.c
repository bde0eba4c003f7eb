/* test-result.c: the tree that a run's records make
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-journal.h"
#include "cvm-result.h"

/* One record of job 01, told by its type and the rest of its members */
static void
feed_job (CvmResult  *result,
          const char *job,
          const char *type,
          const char *members)
{
  g_autofree char *line =
    g_strdup_printf ("{\"v\":1,\"seq\":1,\"t\":\"2026-11-21T07:25:13.000007Z\",\"job\":%s,"
                     "\"type\":\"%s\"%s%s}", job, type, *members != '\0' ? "," : "", members);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRecord) record = cvm_record_from_line (line, strlen (line), &error);

  g_assert_no_error (error);
  cvm_result_add (result, record);
}

static void
feed (CvmResult  *result,
      const char *type,
      const char *members)
{
  feed_job (result, "\"01\"", type, members);
}

/* A run of one job with the cases "one", "two" and "three"; the first is a precondition */
static CvmResult *
begin (void)
{
  CvmResult *result = cvm_result_new ();

  feed_job (result, "null", "run.begin", "\"title\":\"Night\",\"version\":\"0.1\",\"jobs\":1");
  feed (result, "job.begin",
        "\"image\":\"demo\",\"host\":\"qemu:///session\",\"suite\":\"Boots\",\"points\":3");
  feed (result, "case.planned",
        "\"number\":1,\"id\":\"one\",\"title\":\"First\",\"precondition\":true");
  feed (result, "case.planned", "\"number\":2,\"id\":\"two\",\"title\":\"Second\"");
  feed (result, "case.planned", "\"number\":3,\"id\":\"three\"");

  return result;
}

static const CvmPoint *
point_of (CvmResult  *result,
          guint       number)
{
  return cvm_job_result_find_case (cvm_result_job (result, 0), number);
}

/* Paths, outcomes and titles of a tree, on one line: "1 pass First, 1.1 …" */
static void
describe (const GPtrArray *points,
          GString         *out)
{
  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = g_ptr_array_index (points, i);

      g_string_append_printf (out, "%s%s %s %s", out->len > 0 ? ", " : "", point->path,
                              point->is_ended ? cvm_outcome_name (point->outcome) : "-",
                              point->title);
      describe (point->children, out);
    }
}

static void
assert_tree (CvmResult  *result,
             const char *wanted)
{
  g_autoptr(GString) tree = g_string_new (NULL);

  describe (cvm_result_job (result, 0)->points, tree);
  g_assert_cmpstr (tree->str, ==, wanted);
}

static void
test_planned (void)
{
  g_autoptr(CvmResult) result = begin ();
  const CvmJobResult *job = cvm_result_find_job (result, "01");

  g_assert_cmpstr (cvm_result_get_title (result), ==, "Night");
  g_assert_cmpuint (cvm_result_n_jobs (result), ==, 1);
  g_assert_true (job == cvm_result_job (result, 0));
  g_assert_null (cvm_result_find_job (result, "02"));
  g_assert_null (cvm_result_find_job (result, NULL));
  g_assert_cmpstr (job->image, ==, "demo");
  g_assert_cmpstr (job->host_uri, ==, "qemu:///session");
  g_assert_cmpstr (job->suite, ==, "Boots");
  g_assert_cmpuint (job->planned, ==, 3);
  g_assert_cmpint (job->ended_us, ==, 0);
  g_assert_true (point_of (result, 1)->is_precondition);
  g_assert_false (point_of (result, 2)->is_precondition);
  g_assert_cmpstr (point_of (result, 3)->id, ==, "three");
  assert_tree (result, "1 - First, 2 - Second, 3 - ");
  g_assert_finalize_object (g_steal_pointer (&result));
}

/* A job's id is the name of its folder */
static void
test_job_ids (void)
{
  static const char *const bad[] = { "01/../../x", "..", "", "/etc", "a b" };
  g_autoptr(CvmResult) result = begin ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *job = g_strdup_printf ("\"%s\"", bad[i]);

      feed_job (result, job, "job.begin", "\"image\":\"demo\",\"points\":1");
    }

  g_assert_cmpuint (cvm_result_n_jobs (result), ==, 1);
  g_assert_finalize_object (g_steal_pointer (&result));
}

static void
test_case (void)
{
  g_autoptr(CvmResult) result = begin ();
  const CvmPoint *point = point_of (result, 1);
  const CvmJobResult *job = cvm_result_job (result, 0);

  feed (result, "case.begin", "\"number\":1,\"id\":\"one\",\"limit_ms\":3000");
  g_assert_true (point->is_begun);
  g_assert_cmpint (point->begun_us % G_USEC_PER_SEC, ==, 7);
  g_assert_cmpint (point->limit_ms, ==, 3000);

  feed (result, "case.wait", "\"number\":1,\"for\":\"the guest's ready line\",\"limit_ms\":2000");
  g_assert_cmpstr (point->waiting, ==, "the guest's ready line");

  feed (result, "case.end", "\"number\":1,\"outcome\":\"fail\",\"ms\":2100,\"reason\":\"no\","
        "\"details\":[[\"output\",\"x\"]]");
  g_assert_null (point->waiting);
  g_assert_true (point->is_ended);
  g_assert_false (point->ok);
  g_assert_cmpint (point->outcome, ==, CVM_OUTCOME_FAIL);
  g_assert_cmpint (point->ms, ==, 2100);
  g_assert_cmpstr (point->reason, ==, "no");
  g_assert_cmpuint (point->details->len, ==, 1);

  feed (result, "case.end", "\"number\":2,\"outcome\":\"skip\",\"reason\":\"needs one\"");
  g_assert_cmpint (point_of (result, 2)->directive, ==, CVM_DIRECTIVE_SKIP);
  g_assert_true (point_of (result, 2)->ok);
  feed (result, "case.end", "\"number\":3,\"outcome\":\"cancelled\"");
  g_assert_cmpuint (job->passed, ==, 0);
  g_assert_cmpuint (job->failed, ==, 2);
  g_assert_cmpuint (job->cancelled, ==, 1);
  g_assert_cmpuint (job->skipped, ==, 1);

  /* told twice, counted once; and what has ended does not begin or wait again */
  feed (result, "case.end", "\"number\":3,\"outcome\":\"pass\"");
  feed (result, "case.begin", "\"number\":3,\"limit_ms\":1");
  feed (result, "case.wait", "\"number\":3,\"for\":\"x\"");
  g_assert_cmpuint (job->passed, ==, 1);
  g_assert_cmpuint (job->failed, ==, 1);
  g_assert_cmpuint (job->cancelled, ==, 0);
  g_assert_false (point_of (result, 3)->is_begun);
  g_assert_null (point_of (result, 3)->waiting);
}

/* Two jobs, the second told first to have ended */
static void
test_sum (void)
{
  g_autoptr(CvmResult) result = begin ();
  CvmJobResult sum;

  cvm_result_sum (result, &sum);
  g_assert_cmpuint (sum.planned, ==, 3);
  feed_job (result, "\"02\"", "job.begin", "\"image\":\"demo\",\"points\":2");
  feed_job (result, "\"02\"", "case.planned", "\"number\":1,\"id\":\"one\"");
  feed_job (result, "\"02\"", "case.planned", "\"number\":2,\"id\":\"two\"");
  feed_job (result, "\"02\"", "case.end", "\"number\":1,\"outcome\":\"pass\"");
  feed_job (result, "\"02\"", "case.end", "\"number\":2,\"outcome\":\"skip\",\"reason\":\"no\"");
  feed_job (result, "\"02\"", "job.end", "\"status\":0");
  feed (result, "case.end", "\"number\":1,\"outcome\":\"fail\"");
  cvm_result_sum (result, &sum);
  g_assert_cmpuint (sum.planned, ==, 5);
  g_assert_cmpuint (sum.passed, ==, 1);
  g_assert_cmpuint (sum.failed, ==, 1);
  g_assert_cmpuint (sum.skipped, ==, 1);
  g_assert_cmpint (sum.begun_us, >, 0);
  g_assert_cmpint (sum.ended_us, ==, 0);

  feed (result, "job.end", "\"status\":1");
  cvm_result_sum (result, &sum);
  g_assert_cmpint (sum.ended_us, >, 0);
}

static void
test_subtests (void)
{
  g_autoptr(CvmResult) result = begin ();

  /* as they come: the points of a subtest before its own */
  feed (result, "point", "\"number\":2,\"path\":\"1\",\"ok\":true,\"text\":\"a\"");
  feed (result, "point", "\"number\":2,\"path\":\"2.1\",\"ok\":false,\"text\":\"b\"");
  feed (result, "point", "\"number\":2,\"path\":\"2.2\",\"ok\":false,\"directive\":\"todo\","
        "\"text\":\"c\",\"reason\":\"later\"");
  assert_tree (result, "1 - First, 2 - Second, 2.1 pass a, 2.2 - , 2.2.1 fail b, 2.2.2 pass c, "
               "3 - ");
  feed (result, "point", "\"number\":2,\"path\":\"2\",\"ok\":false,\"text\":\"d\"");
  feed (result, "point", "\"number\":2,\"path\":\"3\",\"ok\":true,\"directive\":\"skip\","
        "\"text\":\"e\",\"reason\":\"no disk\"");
  assert_tree (result, "1 - First, 2 - Second, 2.1 pass a, 2.2 fail d, 2.2.1 fail b, "
               "2.2.2 pass c, 2.3 skip e, 3 - ");
  g_assert_cmpuint (cvm_result_job (result, 0)->failed, ==, 0);
  g_assert_cmpuint (cvm_result_job (result, 0)->n_subtests, ==, 5);
}

/* Out of order, twice, and with holes: sorted by number; a failure is not told away */
static void
test_disorder (void)
{
  g_autoptr(CvmResult) result = begin ();

  feed (result, "point", "\"number\":1,\"path\":\"7\",\"ok\":true,\"text\":\"g\"");
  feed (result, "point", "\"number\":1,\"path\":\"2\",\"ok\":false,\"text\":\"b\"");
  feed (result, "point", "\"number\":1,\"path\":\"5.3\",\"ok\":true,\"text\":\"c\"");
  feed (result, "point", "\"number\":1,\"path\":\"2\",\"ok\":true,\"text\":\"b again\"");
  feed (result, "point", "\"number\":1,\"path\":\"7\",\"ok\":false,\"text\":\"g again\"");
  feed (result, "point", "\"number\":1,\"path\":\"1\",\"ok\":true,\"text\":\"a\"");
  assert_tree (result, "1 - First, 1.1 pass a, 1.2 fail b, 1.5 - , 1.5.3 pass c, 1.7 fail g again, "
               "2 - Second, 3 - ");
}

static void
test_unknown (void)
{
  static const char *const paths[] = {
    "", ".", "0", "1.", ".1", "1..2", "-1", "+1", " 1", "1.0", "x", "1x", "4294967296",
    "99999999999999999999", "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
  };
  g_autoptr(CvmResult) result = begin ();
  g_autoptr(CvmRecord) no_path = cvm_record_new (CVM_RECORD_POINT, "01");

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *members = g_strdup_printf ("\"number\":1,\"path\":\"%s\",\"ok\":true",
                                                  paths[i]);

      feed (result, "point", members);
    }

  no_path->number = 1;
  cvm_result_add (result, no_path);
  feed (result, "point", "\"number\":4,\"path\":\"1\",\"ok\":true");
  feed (result, "case.planned", "\"number\":0,\"id\":\"zero\"");
  feed (result, "case.planned", "\"number\":10001,\"id\":\"many\"");
  feed (result, "case.planned", "\"number\":1,\"id\":\"again\",\"title\":\"Again\"");
  feed (result, "case.begin", "\"number\":9");
  feed (result, "case.wait", "\"number\":9,\"for\":\"x\"");
  feed (result, "case.end", "\"number\":9,\"outcome\":\"fail\"");
  feed (result, "job.begin", "\"image\":\"other\",\"points\":1");
  feed (result, "act", "\"kind\":\"domain\"");

  for (guint type = CVM_RECORD_JOB_END; type <= CVM_RECORD_LOG; type++)
    {
      g_autoptr(CvmRecord) of_other_job = cvm_record_new (type, "99");
      g_autoptr(CvmRecord) of_run = cvm_record_new (type, NULL);

      cvm_result_add (result, of_other_job);
      cvm_result_add (result, of_run);
    }

  assert_tree (result, "1 - First, 2 - Second, 3 - ");
  g_assert_cmpuint (cvm_result_n_jobs (result), ==, 1);
  g_assert_cmpstr (cvm_result_job (result, 0)->image, ==, "demo");
}

static void
test_facts (void)
{
  g_autoptr(CvmResult) result = begin ();
  const CvmJobResult *job = cvm_result_job (result, 0);
  const CvmDetail *fact;

  feed (result, "fact", "\"name\":\"hypervisor\",\"text\":\"kvm\"");
  feed (result, "fact", "\"name\":\"kernel\",\"text\":\"6.1\"");
  feed (result, "fact", "\"name\":\"hypervisor\",\"text\":\"qemu\"");
  feed (result, "fact", "\"text\":\"nameless\"");
  feed (result, "evidence", "\"name\":\"Serial console\",\"path\":\"serial.log\"");

  g_assert_cmpuint (job->facts->len, ==, 2);
  fact = g_ptr_array_index (job->facts, 0);
  g_assert_cmpstr (fact->key, ==, "hypervisor");
  g_assert_cmpstr (fact->value, ==, "qemu");
  g_assert_cmpuint (job->evidence->len, ==, 1);
  g_assert_cmpstr (((CvmRecord *)g_ptr_array_index (job->evidence, 0))->path, ==, "serial.log");
}

static void
test_status (void)
{
  g_autoptr(CvmResult) result = begin ();

  feed_job (result, "\"02\"", "job.begin", "\"points\":0");
  g_assert_cmpint (cvm_result_get_status (result), ==, CVM_STATUS_PASSED);
  feed (result, "job.end", "\"status\":3,\"why\":\"no host\"");
  feed_job (result, "\"02\"", "job.end", "\"status\":1");
  g_assert_cmpint (cvm_result_get_status (result), ==, CVM_STATUS_ENVIRONMENT);
  g_assert_cmpstr (cvm_result_job (result, 0)->why, ==, "no host");
  g_assert_cmpint (cvm_result_job (result, 0)->ended_us, >, 0);
  g_assert_false (cvm_result_is_ended (result));
  feed_job (result, "null", "run.end", "\"status\":130");
  g_assert_true (cvm_result_is_ended (result));
  g_assert_cmpint (cvm_result_get_status (result), ==, CVM_STATUS_CANCELLED);
}

/* A guest that never stops talking fills no memory */
static void
test_flood (void)
{
  g_autoptr(CvmResult) result = begin ();
  const CvmJobResult *job = cvm_result_job (result, 0);
  g_autoptr(CvmRecord) point = cvm_record_new (CVM_RECORD_POINT, "01");
  g_autoptr(CvmRecord) last = cvm_record_new (CVM_RECORD_LOG, "01");

  point->number = 2;
  for (guint i = 1; i <= CVM_RESULT_MAX_SUBTESTS + 50; i++)
    {
      g_free (point->path);
      point->path = g_strdup_printf ("%u", i);
      cvm_result_add (result, point);
    }

  g_assert_cmpuint (job->n_subtests, ==, CVM_RESULT_MAX_SUBTESTS + 50);
  g_assert_cmpuint (job->n_kept, ==, CVM_RESULT_MAX_SUBTESTS);
  g_assert_cmpuint (point_of (result, 2)->children->len, ==, CVM_RESULT_MAX_SUBTESTS);

  for (guint i = 0; i < 3 * CVM_RESULT_MAX_LOG; i++)
    feed (result, "log", "\"kind\":\"info\",\"text\":\"x\"");

  cvm_result_add (result, last);
  g_assert_cmpuint (job->log->len, <=, CVM_RESULT_MAX_LOG);
  g_assert_cmpuint (job->log->len, >=, CVM_RESULT_MAX_LOG * 9 / 10);
  g_assert_true (g_ptr_array_index (job->log, job->log->len - 1) == last);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *fact = g_strdup_printf ("\"name\":\"%u\",\"text\":\"x\"", i);

      feed (result, "fact", fact);
      feed (result, "evidence", fact);
    }

  g_assert_cmpuint (job->facts->len, ==, 1000);
  feed (result, "fact", "\"name\":\"0\",\"text\":\"told again\"");   /* takes no room */
  g_assert_cmpstr (((CvmDetail *)job->facts->pdata[0])->value, ==, "told again");
  g_assert_cmpuint (job->evidence->len, ==, 1000);
}

static void
test_many_jobs (void)
{
  g_autoptr(CvmResult) result = cvm_result_new ();

  for (guint i = 0; i < 1200; i++)
    {
      g_autofree char *job = g_strdup_printf ("\"%u\"", i);

      feed_job (result, job, "job.begin", "\"points\":1");
    }

  g_assert_cmpuint (cvm_result_n_jobs (result), ==, 999);
}

static void
test_from_journal (void)
{
  g_autofree char *path = NULL;
  g_autoptr(CvmJournal) journal = NULL;
  g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_JOB_BEGIN, "01");
  g_autoptr(CvmResult) result = NULL;
  g_autoptr(GError) error = NULL;
  int fd = g_file_open_tmp ("cvm-result-XXXXXX", &path, NULL);

  close (fd);
  journal = cvm_journal_open (path, NULL);
  record->name = g_strdup ("demo");
  g_assert_true (cvm_journal_write (journal, record, NULL));
  result = cvm_result_new_from_journal (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cvm_result_find_job (result, "01")->image, ==, "demo");
  g_assert_null (cvm_result_get_title (result));

  g_unlink (path);
  g_assert_null (cvm_result_new_from_journal (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/result/planned", test_planned);
  g_test_add_func ("/result/job-ids", test_job_ids);
  g_test_add_func ("/result/case", test_case);
  g_test_add_func ("/result/sum", test_sum);
  g_test_add_func ("/result/subtests", test_subtests);
  g_test_add_func ("/result/disorder", test_disorder);
  g_test_add_func ("/result/unknown", test_unknown);
  g_test_add_func ("/result/facts", test_facts);
  g_test_add_func ("/result/status", test_status);
  g_test_add_func ("/result/flood", test_flood);
  g_test_add_func ("/result/many-jobs", test_many_jobs);
  g_test_add_func ("/result/from-journal", test_from_journal);

  return g_test_run ();
}
