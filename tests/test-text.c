/* test-text.c: text of unknown origin, made fit for a message
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-text.h"

#include <string.h>

static const struct { const char *text, *shown; } quotes[] = {
  { "", "''" },
  { "a b", "'a b'" },
  { "caf\xc3\xa9", "'caf\xc3\xa9'" },
  { "a\nb\tc", "'a\\nb\\tc'" },
  { "\033[2J", "'\\x1b[2J'" },
  { "\xc2\x9b", "'\\x9b'" },
  { "a\xe9", "'a\xef\xbf\xbd'" },
};

static void
test_quote (void)
{
  g_autofree char *just = g_strnfill (60, 'x');
  g_autofree char *more = g_strnfill (100000, 'x');
  g_autofree char *shown_just = cvm_text_quote (just);
  g_autofree char *shown_more = cvm_text_quote (more);

  for (gsize i = 0; i < G_N_ELEMENTS (quotes); i++)
    {
      g_autofree char *shown = cvm_text_quote (quotes[i].text);

      g_assert_cmpstr (shown, ==, quotes[i].shown);
    }

  g_assert_cmpuint (strlen (shown_just), ==, 62);
  g_assert_true (g_str_has_suffix (shown_more, "x…'"));
  g_assert_cmpint (g_utf8_strlen (shown_more, -1), ==, 63);
}

static void
test_nearest (void)
{
  static const char *const words[] = { "command", "status", "output", "user", "a", NULL };
  static const char *const none[] = { NULL };
  g_autofree char *huge = g_strnfill (100000, 'x');

  g_assert_cmpstr (cvm_text_nearest ("comand", words), ==, "command");
  g_assert_cmpstr (cvm_text_nearest ("Command", words), ==, "command");
  g_assert_cmpstr (cvm_text_nearest ("users", words), ==, "user");
  g_assert_cmpstr (cvm_text_nearest ("stauts", words), ==, "status");
  g_assert_null (cvm_text_nearest ("pattern", words));
  g_assert_null (cvm_text_nearest ("command", none));
  g_assert_null (cvm_text_nearest (huge, words));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/quote", test_quote);
  g_test_add_func ("/text/nearest", test_nearest);

  return g_test_run ();
}
