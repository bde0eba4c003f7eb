/* test-tap-writer.c: what is written is read back, whatever the text
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-tree.h"
#include "cvm-tap-writer.h"
#include "cvm-tap-yaml.h"

#include <string.h>

static void
test_golden (void)
{
  static const char * const files[] = { "a b", "c", NULL };
  static const char * const none[] = { NULL };
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);

  cvm_tap_writer_version (writer, 13);
  cvm_tap_writer_plan (writer, 3, NULL);
  cvm_tap_writer_header (writer, "Tapper-Suite-Name", "demo");
  cvm_tap_writer_comment (writer, "two\nlines");
  cvm_tap_writer_subtest_begin (writer, "login");
  cvm_tap_writer_plan (writer, 1, NULL);
  cvm_tap_writer_point (writer, FALSE, 1, "shell", CVM_TAP_NO_DIRECTIVE, NULL);
  cvm_tap_writer_yaml_begin (writer);
  cvm_tap_writer_yaml_string (writer, "message", "no \"shell\"");
  cvm_tap_writer_yaml_int (writer, "ms", -12);
  cvm_tap_writer_yaml_text (writer, "output", "one\n\n  two");
  cvm_tap_writer_yaml_list (writer, "files", files);
  cvm_tap_writer_yaml_list (writer, "none", none);
  cvm_tap_writer_yaml_end (writer);
  cvm_tap_writer_subtest_end (writer);
  cvm_tap_writer_point (writer, FALSE, 1, "login", CVM_TAP_TODO, "soon");
  cvm_tap_writer_point (writer, TRUE, 2, "50 % # of {", CVM_TAP_SKIP, "no \xc3\xa4");
  cvm_tap_writer_point (writer, TRUE, 0, NULL, CVM_TAP_NO_DIRECTIVE, NULL);
  cvm_tap_writer_bail_out (writer, "cable");

  g_assert_cmpstr (out->str, ==,
                   "TAP version 13\n"
                   "1..3\n"
                   "# Tapper-Suite-Name: demo\n"
                   "# two\n"
                   "# lines\n"
                   "    # Subtest: login\n"
                   "    1..1\n"
                   "    not ok 1 - shell\n"
                   "      ---\n"
                   "      message: \"no \\\"shell\\\"\"\n"
                   "      ms: -12\n"
                   "      output: |\n"
                   "        one\n"
                   "        \n"
                   "          two\n"
                   "      files:\n"
                   "        - \"a b\"\n"
                   "        - \"c\"\n"
                   "      none: []\n"
                   "      ...\n"
                   "not ok 1 - login # TODO soon\n"
                   "ok 2 - 50 % \\# of \\x7b # SKIP no \\xc3\\xa4\n"
                   "ok\n"
                   "Bail out! cable\n");
}

static void
test_skip_all (void)
{
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);

  cvm_tap_writer_plan (writer, 0, "no net");
  cvm_tap_writer_plan (writer, 0, NULL);
  g_assert_cmpstr (out->str, ==, "1..0 # SKIP no net\n1..0 # SKIP\n");
}

/* Comments that would be more than comments are not. */
static void
test_comments (void)
{
  static const char * const rows[][2] = {
    { "Tapper-Owner: me", "# \\x54apper-Owner: me\n" },
    { "  artemis-x: y", "#   \\x61rtemis-x: y\n" },
    { "Test-Foo: 1", "# \\x54est-Foo: 1\n" },
    { "Subtest: x", "# \\x53ubtest: x\n" },
    { "a\n\nb\n", "# a\n#\n# b\n" },
    { "tab\there", "# tab\\x09here\n" },
    { "\tTapper-Owner: me", "# \\x09Tapper-Owner: me\n" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);

      cvm_tap_writer_comment (writer, rows[i][0]);
      g_assert_cmpstr (out->str, ==, rows[i][1]);
    }
}

static char *
random_text (void)
{
  static const char * const pieces[] = {
    "a", "Z", "7", " ", "#", "\\", "{", "}", "- ", "\n", "\r", "\t", "\x7f", "\x01", "\xff", "\xc3\xa4",
    "\xf0\x9f\x98\x80", "# TODO", "# SKIP x", "ok 1", "\nnot ok 2", "\nBail out!", "...", "\n  ...\n",
    "---", "\"", "'", ":", "|", ">", "~", "*", "&", "%", "1..2", "Tapper-Owner: x", "\xe2\x80\xa8",
    "\xef\xbb\xbf", "\v", "\xc2\x85", "\xed\xa0\x80",
  };
  GString *text = g_string_new (NULL);

  for (int i = g_test_rand_int_range (0, 9); i > 0; i--)
    g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);

  return g_string_free (text, FALSE);
}

/* The text as a reader shall see it: ends trimmed, what is not printable ASCII by number. */
static char *
shown (const char *text)
{
  GString *plain = g_string_new (NULL);
  gsize len;

  text += strspn (text, " \t\n\v\f\r");
  len = strlen (text);
  while (len > 0 && strchr (" \t\n\v\f\r", text[len - 1]) != NULL)
    len--;

  for (gsize i = 0; i < len; i++)
    {
      if (!g_ascii_isprint (text[i]) || (text[i] == '{' && i + 1 == len))
        g_string_append_printf (plain, "\\x%02x", (guchar)text[i]);
      else
        g_string_append_c (plain, text[i]);
    }

  return g_string_free (plain, FALSE);
}

static void
assert_ascii (const GString *out)
{
  for (gsize i = 0; i < out->len; i++)
    g_assert_true (out->str[i] == '\n' || g_ascii_isprint (out->str[i]));
}

static CvmTapTree *
read_back (const GString *out)
{
  CvmTapTree *tree = cvm_tap_tree_new (G_MAXSIZE);

  assert_ascii (out);
  cvm_tap_tree_feed (tree, out->str, out->len);
  cvm_tap_tree_end (tree);

  return tree;
}

static void
assert_text (const char *text,
             gsize       len,
             const char *written)
{
  g_autofree char *back = cvm_tap_text_dup (text, len);
  g_autofree char *expected = shown (written);

  g_assert_cmpstr (back, ==, expected);
}

static void
test_points (void)
{
  for (guint round = 0; round < 5000; round++)
    {
      g_autofree char *description = random_text ();
      g_autofree char *reason = random_text ();
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);
      g_autoptr(CvmTapTree) tree = NULL;
      gboolean ok = g_test_rand_bit ();
      guint number = g_test_rand_int_range (0, 3);
      CvmTapDirective directive = g_test_rand_int_range (CVM_TAP_NO_DIRECTIVE, CVM_TAP_TODO + 1);
      CvmTapLine line;

      cvm_tap_writer_point (writer, ok, number, description, directive, reason);
      tree = read_back (out);
      g_assert_cmpint (cvm_tap_node_kind (tree, 0), ==, CVM_TAP_EVENT_POINT);
      g_assert_cmpuint (cvm_tap_tree_next (tree, 0), ==, CVM_TAP_NODE_NONE);

      line = cvm_tap_node_line (tree, 0);
      g_assert_cmpint (line.ok, ==, ok);
      g_assert_cmpuint (line.number, ==, number);
      g_assert_cmpint (line.directive, ==, directive);
      g_assert_false (line.buffered);
      assert_text (line.text, line.text_len, description);
      if (directive != CVM_TAP_NO_DIRECTIVE)
        assert_text (line.reason, line.reason_len, reason);
    }
}

/* No text makes more of a line than what it is written as. */
static void
test_other_lines (void)
{
  for (guint round = 0; round < 3000; round++)
    {
      g_autofree char *text = random_text ();
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);
      g_autoptr(CvmTapTree) tree = NULL;
      const CvmTapNumbers *numbers;

      cvm_tap_writer_version (writer, 13);
      cvm_tap_writer_plan (writer, 1, NULL);
      cvm_tap_writer_comment (writer, text);
      cvm_tap_writer_header (writer, "Tapper-Machine-Name", text);
      cvm_tap_writer_subtest_begin (writer, text);
      cvm_tap_writer_plan (writer, 0, text);
      cvm_tap_writer_subtest_end (writer);
      cvm_tap_writer_point (writer, TRUE, 1, text, CVM_TAP_NO_DIRECTIVE, NULL);
      tree = read_back (out);
      numbers = cvm_tap_tree_get_numbers (tree);
      g_assert_cmpint (numbers->word, ==, CVM_TAP_PASS);
      g_assert_cmpuint (numbers->run, ==, 1);
      g_assert_cmpuint (numbers->subtest_run, ==, 0);
      for (CvmTapNode node = 0; node != CVM_TAP_NODE_NONE; node = cvm_tap_tree_next (tree, node))
        g_assert_cmpint (cvm_tap_node_kind (tree, node), !=, CVM_TAP_EVENT_TEXT);
    }
}

static void
test_bail_out (void)
{
  for (guint round = 0; round < 500; round++)
    {
      g_autofree char *reason = random_text ();
      g_autofree char *expected = shown (reason);
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);
      g_autoptr(CvmTapTree) tree = NULL;

      cvm_tap_writer_bail_out (writer, reason);
      tree = read_back (out);
      g_assert_cmpstr (cvm_tap_tree_get_numbers (tree)->bailout, ==, expected);
    }
}

/* UTF-8 comes back as it was; bytes that are none by number. */
static char *
shown_in_yaml (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *p = text, *end; *p != '\0'; p = end)
    {
      if (g_utf8_validate_len (p, strlen (p), &end) || end > p)
        {
          g_string_append_len (plain, p, end - p);
          continue;
        }
      g_string_append_printf (plain, "\\x%02x", (guchar)*p);
      end = p + 1;
    }

  return g_string_free (plain, FALSE);
}

static void
assert_member (const CvmTapValue *map,
               const char        *key,
               const char        *written)
{
  const CvmTapValue *value = cvm_tap_value_get_member (map, key);
  g_autofree char *expected = shown_in_yaml (written);

  g_assert_nonnull (value);
  g_assert_cmpint (cvm_tap_value_get_type (value), ==, CVM_TAP_VALUE_STRING);
  g_assert_cmpstr (cvm_tap_value_get_text (value), ==, expected);
}

static void
assert_lines (const CvmTapValue *map,
              const char        *written)
{
  const char *text = cvm_tap_value_get_text (cvm_tap_value_get_member (map, "lines"));
  g_autofree char *expected = shown_in_yaml (written);
  g_autofree char *ended = g_strconcat (expected, "\n", NULL);

  if (strcmp (text, expected) != 0)
    g_assert_cmpstr (text, ==, ended);
}

static void
test_yaml (void)
{
  for (guint round = 0; round < 5000; round++)
    {
      g_autofree char *text = random_text ();
      g_autofree char *random = random_text ();
      g_autofree char *key = g_strconcat ("k", random, NULL);
      g_autofree char *shown_key = shown_in_yaml (key);
      const char * const list[] = { text, key, NULL };
      g_autoptr(GString) out = g_string_new (NULL);
      g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);
      g_autoptr(CvmTapTree) tree = NULL;
      g_autoptr(CvmTapYaml) yaml = NULL;
      g_autoptr(GError) error = NULL;
      const CvmTapValue *root, *items;
      const char *block;
      gsize len;

      cvm_tap_writer_point (writer, TRUE, 1, NULL, CVM_TAP_NO_DIRECTIVE, NULL);
      cvm_tap_writer_yaml_begin (writer);
      cvm_tap_writer_yaml_string (writer, key, text);
      cvm_tap_writer_yaml_text (writer, "lines", text);
      cvm_tap_writer_yaml_list (writer, "list", list);
      cvm_tap_writer_yaml_end (writer);
      tree = read_back (out);
      g_assert_cmpuint (cvm_tap_tree_diagnostics (tree, 0), ==, 1);
      g_assert_cmpuint (cvm_tap_tree_next (tree, 1), ==, CVM_TAP_NODE_NONE);

      block = cvm_tap_node_text (tree, 1, &len);
      yaml = cvm_tap_yaml_parse (block, len, &error);
      g_assert_no_error (error);
      root = cvm_tap_yaml_get_root (yaml);
      assert_member (root, shown_key, text);
      assert_lines (root, text);
      items = cvm_tap_value_get_member (root, "list");
      g_assert_cmpuint (cvm_tap_value_get_size (items), ==, 2);
      g_assert_cmpstr (cvm_tap_value_get_text (cvm_tap_value_get_item (items, 1)), ==, shown_key);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tap/writer/golden", test_golden);
  g_test_add_func ("/tap/writer/skip-all", test_skip_all);
  g_test_add_func ("/tap/writer/comments", test_comments);
  g_test_add_func ("/tap/writer/points", test_points);
  g_test_add_func ("/tap/writer/other-lines", test_other_lines);
  g_test_add_func ("/tap/writer/bail-out", test_bail_out);
  g_test_add_func ("/tap/writer/yaml", test_yaml);

  return g_test_run ();
}
