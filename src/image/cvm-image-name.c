/* cvm-image-name.c: what an image of the store may be called
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-store.h"

#include <string.h>

#define MAX_NAME 100

static gboolean
is_fit (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("._+-", c) != NULL);
}

gboolean
cvm_image_store_is_name (const char *name)
{
  gsize len = strlen (name);

  for (gsize i = 0; i < len; i++)
    {
      if (!is_fit (name[i]))
        return FALSE;
    }

  return len > 0 && len <= MAX_NAME && g_ascii_isalnum (name[0]);
}

char *
cvm_image_store_make_name (const char *text)
{
  GString *name = g_string_new (NULL);

  for (const char *c = text; *c != '\0' && name->len < MAX_NAME; c++)
    {
      if (is_fit (*c) && (name->len > 0 || g_ascii_isalnum (*c)))
        g_string_append_c (name, *c);
      else if (name->len > 0 && name->str[name->len - 1] != '-')
        g_string_append_c (name, '-');
    }

  while (name->len > 0 && !g_ascii_isalnum (name->str[name->len - 1]))
    g_string_truncate (name, name->len - 1);

  if (name->len == 0)
    g_string_assign (name, "image");

  return g_string_free (name, FALSE);
}
