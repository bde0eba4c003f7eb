/* cvm-keyfile-text.c: how values and lists are written in a key file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-keyfile-private.h"

#include <string.h>

char
cvm_keyfile_unescape (char letter)
{
  static const char letters[] = "sntr\\;", meant[] = " \n\t\r\\;";
  const char *found = letter != '\0' ? strchr (letters, letter) : NULL;

  return found != NULL ? meant[found - letters] : '\0';
}

void
cvm_keyfile_append_unescaped (GString    *text,
                              const char *raw,
                              gsize       len)
{
  for (gsize i = 0; i < len; i++)
    {
      char meant = raw[i] == '\\' && i + 1 < len ? cvm_keyfile_unescape (raw[i + 1]) : '\0';

      g_string_append_c (text, meant != '\0' ? meant : raw[i]);
      i += meant != '\0';
    }
}

/* The length of the first item, which ends at a ';' that is not escaped, or at the end */
static gsize
measure_item (const char *raw)
{
  gsize len = 0;

  while (raw[len] != '\0' && raw[len] != ';')
    len += raw[len] == '\\' && raw[len + 1] != '\0' ? 2 : 1;

  return len;
}

char **
cvm_keyfile_split_text (const char *raw)
{
  GPtrArray *items = g_ptr_array_new ();

  while (*raw != '\0')
    {
      gsize len = measure_item (raw);
      GString *item = g_string_new (NULL);

      cvm_keyfile_append_unescaped (item, raw, len);
      g_ptr_array_add (items, g_string_free (item, FALSE));
      raw += len + (raw[len] == ';');
    }

  g_ptr_array_add (items, NULL);

  return (char **)g_ptr_array_free (items, FALSE);
}

char *
cvm_keyfile_escape (const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  GString *text = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean is_edge = at == valid || at[1] == '\0';

      if (c == '\\')
        g_string_append (text, "\\\\");
      else if (c == '\n')
        g_string_append (text, "\\n");
      else if (c == '\r')
        g_string_append (text, "\\r");
      else if (c == '\t')
        g_string_append (text, "\\t");
      else if (c == ' ' && is_edge)
        g_string_append (text, "\\s");
      else
        g_string_append_unichar (text, g_unichar_iscntrl (c) ? 0xfffd : c);
    }

  return g_string_free (text, FALSE);
}

char *
cvm_keyfile_join (const char *const *items)
{
  GString *raw = g_string_new (NULL);

  for (gsize i = 0; items[i] != NULL; i++)
    {
      g_autoptr(GString) item = g_string_new (NULL);
      g_autofree char *escaped = cvm_keyfile_escape (items[i]);

      g_string_assign (item, escaped);
      g_string_replace (item, ";", "\\;", 0);
      g_string_append_printf (raw, "%s;", item->str);
    }

  return g_string_free (raw, FALSE);
}
