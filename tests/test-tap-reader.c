/* test-tap-reader.c: the events of whole streams, however they are cut
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-reader.h"

#include <string.h>

/* What was heard, a line an event: path or depth, kind, what it says. */
typedef struct
{
  GString *heard;
  guint64  offset;   /* where the next event must begin */
  guint    depth;
  gboolean places;   /* write where each event stands, too */
} Ear;

static const char kinds[][12] = {
  "text", "version", "plan", "point", "comment", "bail-out", "pragma", "yaml", "begin", "end",
};

static void
append_path (GString           *heard,
             const CvmTapEvent *event)
{
  for (guint i = 0; i <= event->depth; i++)
    g_string_append_printf (heard, "%s%" G_GUINT64_FORMAT, i > 0 ? "." : "", event->path[i]);
}

static void
append_what (GString           *heard,
             const CvmTapEvent *event)
{
  static const char * const directives[] = { "", " SKIP", " TODO" };

  if (event->kind == CVM_TAP_EVENT_POINT)
    g_string_append_printf (heard, " %s%s", event->line.ok ? "ok" : "not ok",
                            directives[event->line.directive]);
  if (event->kind == CVM_TAP_EVENT_TEXT || event->kind == CVM_TAP_EVENT_DIAGNOSTICS)
    g_string_append_printf (heard, " [%.*s]", (int)event->text_len, event->text);
  else if (event->line.text_len > 0)
    g_string_append_printf (heard, " %.*s", (int)event->line.text_len, event->line.text);
  if (event->line.reason_len > 0)
    g_string_append_printf (heard, " (%.*s)", (int)event->line.reason_len, event->line.reason);
  if (event->kind == CVM_TAP_EVENT_PLAN)
    g_string_append_printf (heard, " %" G_GUINT64_FORMAT, event->line.number);
}

static void
on_event (const CvmTapEvent *event,
          gpointer           user_data)
{
  Ear *ear = user_data;

  g_assert_cmpuint (event->offset, ==, ear->offset);
  ear->offset += event->length;
  if (event->kind == CVM_TAP_EVENT_SUBTEST_BEGIN)
    g_assert_cmpuint (event->depth, ==, ++ear->depth);
  g_assert_cmpuint (event->depth, ==, ear->depth);
  if (event->kind == CVM_TAP_EVENT_SUBTEST_END)
    ear->depth--;

  if (ear->heard->len > 0)
    g_string_append_c (ear->heard, '\n');
  if (ear->places)
    g_string_append_printf (ear->heard, "%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT " ",
                            event->line_number, event->offset);
  if (event->kind == CVM_TAP_EVENT_POINT)
    append_path (ear->heard, event);
  else
    g_string_append_printf (ear->heard, "%u", event->depth);
  g_string_append_printf (ear->heard, " %s", kinds[event->kind]);
  append_what (ear->heard, event);
  g_string_append (ear->heard, event->truncated ? " truncated" : "");
  g_string_append (ear->heard, event->open ? " open" : "");
  g_string_append (ear->heard, event->buffered ? " buffered" : "");
}

/* @cut: bytes to feed at a time; 0: a random number of them each time */
static char *
hear (const char *bytes,
      gsize       len,
      gsize       cut,
      gboolean    places)
{
  Ear ear = { .heard = g_string_new (NULL), .places = places };
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (on_event, &ear);

  for (gsize at = 0, piece; at < len; at += piece)
    {
      g_autofree char *exact = NULL;

      piece = cut > 0 ? cut : (gsize)g_test_rand_int_range (1, 40);
      piece = MIN (piece, len - at);
      exact = g_memdup2 (bytes + at, piece);
      cvm_tap_reader_feed (reader, exact, piece);
    }

  cvm_tap_reader_end (reader);
  g_assert_cmpuint (ear.offset, ==, len);
  g_assert_cmpuint (ear.depth, ==, 0);

  return g_string_free (ear.heard, FALSE);
}

static const struct
{
  const char *name, *input, *heard;
} cases[] = {
  { "nothing", "", "" },
  { "no-last-newline", "1..1\nok 1", "0 plan 1\n1 point ok" },
  { "crlf", "1..1\r\nok 1 - a\r\n", "0 plan 1\n1 point ok a" },
  { "byte-order-mark", "\xef\xbb\xbf" "1..1\n\xef\xbb\xbfok\n", "0 plan 1\n0 text [\xef\xbb\xbfok]" },
  { "counted", "ok\nok 7\nok\n", "1 point ok\n7 point ok\n3 point ok" },

  { "yaml", "ok 1\n  ---\n  a: 1\n\n  ...\nok 2\n",
    "1 point ok\n0 yaml [  ---\n  a: 1\n\n  ...\n]\n2 point ok" },
  { "yaml-deep", "ok 1\n      ---\n        ...\n      ...  \n",
    "1 point ok\n0 yaml [      ---\n        ...\n      ...  \n]" },
  { "yaml-open", "ok 1\n  ---\n  a: 1\nok 2\n",
    "1 point ok\n0 yaml [  ---\n  a: 1\n] open\n2 point ok" },
  { "yaml-at-end", "ok 1\n  ---\n  a: 1", "1 point ok\n0 yaml [  ---\n  a: 1\n] open" },
  { "yaml-hides", "ok 1\n  ---\n  Bail out!\n      ok 2\n  ...\n",
    "1 point ok\n0 yaml [  ---\n  Bail out!\n      ok 2\n  ...\n]" },
  { "yaml-not-behind-point", "junk\n  ---\nok 1\n", "0 text [junk]\n0 text [  ---]\n1 point ok" },
  { "yaml-behind-junk", "ok 1\njunk\n  ---\n", "1 point ok\n0 text [junk]\n0 text [  ---]" },
  { "yaml-anywhere-in-13", "TAP version 13\n  ---\n  ...\n", "0 version\n0 yaml [  ---\n  ...\n]" },

  { "subtest", "1..1\n    # Subtest: in\n    ok 1 - a\n    1..1\nok 1 - in\n",
    "0 plan 1\n1 begin in\n1 comment in\n1.1 point ok a\n1 plan 1\n1 end\n1 point ok in" },
  { "subtest-named-before", "# Subtest: in\n    1..1\n    ok 1\nok 1 - in\n",
    "0 comment in\n1 begin in\n1 plan 1\n1.1 point ok\n1 end\n1 point ok in" },
  { "subtest-bare", "ok 1\n    ok 1\n    ok 2\nok 2\n",
    "1 point ok\n1 begin\n2.1 point ok\n2.2 point ok\n1 end\n2 point ok" },
  { "subtest-two-deep", "        ok 1\n    ok 1\nok 1\n",
    "1 begin\n2 begin\n1.1.1 point ok\n2 end\n1.1 point ok\n1 end\n1 point ok" },
  { "subtest-open", "    ok 1\n", "1 begin\n1.1 point ok\n1 end" },
  { "subtest-again", "    ok 1\nok 1\n    ok 1\nok 2\n",
    "1 begin\n1.1 point ok\n1 end\n1 point ok\n1 begin\n2.1 point ok\n1 end\n2 point ok" },
  { "subtest-interleaved", "    ok 1\n# from stderr\njunk\n    ok 2\nok 1\n",
    "1 begin\n1.1 point ok\n1 comment from stderr\n1 text [junk]\n1.2 point ok\n1 end\n1 point ok" },
  { "subtest-yaml", "    ok 1\n      ---\n      a: 1\n      ...\nok 1\n",
    "1 begin\n1.1 point ok\n1 yaml [      ---\n      a: 1\n      ...\n]\n1 end\n1 point ok" },
  { "subtest-buffered", "ok 1 - g {\n    ok 1 - a\n}\nok 2\n",
    "1 point ok g\n1 begin buffered\n1.1 point ok a\n1 text [}]\n1 end\n2 point ok" },
  { "buffered-not", "ok 1 - if (x) {\nok 2\n    ok 1\n",
    "1 point ok if (x)\n2 point ok\n1 begin\n3.1 point ok\n1 end" },
  { "buffered-left", "    ok 1 {\n1..1\n    ok 1 - not of the block\n",
    "1 begin\n1.1 point ok\n1 end\n0 plan 1\n1 begin\n1.1 point ok not of the block\n1 end" },
  { "indent-odd", "ok 1\n   ok 2\n  ok 3\n", "1 point ok\n0 text [   ok 2]\n0 text [  ok 3]" },
  { "bail-out-inside", "    ok 1\n    Bail out! dead\n",
    "1 begin\n1.1 point ok\n1 bail-out (dead)\n1 end" },
  { "pragma", "TAP version 13\npragma +strict\n", "0 version\n0 pragma +strict" },
  { "pragma-ends-subtest", "TAP version 13\n    ok 1\npragma +strict\n",
    "0 version\n1 begin\n1.1 point ok\n1 end\n0 pragma +strict" },
  { "version-late", "ok 1\nTAP version 13\npragma +strict\n",
    "1 point ok\n0 version\n0 text [pragma +strict]" },

  { "version-any-case", "tap vErSiOn 13\npragma +strict\n", "0 version\n0 pragma +strict" },
  { "colours", "\x1b[32mok 1\x1b[0m\nok 2 - \x1b[31mred\x1b[0m\n",
    "0 text [\x1b[32mok 1\x1b[0m]\n2 point ok \x1b[31mred\x1b[0m" },
  { "two-streams", "1..2\n1..3\nok 1 - a\nok 1 - x\nok 2 - b\n",
    "0 plan 2\n0 plan 3\n1 point ok a\n1 point ok x\n2 point ok b" },
  { "two-streams-torn", "ok 1 - a\nok 2ok 1 - x\n - b\n", "1 point ok a\n2 point ok ok 1 - x\n0 text [ - b]" },
  { "no-utf8", "ok 1 - \xff\xc3\n\xff\n", "1 point ok \xff\xc3\n0 text [\xff]" },
  { "absurd-numbers", "1..99999999999999999999\nok 18446744073709551616\n",
    "0 plan 9223372036854775807\n9223372036854775807 point ok" },
  { "yaml-behind-comment-14", "TAP version 14\nok 1\n# c\n\n  ---\n  ...\n",
    "0 version\n1 point ok\n0 comment c\n0 text []\n0 yaml [  ---\n  ...\n]" },
  { "yaml-behind-comment-12", "ok 1\n# c\n  ---\n", "1 point ok\n0 comment c\n0 text [  ---]" },
  { "subtest-open-14", "TAP version 14\n    ok 1\n1..1\n    1..1\nok 1\n",
    "0 version\n1 begin\n1.1 point ok\n1 text [1..1]\n1 plan 1\n1 end\n1 point ok" },
  { "subtest-pragma-14", "TAP version 14\n    pragma +strict\nok 1\n",
    "0 version\n1 begin\n1 pragma +strict\n1 end\n1 point ok" },
  { "subtest-pragma-13", "TAP version 13\n    pragma +strict\nok 1\n",
    "0 version\n0 text [    pragma +strict]\n1 point ok" },
  { "buffered-twice", "ok 1 - a {\n    ok 1 - b {\n        ok 1 - c\n    }\n}\n1..1\n",
    "1 point ok a\n1 begin buffered\n1.1 point ok b\n2 begin buffered\n1.1.1 point ok c\n2 text [    }]\n"
    "2 text [}]\n2 end\n1 end\n0 plan 1" },
  { "ktap-levels", "KTAP version 1\n  KTAP version 1\n    ok 1 deep\n  ok 1 mid\nok 1 top\n",
    "0 version\n1 begin\n1 version\n2 begin\n1.1.1 point ok deep\n2 end\n1.1 point ok mid\n1 end\n1 point ok top" },
  { "ktap", "KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 a\nok 1 in # SKIP off\n",
    "0 version\n0 plan 1\n1 begin\n1 version\n1 plan 1\n1.1 point ok a\n1 end\n1 point ok SKIP in (off)" },
  { "ktap-four", "KTAP version 1\n1..1\n    # Subtest: s\n    1..1\n    ok 1 a\nok 1 s\n",
    "0 version\n0 plan 1\n1 begin s\n1 comment s\n1 plan 1\n1.1 point ok a\n1 end\n1 point ok s" },
  { "ktap-inside", "TAP version 14\n  KTAP version 1\n  ok 1 a\nok 1\n",
    "0 version\n1 begin\n1 version\n1.1 point ok a\n1 end\n1 point ok" },
};

static void
test_stream (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  gsize len = strlen (c->input);
  g_autofree char *heard = hear (c->input, len, MAX (len, 1), FALSE);

  g_assert_cmpstr (heard, ==, c->heard);
}

static void
test_cuts (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  gsize len = strlen (c->input);
  g_autofree char *whole = hear (c->input, len, MAX (len, 1), TRUE);

  for (gsize cut = 0; cut < len; cut++)
    {
      g_autofree char *cuts = hear (c->input, len, cut, TRUE);

      g_assert_cmpstr (cuts, ==, whole);
    }
}

static void
count_event (const CvmTapEvent *event,
             gpointer           user_data)
{
  guint64 *counts = user_data;

  counts[event->kind]++;
  g_assert_cmpuint (event->text_len, <=, CVM_TAP_YAML_MAX);
  g_assert_cmpuint (event->depth, <=, CVM_TAP_DEPTH_MAX);
}

static void
test_long_line (void)
{
  static const int ends[] = { -3, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3, 1000 };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *fill = g_strnfill (CVM_TAP_LINE_MAX + ends[i] - strlen ("ok 1 - "), 'x');
      g_autofree char *stream = g_strconcat ("ok 1 - ", fill, i % 2 ? "\r\n" : "\n", "ok 2\n", NULL);
      gsize len = strlen (stream);
      g_autofree char *whole = hear (stream, len, len, TRUE);
      g_autofree char *bytes = hear (stream, len, 1, TRUE);
      g_autofree char *cuts = hear (stream, len, 0, TRUE);

      g_assert_cmpstr (bytes, ==, whole);
      g_assert_cmpstr (cuts, ==, whole);
      g_assert_true (g_str_has_suffix (whole, " 2 point ok"));
      g_assert_cmpint (strstr (whole, "truncated") != NULL, ==, ends[i] > 0);
    }
}

/* A carriage return where the line is cut is no line end. */
static void
test_long_line_return (void)
{
  g_autofree char *fill = g_strnfill (CVM_TAP_LINE_MAX, 'x');
  g_autofree char *stream = g_strconcat (fill, "\ry\n", NULL);
  g_autofree char *heard = hear (stream, strlen (stream), 1, FALSE);

  g_assert_true (g_str_has_suffix (heard, "] truncated"));
}

static void
test_deep (void)
{
  guint64 counts[CVM_TAP_EVENT_SUBTEST_END + 1] = { 0 };
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (count_event, counts);
  g_autoptr(GString) indent = g_string_new (NULL);

  for (guint i = 0; i < 10000; i++)
    {
      cvm_tap_reader_feed (reader, indent->str, indent->len);
      cvm_tap_reader_feed (reader, "ok\n", 3);
      g_string_append (indent, "    ");
    }

  cvm_tap_reader_end (reader);
  g_assert_cmpuint (counts[CVM_TAP_EVENT_POINT], ==, CVM_TAP_DEPTH_MAX + 1);
  g_assert_cmpuint (counts[CVM_TAP_EVENT_SUBTEST_BEGIN], ==, CVM_TAP_DEPTH_MAX);
  g_assert_cmpuint (counts[CVM_TAP_EVENT_SUBTEST_END], ==, CVM_TAP_DEPTH_MAX);
  g_assert_cmpuint (counts[CVM_TAP_EVENT_TEXT], ==, 10000 - CVM_TAP_DEPTH_MAX - 1);
}

static void
test_endless_yaml (void)
{
  guint64 counts[CVM_TAP_EVENT_SUBTEST_END + 1] = { 0 };
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (count_event, counts);

  cvm_tap_reader_feed (reader, "ok 1\n  ---\n", 11);
  for (guint i = 0; i < 400000; i++)
    cvm_tap_reader_feed (reader, "  key: value\n", 13);

  cvm_tap_reader_feed (reader, "  ...\nok 2\n", 11);
  cvm_tap_reader_end (reader);
  g_assert_cmpuint (counts[CVM_TAP_EVENT_DIAGNOSTICS], ==, 1);
  g_assert_cmpuint (counts[CVM_TAP_EVENT_POINT], ==, 2);
}

static void
test_nul (void)
{
  static const char stream[] = "ok 1 - a\0b\n\0\n";
  g_autofree char *heard = hear (stream, sizeof stream - 1, 1, TRUE);

  g_assert_true (g_str_has_prefix (heard, "1:0 1 point ok a"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *stream = g_strconcat ("/tap/reader/stream/", cases[i].name, NULL);
      g_autofree char *cuts = g_strconcat ("/tap/reader/cuts/", cases[i].name, NULL);

      g_test_add_data_func (stream, &cases[i], test_stream);
      g_test_add_data_func (cuts, &cases[i], test_cuts);
    }

  g_test_add_func ("/tap/reader/long-line", test_long_line);
  g_test_add_func ("/tap/reader/long-line-return", test_long_line_return);
  g_test_add_func ("/tap/reader/deep", test_deep);
  g_test_add_func ("/tap/reader/endless-yaml", test_endless_yaml);
  g_test_add_func ("/tap/reader/nul", test_nul);

  return g_test_run ();
}
