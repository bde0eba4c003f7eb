/* test-tap-tree-write.c: any tree, written as TAP 13 and 14, says the same again
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-tree-write.h"
#include "tap-streams.h"

#include <string.h>

#define N_STREAMS 3000

static const struct
{
  const char *name, *input, *as_13, *as_14;   /* without the first line */
} cases[] = {
  { "plain", "1..2\nok 1 - a\nnot ok 2 - b\n", "1..2\nok 1 - a\nnot ok 2 - b\n", NULL },
  { "plan-last", "ok\nok x\n1..2\n", "ok 1\nok 2 - x\n1..2\n", NULL },
  { "no-plan", "ok\n", "ok 1\n", NULL },
  { "escapes", "1..3\nok 1 - a \\# TODO b\nok 2 - c\\\\ # todo d \\# e\nok 3 - x \\y\n",
    "1..3\nok 1 - a \\# TODO b\nok 2 - c\\\\ # TODO d \\# e\nok 3 - x \\y\n", NULL },
  { "hash-13", "1..2\nok 1 - a # b # TODO c\nok 2 # SKIPPED x\n",
    "1..2\nok 1 - a # b # TODO c\nok 2 - # SKIPPED x\n", "1..2\nok 1 - a # b # TODO c\nok 2 - \\# SKIPPED x\n" },
  { "hash-14", "TAP version 14\n1..2\nok 1 - a.html#skip b\nok 2 - c # Skipped: d\n",
    "1..2\nok 1 - a.html\\#skip b\nok 2 - c # SKIP d\n", "1..2\nok 1 - a.html#skip b\nok 2 - c # SKIP d\n" },
  { "brace", "1..2\nok 1 - if (x) {\nok 2 - { # SKIP\n", "1..2\nok 1 - if (x)\nok 2 - { # SKIP\n", NULL },
  { "todo-plan", "1..2 todo 2\nok 1\nnot ok 2 - x\n", "1..2\nok 1\nnot ok 2 - x # TODO\n", NULL },
  { "skip-all", "1..0 # Skipped: no \\# net\n", "1..0 # SKIP no \\# net\n", NULL },
  { "skip-failed", "1..1\nnot ok 1 - a # SKIP b\n",
    "1..1\nnot ok 1 - a # SKIP b\n", "1..1\nnot ok 1 - a \\# SKIP b\n" },
  { "skip-failed-14", "TAP version 14\n1..1\nnot ok 1 - a # SKIP b\n",
    "1..1\nok 1 - a # SKIP b\n", "1..1\nnot ok 1 - a # SKIP b\n" },
  { "xfail", "KTAP version 1\n1..2\nnot ok 1 a # XFAIL b\nok 2 c # rc=0\n",
    "1..2\nnot ok 1 - a # TODO b\nok 2 - c # rc=0\n", NULL },
  { "ktap-no-plan", "KTAP version 1\nok 1 a\n", "1..1\nok 1 - a\n", NULL },
  { "ktap-nested", "KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 a\nok 1 b\n",
    "1..1\n    1..1\n    ok 1 - a\nok 1 - b\n", NULL },
  { "plan-comment", "TAP version 14\n1..1 # one\nok 1\n", "1..1\n#> one\nok 1\n", "1..1 # one\nok 1\n" },
  { "order-14", "TAP version 14\n1..2\nok 2 - b\nok 1 - a\n",
    "1..2\nok 1 - b\nok 2 - a\n", "1..2\nok 2 - b\nok 1 - a\n" },
  { "order-13", "1..2\nok 2 - b\nok 1 - a\n", "1..2\nok 2 - b\nok 1 - a\n",
    "#> It has errors that this version of TAP does not know.\nTAP version 14\n1..2\nok 2 - b\nok 1 - a\n" },
  { "zero", "1..1\nok 0\n", "1..1\nok 0\n", NULL },
  { "buffered", "TAP version 14\n1..1\nok 1 - a {\n    1..1\n    ok 1 - b\n}\n",
    "1..1\n    1..1\n    ok 1 - b\nok 1 - a\n", NULL },
  { "subtest", "1..1\n# Subtest: a\n    ok 1\n    1..1\nok 1 - a\n",
    "1..1\n# Subtest: a\n    ok 1\n    1..1\nok 1 - a\n", NULL },
  { "subtest-no-plan", "1..1\n    ok 1\nok 1\n", "1..1\n    ok 1\nok 1\n", NULL },
  { "subtests-joined", "1..1\n    1..1\n    ok 1\nTAP version 13\n    1..1\n    ok 1\nok 1\n",
    "#> It has errors that this version of TAP does not know.\nTAP version 13\n"
    "1..1\n    #> 1..1\n    ok 1\n    #> 1..1\n    ok 1\nok 1\n",
    "#> It has errors that this version of TAP does not know.\nTAP version 14\n"
    "1..1\n    #> 1..1\n    ok 1\n    #> 1..1\n    ok 1\nok 1\n" },
  { "subtest-then-plan", "ok 1\n    1..0\n1..2\nok 2\n", "ok 1\n1..2\n    1..0 # SKIP\nok 2\n", NULL },
  { "junk", "1..1\nTapper\n\n  Test-x: y\n\tok\nok 1\n", "1..1\n#> Tapper\n#>   Test-x: y\n#> \tok\nok 1\n", NULL },
  { "header", "1..1\n# Tapper-Owner: me\nok 1\n", "1..1\n# Tapper-Owner: me\nok 1\n", NULL },
  { "bail-out", "1..1\n    bail out! a \\# b\n", "1..1\nBail out! a \\# b\n", NULL },
  { "late-version", "1..1\nTAP version 13\nok\n",
    "#> It has errors that this version of TAP does not know.\nTAP version 13\n1..1\nok 1\n",
    "#> It has errors that this version of TAP does not know.\nTAP version 14\n1..1\nok 1\n" },
  { "yaml", "TAP version 13\n1..1\nok 1\n    ---\n    a: [1, 'b: c', {}]\n    d:\n      e: ~\n    ...\n",
    "1..1\nok 1\n  ---\n  a:\n    - 1\n    - \"b\\x3a c\"\n    - {}\n  d:\n    e: ~\n  ...\n",
    "1..1\nok 1\n  ---\n  a: [1, 'b: c', {}]\n  d:\n    e: ~\n  ...\n" },
  { "yaml-broken", "1..1\nok 1\n  ---\n  a: [\n  ...\n", "1..1\nok 1\n#>   ---\n#>   a: [\n#>   ...\n",
    "1..1\nok 1\n  ---\n  a: [\n  ...\n" },
  { "yaml-open", "1..1\nok 1\n  ---\n  a: 1\n", "1..1\nok 1\n  ---\n  a: 1\n  ...\n", NULL },
  { "crlf", "1..1\r\nok 1 - a\r\n  ---\r\n  a: 1\r\n  ...\r\n", "1..1\nok 1 - a\n  ---\n  a: 1\n  ...\n", NULL },
};

static CvmTapTree *
grow (const char *bytes,
      gsize       len)
{
  CvmTapTree *tree = cvm_tap_tree_new (G_MAXSIZE);

  cvm_tap_tree_feed (tree, bytes, len);
  cvm_tap_tree_end (tree);

  return tree;
}

static GString *
write_as (const CvmTapTree *tree,
          guint             version)
{
  GString *out = g_string_new (NULL);

  cvm_tap_tree_write (tree, version, out);

  return out;
}

static void
test_row (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autoptr(CvmTapTree) tree = grow (c->input, strlen (c->input));
  g_autoptr(GString) as_13 = write_as (tree, 13);
  g_autoptr(GString) as_14 = write_as (tree, 14);

  g_assert_true (g_str_has_prefix (as_13->str, "TAP version 13\n"));
  g_assert_true (g_str_has_prefix (as_14->str, "TAP version 14\n"));
  g_assert_cmpstr (as_13->str + 15, ==, c->as_13);
  g_assert_cmpstr (as_14->str + 15, ==, c->as_14 != NULL ? c->as_14 : c->as_13);
}

static void
tell_text (GString    *told,
           const char *text,
           gsize       len)
{
  g_autofree char *plain = cvm_tap_text_dup (text, len);

  g_string_append_printf (told, " [%s]", plain);
}

static void
tell_point (const CvmTapTree *tree,
            CvmTapNode        node,
            guint             depth,
            GString          *told)
{
  CvmTapLine line = cvm_tap_node_line (tree, node);

  g_string_append_printf (told, "%u %s %" G_GUINT64_FORMAT, depth, cvm_tap_node_good (tree, node) ? "good" : "bad",
                          cvm_tap_node_number (tree, node));
  if (line.directive == CVM_TAP_TODO)
    g_string_append (told, " TODO");
  else if (line.directive == CVM_TAP_SKIP && cvm_tap_node_good (tree, node))
    g_string_append (told, " SKIP");
  else if (line.reason_len > 0 || line.directive == CVM_TAP_SKIP)
    {
      g_string_append (told, " [changed]\n");   /* the rows say how */
      return;
    }

  tell_text (told, line.text, line.text_len);
  tell_text (told, line.reason, line.reason_len);
  g_string_append_c (told, '\n');
}

/* Points as they are written: the subtest before its point. */
static void
tell_points (const CvmTapTree *tree,
             CvmTapNode        node,
             guint             depth,
             GString          *told)
{
  for (; node != CVM_TAP_NODE_NONE; node = cvm_tap_tree_next (tree, node))
    {
      CvmTapEventKind kind = cvm_tap_node_kind (tree, node);
      CvmTapNode inner = cvm_tap_tree_children (tree, node);

      if (kind == CVM_TAP_EVENT_SUBTEST_BEGIN && !cvm_tap_node_buffered (tree, node))
        tell_points (tree, inner, depth + 1, told);
      if (kind != CVM_TAP_EVENT_POINT)
        continue;
      if (inner != CVM_TAP_NODE_NONE && inner > node)
        tell_points (tree, inner, depth + 1, told);
      tell_point (tree, node, depth, told);
    }
}

/* The rows of a told tree are equal, a changed one to any. */
static void
compare_told (const char *before,
              const char *after,
              const char *input,
              const char *output)
{
  g_auto(GStrv) old = g_strsplit (before, "\n", -1);
  g_auto(GStrv) new = g_strsplit (after, "\n", -1);

  if (g_strv_length (old) != g_strv_length (new))
    g_error ("%s\nwritten as\n%s\n%s\nis not\n%s", input, output, before, after);
  for (guint i = 0; old[i] != NULL; i++)
    {
      char *changed = strstr (old[i], " [changed]");
      gsize len = changed != NULL ? (gsize)(changed - old[i]) : strlen (old[i]) + 1;

      if (strncmp (old[i], new[i], len) != 0)
        g_error ("%s\nwritten as\n%s\n%s\nis not\n%s", input, output, old[i], new[i]);
    }
}

static void
check (const CvmTapTree *tree,
       const char       *input,
       guint             version,
       gboolean          strict)   /* written twice it is the same to the byte */
{
  const CvmTapNumbers *numbers = cvm_tap_tree_get_numbers (tree);
  gboolean renumbered = version == 13 && numbers->dialect == CVM_TAP_DIALECT_14;
  g_autoptr(GString) written = write_as (tree, version);
  g_autoptr(CvmTapTree) again = grow (written->str, written->len);
  g_autoptr(GString) twice = write_as (again, version);
  g_autoptr(GString) before = g_string_new (NULL);
  g_autoptr(GString) after = g_string_new (NULL);

  tell_points (tree, cvm_tap_tree_first (tree), 0, before);
  tell_points (again, cvm_tap_tree_first (again), 0, after);
  if (!renumbered)
    compare_told (before->str, after->str, input, written->str);

  if (cvm_tap_tree_get_numbers (again)->word != numbers->word && numbers->contradicted == 0)
    g_error ("%s\nwritten as\n%s\nhas another verdict", input, written->str);
  if (cvm_tap_tree_get_numbers (again)->run != numbers->run
      || cvm_tap_tree_get_numbers (again)->subtest_run != numbers->subtest_run)
    g_error ("%s\nwritten as\n%s\nhas other numbers", input, written->str);
  if (strict && numbers->subtest_run == 0 && strstr (written->str, "#> It has errors") == NULL)
    g_assert_cmpstr (twice->str, ==, written->str);
}

static void
test_streams (gconstpointer data)
{
  g_autoptr(GPtrArray) streams = tap_streams_make (GPOINTER_TO_UINT (data), N_STREAMS, 5);
  gboolean strict = GPOINTER_TO_UINT (data) != TAP_STREAMS_WILD;

  for (guint i = 0; i < streams->len; i++)
    {
      const GString *stream = g_ptr_array_index (streams, i);
      g_autoptr(CvmTapTree) tree = grow (stream->str, stream->len);

      check (tree, stream->str, 13, strict);
      check (tree, stream->str, 14, strict);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tap/tree-write/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_row);
    }

  g_test_add_data_func ("/tap/tree-write/plain-streams", GUINT_TO_POINTER (TAP_STREAMS_PLAIN), test_streams);
  g_test_add_data_func ("/tap/tree-write/tapper-streams", GUINT_TO_POINTER (TAP_STREAMS_TAPPER), test_streams);
  g_test_add_data_func ("/tap/tree-write/wild-streams", GUINT_TO_POINTER (TAP_STREAMS_WILD), test_streams);

  return g_test_run ();
}
