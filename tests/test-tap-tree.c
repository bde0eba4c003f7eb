/* test-tap-tree.c: the tree of a stream, which gives back its bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-tree.h"

#include <string.h>

static const char stream[] =
  "TAP version 14\n"                /*  1 */
  "1..4\n"                          /*  2 */
  "    # Subtest: disk\n"           /*  3 */
  "    1..2\n"                      /*  4 */
  "    ok 1 - found\n"              /*  5 */
  "    not ok 2 - written\n"        /*  6 */
  "      ---\n"                     /*  7 */
  "      errno: 5\n"                /*  8 */
  "      ...\n"                     /*  9 */
  "not ok 1 - disk\n"               /* 10 */
  "ok 2 - net # SKIP no \\# cable\n"/* 11 */
  "junk\r\n"                        /* 12 */
  "ok 3 - group {\n"                /* 13 */
  "    1..1\n"                      /* 14 */
  "    ok 1 - member\n"             /* 15 */
  "}\n"                             /* 16 */
  "ok 4";                           /* 17 */

static CvmTapTree *
grow (const char *bytes,
      gsize       len,
      gsize       max_bytes)
{
  CvmTapTree *tree = cvm_tap_tree_new (max_bytes);

  for (gsize at = 0, piece; at < len; at += piece)
    {
      piece = g_test_rand_int_range (1, 30);
      piece = MIN (piece, len - at);
      cvm_tap_tree_feed (tree, bytes + at, piece);
    }

  cvm_tap_tree_end (tree);
  return tree;
}

/* Every node in order, by walking; asserts that depth, order and lines make sense. */
static void
walk (const CvmTapTree *tree,
      CvmTapNode        node,
      guint             depth,
      GString          *bytes,
      GString          *outline)
{
  for (; node != CVM_TAP_NODE_NONE; node = cvm_tap_tree_next (tree, node))
    {
      gsize len;
      const char *text = cvm_tap_node_text (tree, node, &len);
      CvmTapEventKind kind = cvm_tap_node_kind (tree, node);

      g_assert_cmpuint (cvm_tap_node_depth (tree, node), ==, depth);
      g_string_append_len (bytes, text, len);
      if (kind == CVM_TAP_EVENT_POINT)
        {
          CvmTapLine line = cvm_tap_node_line (tree, node);

          g_string_append_printf (outline, "%u:%" G_GUINT64_FORMAT ":%s%" G_GUINT64_FORMAT " %.*s\n",
                                  depth, cvm_tap_node_line_number (tree, node),
                                  cvm_tap_node_ok (tree, node) ? "" : "!",
                                  cvm_tap_node_number (tree, node),
                                  (int)line.text_len, line.text);
        }
      else if (kind == CVM_TAP_EVENT_SUBTEST_BEGIN)
        {
          walk (tree, cvm_tap_tree_children (tree, node), depth + 1, bytes, outline);
        }
    }
}

static CvmTapNode
find_point (const CvmTapTree *tree,
            CvmTapNode        node,
            guint64           number)
{
  while (cvm_tap_node_kind (tree, node) != CVM_TAP_EVENT_POINT
         || cvm_tap_node_number (tree, node) != number)
    node = cvm_tap_tree_next (tree, node);

  return node;
}

static void
test_walk (void)
{
  g_autoptr(CvmTapTree) tree = grow (stream, strlen (stream), G_MAXSIZE);
  g_autoptr(GString) bytes = g_string_new (NULL);
  g_autoptr(GString) outline = g_string_new (NULL);

  walk (tree, cvm_tap_tree_first (tree), 0, bytes, outline);
  g_assert_cmpstr (bytes->str, ==, stream);
  g_assert_cmpstr (outline->str, ==,
                   "1:5:1 found\n1:6:!2 written\n0:10:!1 disk\n0:11:2 net\n0:13:3 group\n"
                   "1:15:1 member\n0:17:4 \n");
  g_assert_true (cvm_tap_tree_is_whole (tree));
  g_assert_cmpuint (cvm_tap_tree_get_numbers (tree)->run, ==, 4);
}

static void
test_children (void)
{
  g_autoptr(CvmTapTree) tree = grow (stream, strlen (stream), G_MAXSIZE);
  CvmTapNode first = cvm_tap_tree_first (tree);
  CvmTapNode disk = find_point (tree, first, 1);
  CvmTapNode group = find_point (tree, first, 3);
  CvmTapNode written = find_point (tree, cvm_tap_tree_children (tree, disk), 2);
  CvmTapNode member = find_point (tree, cvm_tap_tree_children (tree, group), 1);
  CvmTapNode yaml = cvm_tap_tree_diagnostics (tree, written);
  CvmTapLine skip = cvm_tap_node_line (tree, find_point (tree, first, 2));
  gsize len;

  g_assert_cmpuint (cvm_tap_node_line_number (tree, written), ==, 6);
  g_assert_cmpuint (cvm_tap_node_line_number (tree, member), ==, 15);
  g_assert_cmpuint (cvm_tap_node_line_number (tree, yaml), ==, 7);
  g_assert_true (g_str_has_prefix (cvm_tap_node_text (tree, yaml, &len), "      ---\n      errno"));
  g_assert_cmpuint (cvm_tap_tree_diagnostics (tree, disk), ==, CVM_TAP_NODE_NONE);
  g_assert_cmpuint (cvm_tap_tree_children (tree, written), ==, CVM_TAP_NODE_NONE);
  g_assert_cmpuint (cvm_tap_tree_children (tree, find_point (tree, first, 4)), ==,
                    CVM_TAP_NODE_NONE);
  g_assert_cmpint (skip.directive, ==, CVM_TAP_SKIP);
  g_assert_cmpmem (skip.reason, skip.reason_len, "no \\# cable", 11);
}

/* A subtest can be the very first node. */
static void
test_subtest_first (void)
{
  static const char input[] = "    ok 1 - in\nok 1 - out\nok 2\n1..2\n";
  g_autoptr(CvmTapTree) tree = grow (input, strlen (input), G_MAXSIZE);
  CvmTapNode first = cvm_tap_tree_first (tree);
  CvmTapNode inner = cvm_tap_tree_children (tree, find_point (tree, first, 1));

  g_assert_cmpint (cvm_tap_node_kind (tree, first), ==, CVM_TAP_EVENT_SUBTEST_BEGIN);
  g_assert_cmpuint (cvm_tap_tree_children (tree, first), ==, inner);
  g_assert_cmpuint (cvm_tap_node_depth (tree, inner), ==, 1);
  g_assert_cmpuint (cvm_tap_tree_children (tree, find_point (tree, first, 2)), ==,
                    CVM_TAP_NODE_NONE);
}

/* A subtest that never got its point is not the next one's. */
static void
test_subtest_without_point (void)
{
  static const char input[] = "        ok 1 - lost\nok 1\n    ok 1 - bare\nok 2\n1..2\n";
  g_autoptr(CvmTapTree) tree = grow (input, strlen (input), G_MAXSIZE);
  CvmTapNode second = find_point (tree, cvm_tap_tree_first (tree), 2);
  CvmTapNode bare = cvm_tap_tree_children (tree, second);

  g_assert_cmpuint (cvm_tap_node_line_number (tree, bare), ==, 3);
  g_assert_cmpuint (cvm_tap_tree_children (tree, bare), ==, CVM_TAP_NODE_NONE);
}

static void
test_byte_order_mark (void)
{
  static const char input[] = "\xef\xbb\xbfok 1 - marked\r\n1..1\n";
  g_autoptr(CvmTapTree) tree = grow (input, strlen (input), G_MAXSIZE);
  CvmTapLine line = cvm_tap_node_line (tree, cvm_tap_tree_first (tree));

  g_assert_cmpint (line.kind, ==, CVM_TAP_POINT);
  g_assert_cmpmem (line.text, line.text_len, "marked", 6);
}

static void
test_empty (void)
{
  g_autoptr(CvmTapTree) tree = grow ("", 0, G_MAXSIZE);

  g_assert_cmpuint (cvm_tap_tree_first (tree), ==, CVM_TAP_NODE_NONE);
  g_assert_true (cvm_tap_tree_is_whole (tree));
  g_assert_cmpint (cvm_tap_tree_get_numbers (tree)->word, ==, CVM_TAP_FAIL);
}

/* What is beyond the limit counts, but is not kept. */
static void
test_limit (void)
{
  for (gsize limit = 0; limit <= strlen (stream); limit++)
    {
      g_autoptr(CvmTapTree) tree = grow (stream, strlen (stream), limit);
      g_autoptr(GString) bytes = g_string_new (NULL);
      g_autoptr(GString) outline = g_string_new (NULL);

      walk (tree, cvm_tap_tree_first (tree), 0, bytes, outline);
      g_assert_cmpuint (bytes->len, <=, limit);
      g_assert_true (g_str_has_prefix (stream, bytes->str));
      g_assert_cmpuint (cvm_tap_tree_get_numbers (tree)->run, ==, 4);
      g_assert_cmpint (cvm_tap_tree_is_whole (tree), ==, limit == strlen (stream));
    }
}

/* Pieces of TAP in any order: whatever comes, no byte is lost. */
static void
test_lossless (void)
{
  static const char * const pieces[] = {
    "ok 1", "not ok", " - x", "\n", "\n", "\n", "\r\n", "    ", "    ", "  ", " ", "1..3", "1..0 # SKIP",
    "# Subtest: a", "# c", "  ---\n", "  ...\n", "Bail out!", "{", "}\n", "TAP version 14\n",
    "KTAP version 1\n", "pragma +strict\n", "\xef\xbb\xbf", "\x80", "\t", "\\#", "# TODO", "ok 2 {\n",
  };

  for (guint round = 0; round < 3000; round++)
    {
      g_autoptr(GString) input = g_string_new (NULL);
      g_autoptr(GString) bytes = g_string_new (NULL);
      g_autoptr(GString) outline = g_string_new (NULL);
      g_autoptr(CvmTapTree) tree = NULL;

      for (int i = g_test_rand_int_range (0, 60); i > 0; i--)
        g_string_append (input, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);

      tree = grow (input->str, input->len, G_MAXSIZE);
      walk (tree, cvm_tap_tree_first (tree), 0, bytes, outline);
      g_assert_cmpmem (bytes->str, bytes->len, input->str, input->len);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tap/tree/walk", test_walk);
  g_test_add_func ("/tap/tree/children", test_children);
  g_test_add_func ("/tap/tree/subtest-first", test_subtest_first);
  g_test_add_func ("/tap/tree/subtest-without-point", test_subtest_without_point);
  g_test_add_func ("/tap/tree/byte-order-mark", test_byte_order_mark);
  g_test_add_func ("/tap/tree/empty", test_empty);
  g_test_add_func ("/tap/tree/limit", test_limit);
  g_test_add_func ("/tap/tree/lossless", test_lossless);

  return g_test_run ();
}
