/* cvm-tapper-greeting.c: the line by which a Tapper receiver tells a report's id
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-greeting.h"

#include <string.h>

#define ID_MARK "::Reports::Receiver. Protocol is TAP. Your report id: "

/**
 * cvm_tapper_greeting_read:
 * @line: as received, with or without its line end
 * @len: bytes of it
 * @id: set to the report's id, which is never 0
 *
 * Reads the greeting as tapper-autoreport does: whatever the project before `::Reports` is called
 * ("Tapper", in servers before 2011 "Artemis"), the id is the digits at the end.
 *
 * Returns: %FALSE if this is no greeting
 */
gboolean
cvm_tapper_greeting_read (const char *line,
                          gsize       len,
                          guint64    *id)
{
  const char *mark = len > 0 ? memmem (line, len, ID_MARK, strlen (ID_MARK)) : NULL;
  g_autofree char *digits = NULL;

  while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
    len--;

  if (mark == NULL || line + len < mark + strlen (ID_MARK))
    return FALSE;

  mark += strlen (ID_MARK);
  digits = g_strndup (mark, (gsize)(line + len - mark));
  if (strlen (digits) != (gsize)(line + len - mark))
    return FALSE;

  return g_ascii_string_to_unsigned (digits, 10, 1, G_MAXINT64, id, NULL);
}
