/* cvm-check-output.c: what a program printed, kept within bounds
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-check-output.h"

CvmCheckOutput *
cvm_check_output_new (void)
{
  CvmCheckOutput *self = g_new0 (CvmCheckOutput, 1);

  self->out = g_string_new (NULL);
  self->err = g_string_new (NULL);

  return self;
}

void
cvm_check_output_free (CvmCheckOutput *self)
{
  g_string_free (self->out, TRUE);
  g_string_free (self->err, TRUE);
  g_free (self);
}

static void
keep (GString    *text,
      const char *bytes,
      gsize       len)
{
  g_string_append_len (text, bytes, MIN (len, CVM_CHECK_OUTPUT_MAX - text->len));
}

void
cvm_check_output_on_stdout (const char *bytes,
                            gsize       len,
                            gpointer    data)
{
  CvmCheckOutput *self = data;

  keep (self->out, bytes, len);
}

void
cvm_check_output_on_stderr (const char *bytes,
                            gsize       len,
                            gpointer    data)
{
  CvmCheckOutput *self = data;

  keep (self->err, bytes, len);
}

void
cvm_check_output_detail (CvmContext    *context,
                         const char    *key,
                         const GString *text)
{
  gsize skip = text->len > CVM_CHECK_EXCERPT ? text->len - CVM_CHECK_EXCERPT : 0;
  g_autofree char *shown = g_utf8_make_valid (text->str + skip, text->len - skip);

  g_strchomp (shown);
  if (*shown != '\0')
    cvm_context_detail (context, key, "%s%s", skip > 0 ? "…" : "", shown);
}

gboolean
cvm_check_output_matches (const GRegex  *pattern,
                          const char    *text,
                          gssize         len,
                          GError       **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, len);

  return g_regex_match_full (pattern, valid, -1, 0, 0, NULL, error);
}
