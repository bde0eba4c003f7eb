/* cvm-report-out.c: what the reports of a whole result share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-private.h"

#define PIECE (64 * 1024)

void
cvm_report_out_init (CvmReportOut   *self,
                     CvmReportWrite  write,
                     gpointer        data)
{
  self->text = g_string_sized_new (PIECE);
  self->write = write;
  self->data = data;
}

static void
flush (CvmReportOut *self)
{
  if (self->text->len > 0)
    self->write (self->text->str, self->text->len, self->data);

  g_string_truncate (self->text, 0);
}

void
cvm_report_out_clear (CvmReportOut *self)
{
  if (self->text == NULL)
    return;

  flush (self);
  g_string_free (self->text, TRUE);
}

void
cvm_report_out_settle (CvmReportOut *self)
{
  if (self->text->len >= PIECE)
    flush (self);
}

static gboolean
is_xml (gunichar c)
{
  return c == '\t' || c == '\n' || (c >= 0x20 && c != 0x7f && (c < 0x80 || c > 0x9f) &&
                                    c != 0xfffe && c != 0xffff);
}

/* Nearly all text is ASCII without controls */
static gboolean
is_plain (const char *bytes)
{
  for (; *bytes != '\0'; bytes++)
    if (((signed char)*bytes < 0x20 && *bytes != '\n' && *bytes != '\t') || *bytes == 0x7f)
      return FALSE;

  return TRUE;
}

char *
cvm_report_plain (const char *bytes)
{
  g_autofree char *valid = is_plain (bytes) ? NULL : cvm_record_dup_utf8 (bytes);
  g_autoptr(GString) plain = NULL;

  if (valid == NULL)
    return g_strdup (bytes);

  plain = g_string_sized_new (strlen (valid) + 1);

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_xml (c))
        g_string_append_unichar (plain, c);
      else if (c != '\r' || p[1] != '\n')
        g_string_append_printf (plain, "\\x%02x", c);
    }

  return g_string_free (g_steal_pointer (&plain), FALSE);
}

char *
cvm_report_job_title (const CvmJobResult *job)
{
  const char *suite = job->suite != NULL ? job->suite : job->id;
  g_autofree char *title = NULL;

  if (job->image != NULL && *job->image != '\0')
    title = g_strdup_printf ("%s on %s: %s", job->image,
                             job->host_uri != NULL ? job->host_uri : "?", suite);
  else if (job->host_uri != NULL && *job->host_uri != '\0')
    title = g_strdup_printf ("%s: %s", job->host_uri, suite);
  else
    title = g_strdup (suite);

  return cvm_report_plain (title);
}

char *
cvm_report_point_title (const CvmPoint *point)
{
  g_autofree char *title = NULL;

  if (point->id != NULL)
    title = g_strdup_printf ("%s - %s", point->id, point->title);
  else if (*point->title != '\0')
    title = g_strdup (point->title);
  else
    title = g_strdup_printf ("point %s", point->path);

  return cvm_report_plain (title);
}

gboolean
cvm_report_point_failed (const CvmPoint *point)
{
  return point->is_ended && (point->outcome == CVM_OUTCOME_FAIL ||
                             point->outcome == CVM_OUTCOME_CANCELLED);
}

static void
append (const char *bytes,
        gsize       len,
        gpointer    data)
{
  g_string_append_len (data, bytes, len);
}

char *
cvm_report_to_string (CvmReportMake  make,
                      CvmResult     *result)
{
  GString *text = g_string_new (NULL);

  make (result, append, text);

  return g_string_free (text, FALSE);
}
