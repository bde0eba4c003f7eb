/* test-json.c: what becomes a node, what is refused, and that neither ends the program
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-json.h"

#include <gio/gio.h>
#include <string.h>

#define LIMIT 1000000

/* What goes in, and the line that comes out; NULL: refused */
static const struct { const char *name, *text, *line; } texts[] = {
  { "object", " {\"a\": 1,\n \"b\": [true, null, -2.5]} \n", "{\"a\":1,\"b\":[true,null,-2.5]}" },
  { "array", "[]", "[]" },
  { "string", "[\"x\\ny\\u00e9\"]", "[\"x\\ny\xc3\xa9\"]" },
  { "pair", "[\"\\ud83d\\ude00\"]", "[\"\xf0\x9f\x98\x80\"]" },
  { "brackets-in-string", "[\"]}[[\\\"[\"]", "[\"]}[[\\\"[\"]" },
  { "big-integer", "[9223372036854775807]", "[9223372036854775807]" },
  { "number", "42", NULL },
  { "literal", "true", NULL },
  { "lone-string", "\"x\"", NULL },
  { "empty", "", NULL },
  { "space", " \n", NULL },
  { "open", "[", NULL },
  { "half-open", "{\"a\":1", NULL },
  { "close", "]", NULL },
  { "crossed", "[}", NULL },
  { "two-values", "{} {}", NULL },
  { "two-strings", "\"a\" \"b\"", NULL },
  { "two-numbers", "1 2", NULL },
  { "number-object", "1 {}", NULL },
  { "comment", "/* \" */ [1]", NULL },
  { "line-comment", "// x\n[1]", NULL },
  { "hash-comment", "# x\n[1]", NULL },
  { "assignment", "var a = [1];", NULL },
  { "single-quotes", "['a']", NULL },
  { "trailing-comma", "[1,]", NULL },
  { "no-comma", "[1 2]", NULL },
  { "bare-word", "hello", NULL },
  { "bare-key", "{a:1}", NULL },
  { "open-string", "[\"a", NULL },
  { "raw-newline", "[\"a\nb\"]", NULL },
  { "raw-control", "[\"a\001b\"]", NULL },
  { "bad-escape", "[\"\\x41\"]", NULL },
  { "last-backslash", "[\"\\", NULL },
  { "short-unicode", "[\"\\u12\"]", NULL },
  { "lone-high", "[\"\\ud800\"]", NULL },
  { "lone-low", "[\"\\udc00\"]", NULL },
  { "high-high", "[\"\\ud800\\ud800\"]", NULL },
  { "high-escape", "[\"\\ud800\\u0041\"]", NULL },
  { "high-text", "[\"\\ud800xx\"]", NULL },
  { "latin-1", "[\"caf\xe9\"]", NULL },
  { "bom", "\xef\xbb\xbf[]", NULL },
};

static void
test_text (gconstpointer data)
{
  const typeof (texts[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = cvm_json_parse (c->text, strlen (c->text), LIMIT, &error);
  g_autofree char *line = node != NULL ? cvm_json_to_line (node) : NULL;

  g_assert_cmpstr (line, ==, c->line);
  g_assert_true ((error == NULL) == (c->line != NULL));
}

static char *
nest (guint depth)
{
  g_autofree char *open = g_strnfill (depth, '[');
  g_autofree char *close = g_strnfill (depth, ']');

  return g_strconcat (open, close, NULL);
}

static void
test_depth (void)
{
  g_autofree char *good = nest (CVM_JSON_MAX_DEPTH);
  g_autofree char *bad = nest (CVM_JSON_MAX_DEPTH + 1);
  g_autofree char *huge = g_strnfill (2 * LIMIT, '[');
  g_autoptr(JsonNode) node = cvm_json_parse (good, strlen (good), LIMIT, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (node);
  g_assert_null (cvm_json_parse (bad, strlen (bad), LIMIT, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_clear_error (&error);
  g_assert_null (cvm_json_parse (huge, 2 * LIMIT, 4 * LIMIT, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_size (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = cvm_json_parse ("[1]   x", 3, 3, NULL);     /* reads no further */

  g_assert_nonnull (node);
  g_assert_null (cvm_json_parse ("[1] ", 4, 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (cvm_json_parse ("[\0]", 3, 3, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_members (void)
{
  const char *text = "{\"s\":\"x\",\"i\":7,\"d\":7.5,\"b\":true,\"o\":{\"i\":8},\"n\":null,\"a\":[1]}";
  static const char *const names[] = { "s", "i", "d", "b", "o", "n", "a", "missing" };
  g_autoptr(JsonNode) node = cvm_json_parse (text, strlen (text), LIMIT, NULL);
  JsonObject *object = json_node_get_object (node);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *name = names[i];

      g_assert_cmpstr (cvm_json_string (object, name, "no"), ==, *name == 's' ? "x" : "no");
      g_assert_cmpint (cvm_json_int (object, name, -1), ==, *name == 'i' ? 7 : -1);
      g_assert_cmpint (cvm_json_boolean (object, name, FALSE), ==, *name == 'b');
      g_assert_true ((cvm_json_object (object, name) != NULL) == (*name == 'o'));
    }

  g_assert_cmpint (cvm_json_int (cvm_json_object (object, "o"), "i", 0), ==, 8);
  g_assert_cmpint (cvm_json_int (NULL, "i", 3), ==, 3);
  g_assert_null (cvm_json_object (NULL, "o"));
}

/* A line is one line, and what it says is read back. */
static void
test_line (void)
{
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autoptr(JsonNode) again = NULL;
  g_autofree char *line = NULL;
  g_autofree char *pretty = NULL;
  JsonObject *object = json_object_new ();

  json_node_init_object (node, object);
  json_object_set_string_member (object, "s", "a\n\t\"\\\001\x7f\xe2\x80\xa8");
  line = cvm_json_to_line (node);
  pretty = cvm_json_to_pretty (node);
  again = cvm_json_parse (line, strlen (line), LIMIT, NULL);

  g_assert_null (strchr (line, '\n'));
  g_assert_nonnull (strchr (pretty, '\n'));
  g_assert_true (json_node_equal (node, again));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *path = g_strdup_printf ("/json/text/%s", texts[i].name);

      g_test_add_data_func (path, &texts[i], test_text);
    }

  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/size", test_size);
  g_test_add_func ("/json/members", test_members);
  g_test_add_func ("/json/line", test_line);

  return g_test_run ();
}
