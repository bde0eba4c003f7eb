/* cvm-channel-keys.c: which keys of a US keyboard make a character
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-channel-keys.h"

#include <string.h>

#define KEYSYM_RETURN 0xff0d

/* Neighbours on the keyboard have neighbouring codes. */
static const struct
{
  guint16     first_keycode;
  const char *plain;
  const char *shifted;
} rows[] = {
  { 0x02, "1234567890-=", "!@#$%^&*()_+" },
  { 0x10, "qwertyuiop[]\n", "QWERTYUIOP{}" },
  { 0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~" },
  { 0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?" },
  { 0x39, " ", "" },
};

gboolean
cvm_channel_key_find (char           c,
                      CvmChannelKey *key)
{
  for (gsize i = 0; c != '\0' && i < G_N_ELEMENTS (rows); i++)
    {
      const char *plain = strchr (rows[i].plain, c);
      const char *shifted = strchr (rows[i].shifted, c);

      if (plain == NULL && shifted == NULL)
        continue;

      key->keysym = c == '\n' ? KEYSYM_RETURN : (guint32)c;
      key->is_shifted = plain == NULL;
      key->keycode = rows[i].first_keycode +
                     (key->is_shifted ? shifted - rows[i].shifted : plain - rows[i].plain);
      return TRUE;
    }

  return FALSE;
}
