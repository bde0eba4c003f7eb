/* test-tap-line.c: what a single line means
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-line.h"

#include <string.h>

#define V12 CVM_TAP_DIALECT_12
#define V13 CVM_TAP_DIALECT_13
#define V14 CVM_TAP_DIALECT_14
#define KTAP CVM_TAP_DIALECT_KTAP

static const struct
{
  const char      *name;
  CvmTapDialect    dialect;
  const char      *input;
  CvmTapKind       kind;
  guint64          number;
  const char      *text;
  CvmTapDirective  directive;
  const char      *reason;
} cases[] = {
  { "point",            V12, "ok 1 - login", CVM_TAP_POINT, 1, "login" },
  { "point-bare",       V12, "ok", CVM_TAP_POINT, 0, "" },
  { "point-no-dash",    V12, "ok 1 login", CVM_TAP_POINT, 1, "login" },
  { "point-no-number",  V12, "not ok login", CVM_TAP_POINT, 0, "login" },
  { "point-dash",       V12, "ok - 5 things", CVM_TAP_POINT, 0, "5 things" },
  { "point-two-dashes", V12, "ok 1 - - x", CVM_TAP_POINT, 1, "- x" },
  { "point-glued",      V12, "ok 1login", CVM_TAP_POINT, 1, "login" },
  { "point-spaces",     V12, "ok   7   wide   ", CVM_TAP_POINT, 7, "wide" },
  { "point-cut-dash",   V12, "ok-1", CVM_TAP_POINT, 0, "-1" },
  { "point-indent",     V12, "    ok 3 - in", CVM_TAP_POINT, 3, "in" },
  { "point-latin1",     V12, "ok 2 - caf\xe9", CVM_TAP_POINT, 2, "caf\xe9" },
  { "point-brace",      V14, "ok 2 - group {", CVM_TAP_POINT, 2, "group" },
  { "number-huge",      V12, "ok 99999999999999999999 x", CVM_TAP_POINT, G_MAXINT64, "x" },
  { "number-largest",   V12, "ok 9223372036854775807", CVM_TAP_POINT, G_MAXINT64, "" },
  { "number-too-large", V12, "ok 9223372036854775808", CVM_TAP_POINT, G_MAXINT64, "" },
  { "number-large",     V12, "ok 9223372036854775806", CVM_TAP_POINT, G_MAXINT64 - 1, "" },
  { "okay",             V12, "okay then", CVM_TAP_TEXT, 0, "okay then" },
  { "ok1",              V12, "ok1", CVM_TAP_TEXT, 0, "ok1" },
  { "ok_",              V12, "ok_", CVM_TAP_TEXT, 0, "ok_" },
  { "OK",               V12, "OK 1", CVM_TAP_TEXT, 0, "OK 1" },
  { "not-wide",         V12, "not  ok 1", CVM_TAP_TEXT, 0, "not  ok 1" },
  { "not-alone",        V12, "not", CVM_TAP_TEXT, 0, "not" },
  { "tab",              V12, "\tok 1", CVM_TAP_TEXT, 0, "\tok 1" },

  { "todo",             V12, "not ok 1 - x # TODO later", CVM_TAP_POINT, 1, "x", CVM_TAP_TODO, "later" },
  { "todo-case",        V12, "not ok 1 x #tOdO", CVM_TAP_POINT, 1, "x", CVM_TAP_TODO, "" },
  { "skip",             V12, "ok 1 # skip   no disk ", CVM_TAP_POINT, 1, "", CVM_TAP_SKIP, "no disk" },
  { "skip-word",        V12, "ok 1 # SKIPPED x", CVM_TAP_POINT, 1, "# SKIPPED x" },
  { "skip-colon",       V12, "ok 1 # skip: x", CVM_TAP_POINT, 1, "", CVM_TAP_SKIP, ": x" },
  { "hash-escaped",     V12, "ok 1 - a \\# TODO b", CVM_TAP_POINT, 1, "a \\# TODO b" },
  { "backslash-hash",   V12, "ok 1 - a \\\\# TODO b", CVM_TAP_POINT, 1, "a \\\\", CVM_TAP_TODO, "b" },
  { "first-hash-only",  V12, "ok 1 - a # b # TODO c", CVM_TAP_POINT, 1, "a # b # TODO c" },
  { "backslash-last",   V12, "ok 1 - a\\", CVM_TAP_POINT, 1, "a\\" },
  { "xfail",            KTAP, "not ok 1 x # XFAIL known", CVM_TAP_POINT, 1, "x", CVM_TAP_TODO, "known" },
  { "xfail-elsewhere",  V13, "not ok 1 x # XFAIL known", CVM_TAP_POINT, 1, "x # XFAIL known" },

  { "plan",             V12, "1..5", CVM_TAP_PLAN, 5 },
  { "plan-spaces",      V13, "1..5  \t", CVM_TAP_PLAN, 5 },
  { "plan-zero",        V12, "1..0", CVM_TAP_PLAN, 0, "", CVM_TAP_SKIP, "" },
  { "plan-skip",        V12, "1..0 # Skipped: no net", CVM_TAP_PLAN, 0, "", CVM_TAP_SKIP, "no net" },
  { "plan-zero-junk",   V12, "1..0 junk", CVM_TAP_PLAN, 0, "", CVM_TAP_SKIP, "" },
  { "plan-todo",        V12, "1..3 todo 2 3", CVM_TAP_PLAN, 3, "2 3", CVM_TAP_TODO },
  { "plan-todo-empty",  V12, "1..3 todo", CVM_TAP_TEXT, 0, "1..3 todo" },
  { "plan-comment",     V12, "1..3 # three", CVM_TAP_TEXT, 0, "1..3 # three" },
  { "plan-skip-13",     V13, "1..0 # skip no net", CVM_TAP_PLAN, 0, "", CVM_TAP_SKIP, "no net" },
  { "plan-skip-some",   V13, "1..3 # SKIP", CVM_TAP_PLAN, 3, "", CVM_TAP_SKIP, "" },
  { "plan-skipped-13",  V13, "1..0 # SKIPPED", CVM_TAP_TEXT, 0, "1..0 # SKIPPED" },
  { "plan-comment-14",  V14, "1..3 # three", CVM_TAP_PLAN, 3, "", CVM_TAP_NO_DIRECTIVE, "three" },
  { "plan-zero-14",     V14, "1..0 # no net", CVM_TAP_PLAN, 0, "", CVM_TAP_SKIP, "no net" },
  { "plan-junk-14",     V14, "1..3 three", CVM_TAP_TEXT, 0, "1..3 three" },
  { "plan-open",        V12, "1..", CVM_TAP_TEXT, 0, "1.." },

  { "version",          V12, "TAP version 13", CVM_TAP_VERSION, 13 },
  { "version-case",     V12, "TAP Version 13 ", CVM_TAP_VERSION, 13 },
  { "version-ktap",     V12, "KTAP version 1", CVM_TAP_VERSION, 1 },
  { "version-junk",     V12, "TAP version 13 x", CVM_TAP_TEXT, 0, "TAP version 13 x" },
  { "version-glued",    V12, "TAPversion 13", CVM_TAP_TEXT, 0, "TAPversion 13" },

  { "comment",          V12, "#  hello ", CVM_TAP_COMMENT, 0, "hello" },
  { "comment-empty",    V12, "#", CVM_TAP_COMMENT, 0, "" },
  { "subtest",          V12, "    # Subtest: inner", CVM_TAP_SUBTEST, 0, "inner" },
  { "subtest-bare",     V14, "# Subtest", CVM_TAP_SUBTEST, 0, "" },
  { "subtest-not",      V12, "# Subtests are fine", CVM_TAP_COMMENT, 0, "Subtests are fine" },

  { "bail",             V12, "Bail out! no disk", CVM_TAP_BAIL_OUT, 0, "", CVM_TAP_NO_DIRECTIVE, "no disk" },
  { "bail-case",        V12, "bail OUT!", CVM_TAP_BAIL_OUT, 0, "", CVM_TAP_NO_DIRECTIVE, "" },
  { "bail-indent",      V12, " \t Bail out!x", CVM_TAP_BAIL_OUT, 0, "", CVM_TAP_NO_DIRECTIVE, "x" },
  { "bail-not",         V12, "Bail out", CVM_TAP_TEXT, 0, "Bail out" },

  { "pragma",           V13, "pragma +strict, -other", CVM_TAP_PRAGMA, 0, "+strict, -other" },
  { "pragma-12",        V12, "pragma +strict", CVM_TAP_TEXT, 0, "pragma +strict" },
  { "pragma-bad",       V13, "pragma strict", CVM_TAP_TEXT, 0, "pragma strict" },
  { "pragma-comma",     V13, "pragma +strict,", CVM_TAP_TEXT, 0, "pragma +strict," },
  { "yaml",             V13, "  ---", CVM_TAP_YAML_BEGIN, 0 },
  { "yaml-column-0",    V13, "---", CVM_TAP_TEXT, 0, "---" },
  { "yaml-four",        V13, "  ----", CVM_TAP_TEXT, 0, "  ----" },
  { "block-end",        V14, "} ", CVM_TAP_BLOCK_END, 0 },
  { "empty",            V12, "", CVM_TAP_TEXT, 0, "" },
  { "blank",            V12, "   ", CVM_TAP_TEXT, 0, "   " },
};

static void
test_line (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  CvmTapLine line = cvm_tap_line_parse (c->input, strlen (c->input), c->dialect);
  const char *text = c->text != NULL ? c->text : "";
  const char *reason = c->reason != NULL ? c->reason : "";

  g_assert_cmpint (line.kind, ==, c->kind);
  g_assert_cmpuint (line.number, ==, c->number);
  g_assert_cmpmem (line.text, line.text_len, text, strlen (text));
  g_assert_cmpint (line.directive, ==, c->directive);
  g_assert_cmpmem (line.reason, line.reason_len, reason, strlen (reason));
}

static void
test_flags (void)
{
  CvmTapLine line = cvm_tap_line_parse ("    not ok 1 - x {", 18, V12);

  g_assert_cmpuint (line.indent, ==, 4);
  g_assert_false (line.ok);
  g_assert_true (line.numbered);
  g_assert_true (line.buffered);

  line = cvm_tap_line_parse ("ok x{", 5, V12);
  g_assert_true (line.ok);
  g_assert_false (line.numbered);
  g_assert_false (line.buffered);

  line = cvm_tap_line_parse ("KTAP version 1", 14, V12);
  g_assert_true (line.ktap);
}

/* A line may hold anything, and the byte behind it is not ours. */
static void
test_cut_anywhere (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (gsize len = 0; len <= strlen (cases[i].input); len++)
        {
          g_autofree char *exact = g_memdup2 (cases[i].input, len);
          CvmTapLine line = cvm_tap_line_parse (exact, len, cases[i].dialect);

          if (line.text_len > 0)
            g_assert_true (line.text >= exact && line.text + line.text_len <= exact + len);
          if (line.reason_len > 0)
            g_assert_true (line.reason >= exact && line.reason + line.reason_len <= exact + len);
        }
    }
}

static void
test_strip (void)
{
  static const struct { const char *raw, *content; gboolean first; } rows[] = {
    { "ok 1\n", "ok 1" }, { "ok 1\r\n", "ok 1" }, { "ok 1", "ok 1" }, { "ok 1\r", "ok 1" },
    { "\n", "" }, { "\r\n", "" }, { "", "" }, { "\r\r\n", "\r" },
    { "\xef\xbb\xbfok 1\n", "ok 1", TRUE }, { "\xef\xbb\xbfok 1\n", "\xef\xbb\xbfok 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const char *text = rows[i].raw;
      gsize len = strlen (text);

      g_assert_false (cvm_tap_line_strip (&text, &len, rows[i].first));
      g_assert_cmpmem (text, len, rows[i].content, strlen (rows[i].content));
    }
}

static void
test_strip_long (void)
{
  g_autofree char *longest = g_strnfill (CVM_TAP_LINE_MAX + 1, 'x');
  const char *text = longest;
  gsize len = CVM_TAP_LINE_MAX + 1;

  g_assert_true (cvm_tap_line_strip (&text, &len, FALSE));
  g_assert_cmpuint (len, ==, CVM_TAP_LINE_MAX);

  longest[CVM_TAP_LINE_MAX] = '\n';
  len = CVM_TAP_LINE_MAX + 1;
  g_assert_false (cvm_tap_line_strip (&text, &len, FALSE));
  g_assert_cmpuint (len, ==, CVM_TAP_LINE_MAX);
}

static void
test_text_dup (void)
{
  static const char * const rows[][2] = {
    { "a \\# b", "a # b" }, { "a \\\\ b", "a \\ b" }, { "\\x41", "\\x41" }, { "end\\", "end\\" },
    { "caf\xe9", "caf\xef\xbf\xbd" }, { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = cvm_tap_text_dup (rows[i][0], strlen (rows[i][0]));

      g_assert_cmpstr (text, ==, rows[i][1]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tap/line/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_line);
    }

  g_test_add_func ("/tap/line/flags", test_flags);
  g_test_add_func ("/tap/line/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/tap/line/strip", test_strip);
  g_test_add_func ("/tap/line/strip-long", test_strip_long);
  g_test_add_func ("/tap/line/text-dup", test_text_dup);

  return g_test_run ();
}
