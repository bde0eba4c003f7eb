/* test-tap-yaml.c: values of diagnostics blocks, and what is refused
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-yaml.h"

#include <string.h>

static const struct
{
  const char      *name, *input;
  CvmTapValueType  type;
  const char      *text;
} scalars[] = {
  { "string",       "  --- hello", CVM_TAP_VALUE_STRING, "hello" },
  { "quoted",       "  --- \"12\"", CVM_TAP_VALUE_STRING, "12" },
  { "int",          "  --- -12", CVM_TAP_VALUE_INT, "-12" },
  { "int-plus",     "  --- +12", CVM_TAP_VALUE_INT, "+12" },
  { "int-huge",     "  --- 123456789012345678901", CVM_TAP_VALUE_DOUBLE, "123456789012345678901" },
  { "double",       "  --- 1.5e3", CVM_TAP_VALUE_DOUBLE, "1.5e3" },
  { "version",      "  --- 1.2.3", CVM_TAP_VALUE_STRING, "1.2.3" },
  { "hex",          "  --- 0x1p3", CVM_TAP_VALUE_STRING, "0x1p3" },
  { "date",         "  --- 2026-11-21", CVM_TAP_VALUE_STRING, "2026-11-21" },
  { "minus",        "  --- '-'", CVM_TAP_VALUE_STRING, "-" },
  { "true",         "  --- True", CVM_TAP_VALUE_BOOLEAN, "True" },
  { "yes",          "  --- yes", CVM_TAP_VALUE_STRING, "yes" },
  { "null",         "  --- ~", CVM_TAP_VALUE_NULL, "~" },
  { "nothing",      "  ---\n  ...\n", CVM_TAP_VALUE_NULL, "" },
  { "block",        "    --- |\n     a\n       b\n    ...\n", CVM_TAP_VALUE_STRING, "a\n  b\n" },
  { "no-marker",    "  word\n", CVM_TAP_VALUE_STRING, "word" },
  { "tagged",       "  --- !!str 5\n", CVM_TAP_VALUE_STRING, "5" },
};

static CvmTapYaml *
parse (const char  *input,
       GError     **error)
{
  return cvm_tap_yaml_parse (input, strlen (input), error);
}

static void
test_scalar (gconstpointer data)
{
  const typeof (scalars[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapYaml) yaml = parse (c->input, &error);
  const CvmTapValue *root;

  g_assert_no_error (error);
  root = cvm_tap_yaml_get_root (yaml);
  g_assert_cmpint (cvm_tap_value_get_type (root), ==, c->type);
  g_assert_cmpstr (cvm_tap_value_get_text (root), ==, c->text);
  g_assert_cmpuint (cvm_tap_value_get_size (root), ==, 0);
  g_assert_null (cvm_tap_value_get_member (root, "x"));
}

static void
test_nested (void)
{
  g_autoptr(CvmTapYaml) yaml = parse ("  ---\n"
                                      "  message: 'it failed'\n"
                                      "  got: 7\n"
                                      "  wanted: 8.5\n"
                                      "  fatal: false\n"
                                      "  at: &here {file: a.c, line: 3}\n"
                                      "  list:\n"
                                      "  - *here\n"
                                      "  - two\n"
                                      "  ...\n", NULL);
  const CvmTapValue *root = cvm_tap_yaml_get_root (yaml);
  const CvmTapValue *list = cvm_tap_value_get_member (root, "list");
  const CvmTapValue *at = cvm_tap_value_get_item (list, 0);

  g_assert_cmpint (cvm_tap_value_get_type (root), ==, CVM_TAP_VALUE_MAP);
  g_assert_cmpuint (cvm_tap_value_get_size (root), ==, 6);
  g_assert_cmpstr (cvm_tap_value_get_text (cvm_tap_value_get_key (root, 1)), ==, "got");
  g_assert_cmpint (cvm_tap_value_get_int (cvm_tap_value_get_member (root, "got")), ==, 7);
  g_assert_cmpfloat (cvm_tap_value_get_double (cvm_tap_value_get_member (root, "wanted")), ==, 8.5);
  g_assert_false (cvm_tap_value_get_boolean (cvm_tap_value_get_member (root, "fatal")));
  g_assert_cmpuint (cvm_tap_value_get_size (list), ==, 2);
  g_assert_true (at == cvm_tap_value_get_member (root, "at"));
  g_assert_cmpint (cvm_tap_value_get_int (cvm_tap_value_get_member (at, "line")), ==, 3);
}

static const struct
{
  const char      *name, *input;
  CvmTapYamlError  code;
} bad[] = {
  { "unclosed", "  ---\n  a: [1\n  ...\n", CVM_TAP_YAML_ERROR_SYNTAX },
  { "tab", "  ---\n  a:\n  \t- b\n  \tc\n", CVM_TAP_YAML_ERROR_SYNTAX },
  { "alias", "  ---\n  a: *nobody\n", CVM_TAP_YAML_ERROR_SYNTAX },
  { "alias-self", "  ---\n  a: &x [*x]\n", CVM_TAP_YAML_ERROR_SYNTAX },
  { "latin1", "  ---\n  a: caf\xe9\n", CVM_TAP_YAML_ERROR_SYNTAX },
  { "surrogate", "  ---\n  a: \"\\ud83d\"\n", CVM_TAP_YAML_ERROR_SYNTAX },
};

static void
test_bad (gconstpointer data)
{
  const typeof (bad[0]) *c = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (parse (c->input, &error));
  g_assert_error (error, CVM_TAP_YAML_ERROR, (int)c->code);
  g_assert_true (g_str_has_prefix (error->message, "line "));
}

static void
assert_refused (const char *input)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (parse (input, &error));
  g_assert_error (error, CVM_TAP_YAML_ERROR, CVM_TAP_YAML_ERROR_LIMIT);
}

static void
test_laughs (void)
{
  g_autoptr(GString) input = g_string_new ("  ---\n  a0: &a0 [lol, lol]\n");

  for (guint i = 1; i < 60; i++)
    g_string_append_printf (input, "  a%u: &a%u [*a%u, *a%u, *a%u]\n", i, i, i - 1, i - 1, i - 1);

  assert_refused (input->str);
}

static void
test_deep (void)
{
  g_autofree char *open = g_strnfill (CVM_TAP_YAML_DEPTH_MAX + 1, '[');
  g_autofree char *far = g_strnfill (1000 * 1000, '[');
  g_autofree char *near = g_strconcat ("--- ", open + 1, NULL);
  g_autoptr(GString) closed = g_string_new (near);

  assert_refused (open);
  assert_refused (far);
  for (guint i = 0; i < CVM_TAP_YAML_DEPTH_MAX; i++)
    g_string_append_c (closed, ']');
  cvm_tap_yaml_free (parse (closed->str, NULL));
}

static void
test_many (void)
{
  g_autoptr(GString) input = g_string_new ("---\n");

  for (guint i = 0; i <= CVM_TAP_YAML_VALUES_MAX; i++)
    g_string_append (input, "- 1\n");

  assert_refused (input->str);
}

static void
test_noise (void)
{
  static const char * const pieces[] = {
    "a", ": ", "\n", "\n  ", "- ", "[", "]", "{", "}", "&x ", "*x", "|", ">", "\"", "'", "\\", "#", "---",
    "...", "%", "!", "!!", "\t", "\xff", "?", ",", "~", "1", ".", "-",
  };

  for (guint round = 0; round < 5000; round++)
    {
      g_autoptr(GString) input = g_string_new ("  ---\n  ");
      g_autoptr(CvmTapYaml) yaml = NULL;
      g_autoptr(GError) error = NULL;

      for (int i = g_test_rand_int_range (0, 30); i > 0; i--)
        g_string_append (input, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);

      yaml = parse (input->str, &error);
      g_assert_true ((yaml == NULL) == (error != NULL));
      if (yaml != NULL)
        g_assert_nonnull (cvm_tap_yaml_get_root (yaml));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (scalars); i++)
    {
      g_autofree char *path = g_strconcat ("/tap/yaml/scalar/", scalars[i].name, NULL);

      g_test_add_data_func (path, &scalars[i], test_scalar);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/tap/yaml/bad/", bad[i].name, NULL);

      g_test_add_data_func (path, &bad[i], test_bad);
    }

  g_test_add_func ("/tap/yaml/nested", test_nested);
  g_test_add_func ("/tap/yaml/laughs", test_laughs);
  g_test_add_func ("/tap/yaml/deep", test_deep);
  g_test_add_func ("/tap/yaml/many", test_many);
  g_test_add_func ("/tap/yaml/noise", test_noise);

  return g_test_run ();
}
