/* cvm-catalogue-version.c: which version is newer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue.h"

#include <string.h>

/* The length of the digits, or the letters, that TEXT begins with */
static gsize
span (const char *text)
{
  gboolean is_number = g_ascii_isdigit (text[0]);
  gsize n = 0;

  while (is_number ? g_ascii_isdigit (text[n]) : g_ascii_isalpha (text[n]))
    n++;

  return n;
}

static const char *
skip_separators (const char *text)
{
  while (*text != '\0' && !g_ascii_isalnum (*text))
    text++;

  return text;
}

/* A number of any length: more digits are more, zeros before it nothing */
static int
compare_numbers (const char *a,
                 gsize       a_len,
                 const char *b,
                 gsize       b_len)
{
  while (a_len > 0 && *a == '0')
    {
      a++;
      a_len--;
    }
  while (b_len > 0 && *b == '0')
    {
      b++;
      b_len--;
    }

  if (a_len != b_len)
    return a_len > b_len ? 1 : -1;

  return memcmp (a, b, a_len);
}

/* What a part of a version that the other does not have makes of it: 2.5rc1 is before 2.5, which
 * is before 2.5.1 and 2.5a */
static int
weight (const char *part)
{
  static const char *const before[] = { "rc", "beta", "alpha", "pre", "dev" };

  if (*part == '\0')
    return 1;

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    {
      if (g_ascii_strncasecmp (part, before[i], strlen (before[i])) == 0)
        return 0;
    }

  return g_ascii_isdigit (*part) ? 3 : 2;
}

static int
compare_parts (const char *a,
               gsize       a_len,
               const char *b,
               gsize       b_len)
{
  int order;

  if (weight (a) != weight (b))
    return weight (a) - weight (b);

  if (g_ascii_isdigit (*a))
    return compare_numbers (a, a_len, b, b_len);

  order = g_ascii_strncasecmp (a, b, MIN (a_len, b_len));

  return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

int
cvm_catalogue_compare_versions (const char *a,
                                const char *b)
{
  if (a == NULL || b == NULL)
    return (a != NULL) - (b != NULL);

  a = skip_separators (a);
  b = skip_separators (b);

  while (*a != '\0' || *b != '\0')
    {
      gsize a_len = span (a);
      gsize b_len = span (b);
      int order = compare_parts (a, a_len, b, b_len);

      if (order != 0)
        return order;

      a = skip_separators (a + a_len);
      b = skip_separators (b + b_len);
    }

  return 0;
}
