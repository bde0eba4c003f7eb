/* test-format.c: times, counts and verdicts as people read them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-format.h"

#include <locale.h>
#include <string.h>

#define SECOND ((gint64)1000)
#define DAY_US ((gint64)24 * 3600 * G_USEC_PER_SEC)

static const struct
{
  const char *name;
  gint64      ms;
  const char *duration;
  const char *clock;
  const char *left;
} times[] = {
  { "nothing",      0,                     "< 0.1 s", "00:00",     "a few seconds left" },
  { "tenth",        60,                    "0.1 s",   "00:00",     "a few seconds left" },
  { "rounds-up",    9949,                  "9.9 s",   "00:09",     "a few seconds left" },
  { "ten",          9950,                  "10 s",    "00:09",     "a few seconds left" },
  { "half-minute",  31 * SECOND,           "31 s",    "00:31",     "about 40 s left" },
  { "minute",       59500,                 "1:00",    "00:59",     "about 1 min left" },
  { "minutes",      85 * SECOND,           "1:25",    "01:25",     "about 1 min left" },
  { "many-minutes", 150 * SECOND,          "2:30",    "02:30",     "about 3 min left" },
  { "hour",         3723 * SECOND,         "1:02:03", "1:02:03",   "about 62 min left" },
  { "huge",         G_MAXINT64,            "999:00:00", "999:00:00", "about 59940 min left" },
  { "negative",     -5,                    "< 0.1 s", "00:00",     NULL },
};

static void
test_time (gconstpointer data)
{
  const typeof (times[0]) *c = data;
  g_autofree char *duration = cvm_format_duration (c->ms);
  g_autofree char *clock = cvm_format_clock (c->ms);
  g_autofree char *left = cvm_format_left (c->ms);

  g_assert_cmpstr (duration, ==, c->duration);
  g_assert_cmpstr (clock, ==, c->clock);
  g_assert_cmpstr (left, ==, c->left);
}

static const struct
{
  const char *name;
  gint64      elapsed_ms, usual_ms;
  guint       ended, planned;
  gint64      left_ms;
} estimates[] = {
  { "history",       20 * SECOND, 60 * SECOND, 0, 10, 40 * SECOND },
  { "overdue",       90 * SECOND, 60 * SECOND, 5, 10, 0 },
  { "nobody-knows",  20 * SECOND, 0,           1, 10, -1 },
  { "pace",          20 * SECOND, 0,           2, 10, 80 * SECOND },
  { "over",          20 * SECOND, 0,           4, 4,  -1 },
  { "none-planned",  20 * SECOND, 0,           4, 0,  -1 },
};

static void
test_estimate (gconstpointer data)
{
  const typeof (estimates[0]) *c = data;

  g_assert_cmpint (cvm_estimate_left_ms (c->elapsed_ms, c->usual_ms, c->ended, c->planned), ==,
                   c->left_ms);
}

static const struct
{
  const char *name;
  const char *text;
  const char *line;
  const char *lines;
} texts[] = {
  { "plain",    "a b",            "a b",        "a b" },
  { "umlaut",   "für",            "für",        "für" },
  { "newline",  "one\ntwo\tthree","one two three", "one\ntwo\tthree" },
  { "escape",   "\x1b[31mred",    "[31mred",    " [31mred" },
  { "bell-end", "ends\a",         "ends",       "ends " },
  { "latin1",   "caf\xe9",        "caf\xef\xbf\xbd", "caf\xef\xbf\xbd" },
  { "c1",       "a\xc2\x9b" "b",  "a b",        "a b" },
  { "empty",    "",               "",           "" },
};

static void
test_text (gconstpointer data)
{
  const typeof (texts[0]) *c = data;
  g_autofree char *line = cvm_format_line (c->text);
  g_autofree char *lines = cvm_format_text (c->text);

  g_assert_cmpstr (line, ==, c->line);
  g_assert_cmpstr (lines, ==, c->lines);
}

static void
test_problem (void)
{
  static const struct { const char *message, *told; } cases[] = {
    { "/home/me/suites/a.suite:3: no such check", "a.suite:3: no such check" },
    { "/home/me/suites2/a.suite:3: odd", "/home/me/suites2/a.suite:3: odd" },
    { "it is odd", "it is odd" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *told = cvm_format_problem (cases[i].message, "/home/me/suites/a.suite");

      g_assert_cmpstr (told, ==, cases[i].told);
    }
}

static void
test_log (void)
{
  static const struct { const char *bytes; gssize len; const char *text; } cases[] = {
    { "one\r\ntwo\tthree", 14, "one\ntwo\tthree" },
    { "a\0b\x1b[1m", 7, "a\xef\xbf\xbd" "b\xef\xbf\xbd[1m" },
    { "", 0, "" },
    { NULL, 0, "" },
  };
  g_autofree char *wide = g_strnfill (10000, 'x');
  g_autoptr(GBytes) bytes = g_bytes_new_static (wide, 10000);
  g_autofree char *text = cvm_format_log (bytes);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) some = g_bytes_new (cases[i].bytes, (gsize)cases[i].len);
      g_autofree char *log = cvm_format_log (some);

      g_assert_cmpstr (log, ==, cases[i].text);
    }

  g_assert_cmpuint (g_strv_length (lines), ==, 3);
  g_assert_cmpuint (strlen (lines[0]), ==, 4000);
  g_assert_cmpuint (strlen (lines[2]), ==, 2000);
}

static void
test_text_is_bounded (void)
{
  g_autofree char *ascii = g_strnfill (1000 * 1000, 'x');
  g_autoptr(GString) wide = g_string_new (NULL);
  g_autofree char *line = cvm_format_line (ascii);
  g_autofree char *text = cvm_format_text (ascii);
  g_autofree char *wide_line = NULL;

  for (int i = 0; i < 600; i++)
    g_string_append (wide, "€");
  wide_line = cvm_format_line (wide->str);

  g_assert_cmpint (g_utf8_strlen (line, -1), ==, 500);
  g_assert_true (g_str_has_suffix (line, "x…"));
  g_assert_cmpint (g_utf8_strlen (wide_line, -1), ==, 500);
  g_assert_true (g_str_has_suffix (wide_line, "€…"));
  g_assert_cmpuint (strlen (text), ==, 64 * 1024);
}

static void
test_day (void)
{
  gint64 now = g_get_real_time ();
  g_autofree char *today = cvm_format_day (now, now);
  g_autofree char *yesterday = cvm_format_day (now - DAY_US, now);
  g_autofree char *never = cvm_format_day (0, now);
  g_autofree char *absurd = cvm_format_day (G_MAXINT64, now);

  g_assert_cmpstr (today, ==, "Today");
  g_assert_cmpstr (yesterday, ==, "Yesterday");
  g_assert_nonnull (strstr (never, "1970"));
  g_assert_nonnull (absurd);
}

static const struct
{
  const char  *name;
  CvmJobResult job;
  const char  *counts;
  const char  *verdict;
} verdicts[] = {
  { "passed", { .status = CVM_STATUS_PASSED, .planned = 12, .passed = 12 },
    "12 passed", "All 12 checks passed." },
  { "passed-some", { .status = CVM_STATUS_PASSED, .planned = 12, .passed = 11, .skipped = 1 },
    "11 passed, 1 skipped", "Passed: 11 passed, 1 skipped." },
  { "failed", { .status = CVM_STATUS_FAILED, .planned = 12, .passed = 10, .failed = 2 },
    "10 passed, 2 failed", "2 of 12 checks failed." },
  { "all-failed", { .status = CVM_STATUS_FAILED, .planned = 2, .failed = 2 },
    "2 failed", "2 of 2 checks failed." },
  { "cancelled", { .status = CVM_STATUS_CANCELLED, .planned = 12, .passed = 1, .skipped = 11 },
    "1 passed, 11 skipped", "Stopped: 1 of 12 checks had passed. The guest is gone." },
  { "cancelled-in-one", { .status = CVM_STATUS_CANCELLED, .planned = 12, .passed = 1, .failed = 2,
                          .cancelled = 1, .skipped = 9 },
    "1 passed, 1 failed, 1 stopped, 9 skipped",
    "Stopped: 1 of 12 checks had passed. The guest is gone." },
  { "cancelled-in-first", { .status = CVM_STATUS_CANCELLED, .planned = 2, .failed = 1,
                            .cancelled = 1, .skipped = 1 },
    "1 stopped, 1 skipped", "Stopped: 0 of 2 checks had passed. The guest is gone." },
  { "environment", { .status = CVM_STATUS_ENVIRONMENT, .planned = 1, .skipped = 1,
                     .why = (char *)"no\nhost" },
    "1 skipped", "The checks could not be made: no host" },
  { "fault", { .status = CVM_STATUS_FAULT }, "0 passed",
    "The program itself failed: no reason was told" },
};

static void
test_verdict (gconstpointer data)
{
  const typeof (verdicts[0]) *c = data;
  g_autofree char *counts = cvm_format_counts (&c->job);
  g_autofree char *verdict = cvm_format_verdict (&c->job);

  g_assert_cmpstr (counts, ==, c->counts);
  g_assert_cmpstr (verdict, ==, c->verdict);
}

#define ADD_ALL(group, table, function) \
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) \
    { \
      g_autofree char *path = g_strdup_printf ("/format/" group "/%s", table[i].name); \
      g_test_add_data_func (path, &table[i], function); \
    }

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  ADD_ALL ("time", times, test_time)
  ADD_ALL ("estimate", estimates, test_estimate)
  ADD_ALL ("text", texts, test_text)
  ADD_ALL ("verdict", verdicts, test_verdict)
  g_test_add_func ("/format/problem", test_problem);
  g_test_add_func ("/format/text-is-bounded", test_text_is_bounded);
  g_test_add_func ("/format/log", test_log);
  g_test_add_func ("/format/day", test_day);

  return g_test_run ();
}
