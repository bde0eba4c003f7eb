/* test-tap-verdict.c: what whole streams amount to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rows without a word on TAP 14, KTAP or subtests were compared with Perl's TAP::Parser;
 * test-tap-oracle does so with thousands more. */
#include "cvm-tap-verdict.h"

#include <string.h>

static const struct
{
  const char *name, *input;
  const char *told;   /* word, planned, run, passed, failed, todo, todo passed, skipped, errors */
} cases[] = {
  { "nothing", "", "fail - 0 0 0 0 0 0 no-plan=1" },
  { "pass", "1..2\nok 1\nok 2\n", "pass 2 2 2 0 0 0 0" },
  { "plan-last", "ok 1\nok 2\n1..2\n", "pass 2 2 2 0 0 0 0" },
  { "fail", "1..2\nok 1\nnot ok 2\n", "fail 2 2 1 1 0 0 0" },
  { "no-plan", "ok 1\n", "fail - 1 1 0 0 0 0 no-plan=1" },
  { "cut-short", "1..3\nok 1\nok 2\n", "fail 3 2 2 0 0 0 0 bad-plan=1" },
  { "beyond-plan", "1..1\nok 1\nok 2\n", "fail 1 2 1 1 0 0 0 bad-plan=1" },
  { "beyond-plan-todo", "1..1\nok\nnot ok # TODO\n", "fail 1 2 1 1 1 0 0 bad-plan=1" },
  { "unnumbered", "1..2\nok\nok\n", "pass 2 2 2 0 0 0 0" },
  { "duplicate", "1..2\nok 1\nok 1\n", "fail 2 2 2 0 0 0 0 sequence=1" },
  { "out-of-order", "1..2\nok 2\nok 1\n", "fail 2 2 2 0 0 0 0 sequence=2" },
  { "plan-twice", "1..1\n1..1\nok\n", "fail 1 1 1 0 0 0 0 plans=1" },
  { "plan-last-twice", "ok\nok\n1..1\n1..2\n", "fail 2 2 2 0 0 0 0 plans=1" },
  { "plan-middle", "ok\n1..2\nok\n", "fail 2 2 2 0 0 0 0 plan-place=1" },
  { "todo", "1..2\nnot ok # TODO\nok # TODO\n", "pass 2 2 2 0 2 1 0" },
  { "todo-plan", "1..2 todo 2\nok 1\nnot ok 2\n", "pass 2 2 2 0 1 0 0" },
  { "todo-plan-unnumbered", "1..2 todo 2\nok\nnot ok\n", "fail 2 2 1 1 0 0 0" },
  { "skip", "1..1\nok 1 # SKIP no disk\n", "pass 1 1 1 0 0 0 1" },
  { "skip-failed", "1..1\nnot ok 1 # SKIP\n", "fail 1 1 0 1 0 0 1" },
  { "skip-all", "1..0 # SKIP no net\n", "notests 0 0 0 0 0 0 0 skip_all=no net" },
  { "skip-all-bare", "1..0\n", "notests 0 0 0 0 0 0 0 skip_all=(no reason given)" },
  { "skip-all-but-run", "1..0\nok\n", "fail 0 1 0 1 0 0 0 bad-plan=1 skip_all=(no reason given)" },
  { "bail-out", "1..1\nok 1\nBail out! dead\nBail out! again\n", "fail 1 1 1 0 0 0 0 bailout=dead" },
  { "bail-out-inside", "1..1\n    Bail out!\nok 1\n", "fail 1 1 1 0 0 0 0 bailout=" },
  { "version", "TAP version 13\n1..1\nok\n", "pass 1 1 1 0 0 0 0" },
  { "version-late", "1..1\nTAP version 13\nok\n", "fail 1 1 1 0 0 0 0 version=1" },
  { "version-twice", "TAP version 13\nTAP version 13\n1..1\nok\n", "fail 1 1 1 0 0 0 0 version=1" },
  { "version-old", "TAP version 12\n1..1\nok\n", "fail 1 1 1 0 0 0 0 version=1" },
  { "version-new", "TAP version 15\n1..1\nok\n", "fail 1 1 1 0 0 0 0 version=1" },
  { "version-14", "TAP version 14\n1..1 # one\nok\n", "pass 1 1 1 0 0 0 0" },
  { "strict", "TAP version 13\npragma +strict\njunk\n1..1\nok\n", "fail 1 1 1 0 0 0 0 unknown=1" },
  { "strict-off", "TAP version 13\npragma +strict\npragma -strict\njunk\n1..1\nok\n", "pass 1 1 1 0 0 0 0" },
  { "strict-subtest", "TAP version 13\npragma +strict\n    ok 1\n1..1\nok\n", "fail 1 1 1 0 0 0 0 unknown=1 sub=1/0" },
  { "junk", "hello\n1..1\n\tworld\nok\n", "pass 1 1 1 0 0 0 0" },
  { "yaml-open", "TAP version 13\n1..1\nok\n  ---\n  a: 1\n", "fail 1 1 1 0 0 0 0 yaml=1" },
  { "yaml-open-12", "1..1\nok\n  ---\n  a: 1\n", "pass 1 1 1 0 0 0 0" },
  { "number-huge", "1..1\nok 99999999999999999999\n", "fail 1 1 1 0 0 0 0 sequence=1" },

  { "subtest", "1..1\n    1..1\n    ok 1\nok 1\n", "pass 1 1 1 0 0 0 0 sub=1/0" },
  { "subtest-failed", "1..1\n    1..1\n    not ok 1\nnot ok 1\n", "fail 1 1 0 1 0 0 0 sub=1/1" },
  { "subtest-hidden", "1..1\n    1..1\n    not ok 1\nok 1\n", "pass 1 1 1 0 0 0 0 sub=1/1 contradicted=1" },
  { "subtest-hidden-14", "TAP version 14\n1..1\n    1..1\n    not ok 1\nok 1\n",
    "fail 1 1 1 0 0 0 0 subtest=1 sub=1/1 contradicted=1" },
  { "subtest-todo-14", "TAP version 14\n1..1\n    1..1\n    not ok 1 # TODO\nok 1\n",
    "pass 1 1 1 0 0 0 0 sub=1/0" },
  { "subtest-short-14", "TAP version 14\n1..1\n    1..2\n    ok 1\nok 1\n",
    "fail 1 1 1 0 0 0 0 subtest=1 sub=1/0 contradicted=1" },
  { "subtest-buffered-14", "TAP version 14\n1..1\nok 1 {\n    1..1\n    not ok 1\n}\n",
    "fail 1 1 1 0 0 0 0 subtest=1 sub=1/1 contradicted=1" },
  { "subtest-next-is-clean", "TAP version 14\n1..2\n    1..1\n    not ok 1\nnot ok 1\nok 2\n",
    "fail 2 2 1 1 0 0 0 sub=1/1" },
  { "subtest-second", "1..2\n    not ok 1\nnot ok 1 # TODO\n    ok 1\n    1..1\nok 2\n",
    "pass 2 2 2 0 1 0 0 sub=2/1" },
  { "ktap", "KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  not ok 1 a\nnot ok 1 s\n",
    "fail 1 1 0 1 0 0 0 sub=1/1" },
  { "ktap-version", "KTAP version 2\n1..1\nok 1\n", "fail 1 1 1 0 0 0 0 version=1" },
};

static char *
tell (const CvmTapNumbers *n)
{
  GString *told = g_string_new (cvm_tap_word_to_string (n->word));
  const guint64 numbers[] = { n->run, n->passed, n->failed, n->todo, n->todo_passed, n->skipped };

  if (n->has_plan)
    g_string_append_printf (told, " %" G_GUINT64_FORMAT, n->planned);
  else
    g_string_append (told, " -");
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    g_string_append_printf (told, " %" G_GUINT64_FORMAT, numbers[i]);
  for (gsize i = 0; i < CVM_TAP_N_ERRORS; i++)
    {
      if (n->errors[i] > 0)
        g_string_append_printf (told, " %s=%" G_GUINT64_FORMAT, cvm_tap_error_to_string (i),
                                n->errors[i]);
    }

  if (n->subtest_run > 0)
    g_string_append_printf (told, " sub=%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                            n->subtest_run, n->subtest_failed);
  if (n->contradicted > 0)
    g_string_append_printf (told, " contradicted=%" G_GUINT64_FORMAT, n->contradicted);
  if (n->skip_all != NULL)
    g_string_append_printf (told, " skip_all=%s", n->skip_all);
  if (n->bailout != NULL)
    g_string_append_printf (told, " bailout=%s", n->bailout);

  return g_string_free (told, FALSE);
}

static const CvmTapNumbers *
judge (CvmTapVerdict *verdict,
       const char    *input)
{
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);

  cvm_tap_reader_feed (reader, input, strlen (input));
  cvm_tap_reader_end (reader);

  return cvm_tap_verdict_end (verdict);
}

static void
test_verdict (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autofree char *told = tell (judge (verdict, c->input));

  g_assert_cmpstr (told, ==, c->told);
}

static void
test_failed_tests (void)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  const CvmTapNumbers *numbers = judge (verdict, "1..4\nnot ok 7\nok\nnot ok # TODO\nnot ok\n");

  g_assert_cmpuint (numbers->failed_tests->len, ==, 2);
  g_assert_cmpuint (g_array_index (numbers->failed_tests, guint64, 0), ==, 7);
  g_assert_cmpuint (g_array_index (numbers->failed_tests, guint64, 1), ==, 4);
  g_assert_cmpuint (numbers->actual_passed, ==, 1);
  g_assert_cmpuint (numbers->actual_failed, ==, 3);
}

static void
test_many_failed (void)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);
  const CvmTapNumbers *numbers;

  for (guint i = 0; i < CVM_TAP_FAILED_MAX + 5; i++)
    cvm_tap_reader_feed (reader, "not ok\n", 7);

  cvm_tap_reader_end (reader);
  numbers = cvm_tap_verdict_end (verdict);
  g_assert_cmpuint (numbers->failed, ==, CVM_TAP_FAILED_MAX + 5);
  g_assert_cmpuint (numbers->failed_tests->len, ==, CVM_TAP_FAILED_MAX);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tap/verdict/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_verdict);
    }

  g_test_add_func ("/tap/verdict/failed-tests", test_failed_tests);
  g_test_add_func ("/tap/verdict/many-failed", test_many_failed);

  return g_test_run ();
}
