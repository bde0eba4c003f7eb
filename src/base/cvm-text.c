/* cvm-text.c: text of unknown origin, made fit for a message
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-text.h"

#include <string.h>

#define MAX_SHOWN 60
#define MAX_WORD  64

char *
cvm_text_quote (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, strnlen (text, MAX_SHOWN * 6 + 1));
  GString *shown = g_string_new ("'");
  const char *at = valid;

  for (guint i = 0; i < MAX_SHOWN && *at != '\0'; i++, at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\n')
        g_string_append (shown, "\\n");
      else if (c == '\t')
        g_string_append (shown, "\\t");
      else if (g_unichar_isprint (c))
        g_string_append_unichar (shown, c);
      else
        g_string_append_printf (shown, "\\x%02x", c);
    }

  g_string_append (shown, *at != '\0' ? "…'" : "'");

  return g_string_free (shown, FALSE);
}

/* How many letters must be inserted, removed, replaced or swapped with the next to make A of B;
 * letters of either case are alike. Both are at most MAX_WORD long. */
static guint
distance (const char *a,
          const char *b)
{
  guint8 d[MAX_WORD + 1][MAX_WORD + 1];
  gsize a_len = strlen (a), b_len = strlen (b);

  for (gsize i = 0; i <= a_len; i++)
    d[i][0] = i;
  for (gsize j = 0; j <= b_len; j++)
    d[0][j] = j;

  for (gsize i = 1; i <= a_len; i++)
    {
      for (gsize j = 1; j <= b_len; j++)
        {
          gboolean is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
          guint cost = g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1]);

          d[i][j] = MIN (d[i - 1][j - 1] + cost, 1u + MIN (d[i - 1][j], d[i][j - 1]));
          if (is_swap)
            d[i][j] = MIN (d[i][j], d[i - 2][j - 2] + 1);
        }
    }

  return d[a_len][b_len];
}

const char *
cvm_text_nearest (const char        *name,
                  const char *const *words)
{
  const char *nearest = NULL;
  guint best = 1 + MAX (strnlen (name, MAX_WORD) / 3, 1);

  if (strnlen (name, MAX_WORD + 1) > MAX_WORD)
    return NULL;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      guint far = strlen (words[i]) <= MAX_WORD ? distance (name, words[i]) : G_MAXUINT;

      if (far < best)
        {
          best = far;
          nearest = words[i];
        }
    }

  return nearest;
}
