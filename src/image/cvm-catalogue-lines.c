/* cvm-catalogue-lines.c: lines of a page, and what is to be said of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue-private.h"

#include <string.h>

void
cvm_catalogue_warn (GPtrArray  *warnings,
                    const char *place,
                    guint       line,
                    const char *format,
                    ...)
{
  g_autofree char *what = NULL;
  va_list args;

  if (warnings->len > CVM_CATALOGUE_MAX_WARNINGS)
    return;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  if (warnings->len == CVM_CATALOGUE_MAX_WARNINGS)
    g_ptr_array_add (warnings, g_strdup_printf ("%s: more lines were passed over", place));
  else if (line > 0)
    g_ptr_array_add (warnings, g_strdup_printf ("%s:%u: %s", place, line, what));
  else
    g_ptr_array_add (warnings, g_strdup_printf ("%s: %s", place, what));
}

void
cvm_page_lines_init (CvmPageLines *self,
                     const char   *text,
                     gsize         len)
{
  *self = (CvmPageLines) { .next = text, .end = text + len };
}

gboolean
cvm_page_lines_next (CvmPageLines *self)
{
  const char *newline;

  if (self->next == self->end)
    return FALSE;

  newline = memchr (self->next, '\n', (gsize)(self->end - self->next));
  self->text = self->next;
  self->len = (gsize)((newline != NULL ? newline : self->end) - self->text);
  self->next = newline != NULL ? newline + 1 : self->end;
  self->number++;
  while (self->len > 0 && self->text[self->len - 1] == '\r')
    self->len--;

  return TRUE;
}
