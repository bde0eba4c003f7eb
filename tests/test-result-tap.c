/* test-result-tap.c: the result tree of a stream of TAP
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result-tap.h"

#include <string.h>

#include "cvm-tap-verdict.h"
#include "tap-streams.h"

static CvmResult *
read_bytes (const char *bytes,
            gsize       len,
            gsize       step)
{
  CvmResult *result = cvm_result_new ();
  g_autoptr(CvmResultTap) tap = NULL;

  tap = cvm_result_tap_new (result, cvm_result_tap_add_job (result, "some.t", 0, 0));
  for (gsize i = 0; i < len; i += step)
    cvm_result_tap_feed (tap, bytes + i, MIN (step, len - i));
  cvm_result_tap_end (tap);
  cvm_result_tap_finish (result, "title");

  return result;
}

static CvmResult *
read_text (const char *text)
{
  return read_bytes (text, strlen (text), 7);
}

/* "1 pass a [id] <reason> {key=value} 12ms", a point a line */
static void
tell_points (const GPtrArray *points,
             GString         *told)
{
  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];

      g_string_append_printf (told, "%s %s %s", point->path, cvm_outcome_name (point->outcome),
                              point->title);
      if (point->id != NULL)
        g_string_append_printf (told, " [%s]", point->id);
      if (point->directive != CVM_DIRECTIVE_NONE)
        g_string_append (told, point->directive == CVM_DIRECTIVE_TODO ? " todo" : " skip");
      if (point->reason != NULL)
        g_string_append_printf (told, " <%s>", point->reason);
      for (guint n = 0; point->details != NULL && n < point->details->len; n++)
        {
          const CvmDetail *detail = point->details->pdata[n];

          g_string_append_printf (told, " {%s=%s}", detail->key, detail->value);
        }
      if (point->ms > 0)
        g_string_append_printf (told, " %dms", (int)point->ms);
      g_string_append_c (told, '\n');
      tell_points (point->children, told);
    }
}

typedef struct
{
  const char *name;
  const char *tap;
  const char *told;
  const char *why;
} Case;

static const Case cases[] = {
  { "plain", "1..2\nok 1 - a\nnot ok 2 b\n", "1 pass a\n2 fail b\n" },
  { "unnumbered", "ok\nnot ok\nok # skip no\nnot ok # TODO later\n1..4\n",
    "1 pass \n2 fail \n3 skip  skip <no>\n4 pass  todo <later>\n" },
  { "twice-numbered", "1..2\nok 1 - a\nnot ok 1 - b\n", "1 pass a\n1 fail b\n", "sequence: 1" },
  { "ids", "1..2\nok 1 - login - Log in\nok 2 - Not An - Id\n", "1 pass Log in [login]\n2 pass Not An - Id\n" },
  { "escaped", "1..1\nok 1 - a \\# b \\\\ c\n", "1 pass a # b \\ c\n" },
  { "values", "1..1\nnot ok 1 - a\n  ---\n  reason: it broke\n  ms: 12\n  expected: \"2\"\n  ...\n",
    "1 fail a <it broke> {expected=2} 12ms\n" },
  { "message", "1..1\nnot ok 1 - a\n  ---\n  message: no\n  severity: fail\n  duration_ms: 3.7\n  ...\n",
    "1 fail a <no> {severity=fail} {duration_ms=3.7} 4ms\n" },
  { "time-in-seconds", "1..1\nok 1 - a\n  ---\n  time: 1.5\n  ...\n", "1 pass a {time=1.5} 1500ms\n" },
  { "time-in-description", "1..2\nok 1 - a # time=2.6ms\nok 2 - b # time=2s\n",
    "1 pass a 3ms\n2 pass b 2000ms\n" },
  { "nested-values", "1..1\nnot ok 1 - a\n  ---\n  data:\n    got: 1\n  ...\n",
    "1 fail a {diagnostics=data:\n  got: 1}\n" },
  { "broken-yaml", "1..1\nnot ok 1 - a\n  ---\n  : [\n  ...\n", "1 fail a {diagnostics=: [}\n" },
  { "cancelled", "1..1\nnot ok 1 - a\n  ---\n  reason: \"cancelled\"\n  ...\n",
    "1 cancelled a <cancelled>\n" },
  { "output", "1..2\nnot ok 1 - a\n#   Failed test 'a'\n#   at a.t line 3.\nplain\nok 2 - b\n",
    "1 fail a {output=#   Failed test 'a'\n#   at a.t line 3.\nplain}\n2 pass b\n" },
  { "subtests", "1..1\n    # Subtest: a\n    ok 1 - x\n        ok 1 - deep\n        1..1\n"
    "    not ok 2 - y\n    1..2\nnot ok 1 - a\n",
    "1 fail a\n1.1 pass x\n1.2 fail y\n1.2.1 pass deep\n" },
  { "buffered", "TAP version 14\n1..2\nok 1 - a {\n    1..1\n    ok 1 - x\n}\nok 2 - b\n",
    "1 pass a\n1.1 pass x\n2 pass b\n" },
  { "orphan", "1..0\n    not ok 1 - x\n    1..1\n", "1 skip  skip <its point never came>\n1.1 fail x\n" },
  { "jobs", "1..1\n    1..1\n    # suite: Boots\n    not ok 1 - start - The guest starts\nnot ok 1 - demo on qemu:///session: Boots\n",
    "1 fail demo on qemu:///session: Boots\n1.1 fail The guest starts [start]\n" },
  { "bail-out", "1..3\nok 1\nBail out! no power\n", "1 pass  {output=Bail out! no power}\n",
    "it bailed out: no power; planned 3, run 1" },
  { "no-plan", "ok 1\n", "1 pass \n", "no-plan: 1" },
  { "beyond", "1..1\nok 1\nok 2\n", "1 pass \n2 fail  <it is beyond the plan, 1..1>\n",
    "planned 1, run 2" },
  { "empty", "", "", "no-plan: 1" },
  { "skip-all", "1..0 # SKIP no network\n", "" },
};

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autoptr(CvmResult) result = read_text (self->tap);
  const CvmJobResult *job = cvm_result_job (result, 0);
  g_autoptr(GString) told = g_string_new (NULL);

  tell_points (job->points, told);
  g_assert_cmpstr (told->str, ==, self->told);
  if (self->why == NULL)
    g_assert_null (job->why);
  else if (strstr (job->why, self->why) == NULL)
    g_error ("“%s” is not in “%s”", self->why, job->why);
  g_assert_true (cvm_result_is_ended (result));
  if (job->failed > 0 || job->why != NULL)
    g_assert_cmpint (job->status, ==, CVM_STATUS_FAILED);
}

static const char *
fact (const CvmJobResult *job,
      const char         *key)
{
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *detail = job->facts->pdata[i];

      if (g_str_equal (detail->key, key))
        return detail->value;
    }

  return NULL;
}

/* A report of ours says what it was run on, and what was found meanwhile */
static void
test_facts (void)
{
  g_autoptr(CvmResult) result =
    read_text ("TAP version 13\n1..1\n# image: demo\n# host: qemu:///session\n# suite: Boots\n"
               "# Tapper-Suite-Name: Boots\n# Tapper-Starttime-Test-Program: 2026-11-21 07:25:02\n"
               "ok 1 - start - It starts\n# kernel: 6.1\n"
               "# Tapper-Endtime-Test-Program: 2026-11-21 07:25:36\n");
  const CvmJobResult *job = cvm_result_job (result, 0);

  g_assert_cmpstr (job->image, ==, "demo");
  g_assert_cmpstr (job->host_uri, ==, "qemu:///session");
  g_assert_cmpstr (job->suite, ==, "Boots");
  g_assert_cmpstr (fact (job, "Tapper-Suite-Name"), ==, "Boots");
  g_assert_cmpstr (fact (job, "kernel"), ==, "6.1");
  g_assert_cmpstr (fact (job, "TAP"), ==, "13");
  g_assert_null (((CvmPoint *)job->points->pdata[0])->details);
  g_assert_cmpuint (job->planned, ==, 1);
  g_assert_cmpuint (job->passed, ==, 1);
  g_assert_cmpint (job->begun_us, ==, G_GINT64_CONSTANT (1795245902) * G_USEC_PER_SEC);
  g_assert_cmpint (job->ended_us - job->begun_us, ==, 34 * G_USEC_PER_SEC);
}

/* In another's, "note: value" is output */
static void
test_foreign (void)
{
  g_autoptr(CvmResult) result = read_text ("# note: before\n1..0 # skip why\n# Tapper-Ram: 2\n");
  const CvmJobResult *job = cvm_result_job (result, 0);

  g_assert_cmpstr (job->suite, ==, "some.t");
  g_assert_null (fact (job, "note"));
  g_assert_cmpstr (fact (job, "Tapper-Ram"), ==, "2");
  g_assert_cmpstr (fact (job, "skipped"), ==, "why");
  g_assert_cmpuint (job->log->len, ==, 1);
  g_assert_cmpstr (((CvmRecord *)job->log->pdata[0])->text, ==, "note: before");
  g_assert_cmpint (cvm_result_get_status (result), ==, CVM_STATUS_PASSED);
}

/* However the bytes are cut, and whatever they are, the tree is the same */
static void
test_cuts (void)
{
  static const char bytes[] = "1..2\r\n\x1b[31mok 1\x00 - \xff\n    ok 1 - x\n        ok 1\nok 1 - a {\n"
                              "  ---\n  a: b\n# c\nnot ok 2 - \xc3\xa4\n";
  g_autoptr(GString) first = g_string_new (NULL);

  for (gsize step = 1; step < sizeof bytes; step++)
    {
      g_autoptr(CvmResult) result = read_bytes (bytes, sizeof bytes - 1, step);
      g_autoptr(GString) told = g_string_new (NULL);

      tell_points (cvm_result_job (result, 0)->points, told);
      if (step == 1)
        g_string_assign (first, told->str);
      g_assert_cmpstr (told->str, ==, first->str);
      g_assert_true (g_utf8_validate (told->str, -1, NULL));
    }
}

/* Deeper points than are kept stand beside those above them: our JSON has a depth too */
static void
test_deep (void)
{
  g_autoptr(GString) tap = g_string_new (NULL);
  g_autoptr(CvmResult) result = NULL;
  const GPtrArray *points;
  guint depth = 0;

  for (int i = 60; i >= 0; i--)
    g_string_append_printf (tap, "%*sok 1 - at %d\n", i * 4, "", i);
  result = read_text (tap->str);
  points = cvm_result_job (result, 0)->points;
  while (points != NULL)
    {
      points = ((const CvmPoint *)points->pdata[points->len - 1])->children;
      depth++;
    }
  g_assert_cmpuint (depth, ==, CVM_RESULT_MAX_DEPTH + 1);
}

static guint
count_orphans (const GPtrArray *points)
{
  guint n = 0;

  for (guint i = 0; i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];

      n += g_strcmp0 (point->reason, "its point never came") == 0 && *point->title == '\0';
    }

  return n;
}

/* Of any stream, the tree has as many points, and as many failures, as the verdict counts */
static void
test_numbers (gconstpointer data)
{
  TapStreams kind = (TapStreams)GPOINTER_TO_INT (data);
  g_autoptr(GPtrArray) streams = tap_streams_make (kind, 2000, 4711);

  for (guint i = 0; i < streams->len; i++)
    {
      const GString *stream = streams->pdata[i];
      g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
      g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
      g_autoptr(CvmResult) result = read_bytes (stream->str, stream->len, MAX (stream->len, 1));
      const CvmJobResult *job = cvm_result_job (result, 0);
      const CvmTapNumbers *numbers;

      cvm_tap_reader_feed (reader, stream->str, stream->len);
      cvm_tap_reader_end (reader);
      numbers = cvm_tap_verdict_end (verdict);
      if (job->failed != numbers->failed)
        g_error ("%u failed, and not %u, in:\n%s", job->failed, (guint)numbers->failed, stream->str);
      g_assert_cmpuint (job->points->len - count_orphans (job->points), ==, numbers->run);
      g_assert_cmpuint (job->n_subtests, ==, numbers->subtest_run);
      g_assert_cmpint (job->status, ==,
                       numbers->word == CVM_TAP_FAIL ? CVM_STATUS_FAILED : CVM_STATUS_PASSED);
    }
}

static void
test_worst (void)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  static const char *const texts[] = { "1..1\nok 1\n", "1..1\nnot ok 1\n" };

  for (guint i = 0; i < 2; i++)
    cvm_result_tap_add_job (result, "x", 5, 9);
  for (guint i = 2; i-- > 0;)
    {
      g_autoptr(CvmResultTap) tap = cvm_result_tap_new (result, i);

      cvm_result_tap_feed (tap, texts[i], strlen (texts[i]));
      cvm_result_tap_end (tap);
    }
  cvm_result_tap_finish (result, "two");

  g_assert_cmpint (cvm_result_get_status (result), ==, CVM_STATUS_FAILED);
  g_assert_cmpint (cvm_result_job (result, 0)->status, ==, CVM_STATUS_PASSED);
  g_assert_cmpint (cvm_result_job (result, 1)->status, ==, CVM_STATUS_FAILED);
  g_assert_cmpstr (cvm_result_job (result, 1)->id, ==, "02");
  g_assert_cmpint (cvm_result_job (result, 0)->ended_us, ==, 9);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/result-tap/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/result-tap/facts", test_facts);
  g_test_add_func ("/result-tap/foreign", test_foreign);
  g_test_add_func ("/result-tap/cuts", test_cuts);
  g_test_add_func ("/result-tap/deep", test_deep);
  g_test_add_func ("/result-tap/worst", test_worst);
  g_test_add_data_func ("/result-tap/numbers/plain", GINT_TO_POINTER (TAP_STREAMS_PLAIN), test_numbers);
  g_test_add_data_func ("/result-tap/numbers/wild", GINT_TO_POINTER (TAP_STREAMS_WILD), test_numbers);

  return g_test_run ();
}
