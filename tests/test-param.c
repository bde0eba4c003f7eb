/* test-param.c: values of every type, allowed and not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-param.h"

#include <string.h>

static const CvmParam table[] = {
  { "text", CVM_PARAM_STRING, "", "Any text" },
  { "number", CVM_PARAM_INTEGER, "1", "Any number" },
  { "port", CVM_PARAM_INTEGER, "80", "A number within limits", 1, 65535 },
  { "memory", CVM_PARAM_INTEGER, "0", "A number of steps", 0, 4096, .step = 4 },
  { "user", CVM_PARAM_STRING, "alice", "A form", .form = "[a-z]+", .form_help = "small letters only" },
  { "force", CVM_PARAM_BOOLEAN, "false", "Yes or no" },
  { "limit", CVM_PARAM_DURATION, "30s", "A time" },
  { "pattern", CVM_PARAM_PATTERN, "", "What must match" },
  { "from", CVM_PARAM_CHOICE, "boot", "Where to begin", .choices = "boot;now" },
  { "mask", CVM_PARAM_FILE, "", "A file" },
  { "argv", CVM_PARAM_ARGV, NULL, "A program" },
  { "password", CVM_PARAM_PASSWORD, "", "A password" },
  { "needed", CVM_PARAM_PASSWORD, "generated", "A password" },
  { NULL }
};

/* MESSAGE NULL: allowed */
static const struct { const char *param, *value, *message; } values[] = {
  { "text", "", NULL },
  { "text", "anything; at\nall", NULL },
  { "text", "caf\xe9", "text is * allowed: UTF-8" },
  { "number", "-9223372036854775808", NULL },
  { "number", "9223372036854775808", "number is * allowed: a whole number" },
  { "number", "", "number is ''; allowed: a whole number" },
  { "number", "1.5", "*" },
  { "number", "0x10", "*" },
  { "number", " 1", "*" },
  { "number", "1 ", "*" },
  { "number", "+1", "*" },
  { "port", "1", NULL },
  { "port", "65535", NULL },
  { "port", "0", "port is '0'; allowed: 1 to 65535" },
  { "port", "65536", "*1 to 65535" },
  { "port", "-1", "*1 to 65535" },
  { "port", "http", "port is 'http'; allowed: 1 to 65535" },
  { "memory", "4096", NULL },
  { "memory", "0", NULL },
  { "memory", "4097", "memory is '4097'; allowed: 0 to 4096, a multiple of 4" },
  { "memory", "4098", "*a multiple of 4" },
  { "memory", "1022", "*a multiple of 4" },
  { "user", "bob", NULL },
  { "user", "", "user is ''; allowed: small letters only" },
  { "user", "bob\n", "*small letters only" },
  { "user", "bob1", "*small letters only" },
  { "force", "true", NULL },
  { "force", "false", NULL },
  { "force", "yes", "force is 'yes'; allowed: true, false" },
  { "force", "True", "*" },
  { "limit", "0", NULL },
  { "limit", "168h", NULL },
  { "limit", "169h", "*a week" },
  { "limit", "soon", "limit is 'soon'; allowed: seconds, or a number with s, m or h*" },
  { "pattern", "", NULL },
  { "pattern", "^a|b$", NULL },
  { "pattern", "(", "pattern is '('; allowed: a regular expression (*" },
  { "from", "boot", NULL },
  { "from", "now", NULL },
  { "from", "boot;now", "from is 'boot;now'; allowed: boot, now" },
  { "from", "", "*" },
  { "mask", "x/y", NULL },
  { "argv", "prove;-v", NULL },
  { "argv", "", "argv is ''; allowed: a program and its arguments*" },
  { "argv", ";x", "*" },
  { "password", "", NULL },
  { "password", "generated", NULL },
  { "password", "image", NULL },
  { "password", "image-web", NULL },
  { "password", "file:secret", NULL },
  { "password", "keyring:admin", NULL },
  { "password", "prompt", NULL },
  { "password", "file:", "*allowed: generated, image, image-web, prompt, file:PATH*" },
  { "password", "keyring:", "*" },
  { "password", "Sesame1", "password says where a password comes from*" },
  { "needed", "", "*allowed: generated*" },
};

static void
test_values (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      const CvmParam *param = cvm_param_find (table, values[i].param);
      g_autoptr(GError) error = NULL;
      gboolean is_valid = cvm_param_validate (param, values[i].value, &error);

      if (values[i].message == NULL)
        g_assert_no_error (error);
      else if (error == NULL || !g_pattern_match_simple (values[i].message, error->message))
        g_error ("%s=%s: %s", values[i].param, values[i].value, error ? error->message : "allowed");

      g_assert_true (is_valid == (values[i].message == NULL));
    }
}

/* A regular expression that a stranger wrote must not take the program down. */
static void
test_hostile_pattern (void)
{
  const CvmParam *param = cvm_param_find (table, "pattern");
  g_autofree char *open = g_strnfill (100000, '(');
  g_autofree char *deep = g_strnfill (4000, '(');
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_param_validate (param, open, &error));
  g_assert_cmpuint (strlen (error->message), <, 300);
  g_assert_false (cvm_param_validate (param, deep, NULL));
}

static const struct { const char *text; gint64 ms; } durations[] = {
  { "0", 0 }, { "30", 30000 }, { "30s", 30000 }, { "5m", 300000 }, { "1h", 3600000 },
  { "604800", 604800000 }, { "604801", -1 }, { "", -1 }, { "s", -1 }, { "-1", -1 }, { "+1", -1 },
  { " 1", -1 }, { "1 s", -1 }, { "1s ", -1 }, { "1d", -1 }, { "1ms", -1 }, { "1.5m", -1 },
  { "99999999999999999999h", -1 },
};

static void
test_durations (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      gint64 ms = -1;
      gboolean is_valid = cvm_param_parse_duration (durations[i].text, &ms);

      g_assert_true (is_valid == (durations[i].ms >= 0));
      if (is_valid)
        g_assert_cmpint (ms, ==, durations[i].ms);
    }
}

static void
test_table (void)
{
  g_assert_true (cvm_param_find (table, "port") == &table[2]);
  g_assert_null (cvm_param_find (table, "ports"));
  g_assert_null (cvm_param_find (NULL, "port"));
  g_assert_cmpstr (cvm_param_type_name (CVM_PARAM_STRING), ==, "string");
  g_assert_cmpstr (cvm_param_type_name (CVM_PARAM_ARGV), ==, "argv");
}

static void
test_list (void)
{
  g_auto(GStrv) list = cvm_param_parse_list ("sh;-c;a\\;b\\\\");

  g_assert_cmpuint (g_strv_length (list), ==, 3);
  g_assert_cmpstr (list[2], ==, "a;b\\");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/param/values", test_values);
  g_test_add_func ("/param/hostile-pattern", test_hostile_pattern);
  g_test_add_func ("/param/durations", test_durations);
  g_test_add_func ("/param/table", test_table);
  g_test_add_func ("/param/list", test_list);

  return g_test_run ();
}
