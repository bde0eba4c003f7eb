/* test-tap-header.c: which comments are headers, and what they say
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-header.h"

#include <string.h>

static const struct
{
  const char *name, *line;
  const char *key, *value;   /* NULL: no header */
} cases[] = {
  { "plain", "# Tapper-Suite-Name: Tapper-Deployment", "suite-name", "Tapper-Deployment" },
  { "tight", "#tapper-suite-name:x", "suite-name", "x" },
  { "artemis", "# Artemis-Machine-Name: a", "machine-name", "a" },
  { "test", "# TEST-reportcomment: a: b # c", "reportcomment", "a: b # c" },
  { "blanks", "#\t Tapper-X_1:  a  b \t\r", "x_1", "a  b" },
  { "vertical-tab", "#\vTapper-X:\v y\f", "x", "y" },
  { "utf8", "# Tapper-Owner: \xc3\xbc", "owner", "\xc3\xbc" },
  { "no-utf8", "# Tapper-Owner: \xfc", "owner", "\xef\xbf\xbd" },
  { "section", "# Tapper-Section: one two", "section", "one two" },
  { "explicit", "# Tapper-explicit-section-start: x", "explicit-section-start", "x" },
  { "explicit-bare", "# Tapper-explicit-section-start:", "explicit-section-start", "" },
  { "empty", "# Tapper-Suite-Name:", NULL },
  { "blank", "# Tapper-Suite-Name:  \t", NULL },
  { "indented", "  # Tapper-Suite-Name: x", NULL },
  { "no-colon", "# Tapper-Suite-Name x", NULL },
  { "blank-in-key", "# Tapper-Suite Name: x", NULL },
  { "late-colon", "# Tapper-Suite-Name : x", NULL },
  { "no-key", "# Tapper-: x", NULL },
  { "other", "# Tap-Name: x", NULL },
  { "two-hashes", "## Tapper-X: y", NULL },
  { "not-first", "# see Tapper-X: y", NULL },
  { "key-utf8", "# Tapper-\xc3\xbc: y", NULL },
  { "hash", "#", NULL },
  { "nothing", "", NULL },
};

static void
test_header (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  gsize len = strlen (c->line);
  g_autofree char *exact = g_memdup2 (c->line, len);
  g_autoptr(CvmTapHeaders) headers = cvm_tap_headers_new ();
  CvmTapHeader header;

  g_assert_cmpint (cvm_tap_header_parse (exact, len, &header), ==, c->key != NULL);
  if (c->key == NULL)
    return;

  g_assert_true (cvm_tap_header_is (&header, c->key));
  g_assert_false (cvm_tap_header_is (&header, "other"));
  cvm_tap_headers_set (headers, &header);
  g_assert_cmpstr (cvm_tap_headers_get_key (headers, 0), ==, c->key);
  g_assert_cmpstr (cvm_tap_headers_get_value (headers, 0), ==, c->value);
}

/* The byte behind a line is not ours. */
static void
test_cut_anywhere (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (gsize len = 0; len < strlen (cases[i].line); len++)
        {
          g_autofree char *exact = g_memdup2 (cases[i].line, len);
          CvmTapHeader header;

          if (cvm_tap_header_parse (exact, len, &header))
            g_assert_true (header.value + header.value_len <= exact + len);
        }
    }
}

static void
set (CvmTapHeaders *headers,
     const char    *line)
{
  CvmTapHeader header;

  g_assert_true (cvm_tap_header_parse (line, strlen (line), &header));
  cvm_tap_headers_set (headers, &header);
}

static void
test_set (void)
{
  g_autoptr(CvmTapHeaders) headers = cvm_tap_headers_new ();
  gsize bytes;

  g_assert_cmpuint (cvm_tap_headers_get_bytes (headers), ==, 0);
  set (headers, "# Tapper-Suite-Name: first");
  set (headers, "# Tapper-Owner: me");
  bytes = cvm_tap_headers_get_bytes (headers);
  set (headers, "# Artemis-SUITE-name: last");

  g_assert_cmpuint (cvm_tap_headers_get_n (headers), ==, 2);
  g_assert_cmpuint (cvm_tap_headers_get_bytes (headers), ==, bytes - 1);
  g_assert_cmpstr (cvm_tap_headers_get_key (headers, 0), ==, "suite-name");
  g_assert_cmpstr (cvm_tap_headers_get_value (headers, 0), ==, "last");
  g_assert_cmpstr (cvm_tap_headers_lookup (headers, "owner"), ==, "me");
  g_assert_null (cvm_tap_headers_lookup (headers, "nothing"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/tap/header/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_header);
    }

  g_test_add_func ("/tap/header/cut-anywhere", test_cut_anywhere);
  g_test_add_func ("/tap/header/set", test_set);

  return g_test_run ();
}
