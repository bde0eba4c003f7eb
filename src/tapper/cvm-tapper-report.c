/* cvm-tapper-report.c: what a Tapper server says of a report, whatever way it was asked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-report.h"

#include <stdio.h>
#include <string.h>

/* Files -------------------------------------------------------------------------------------- */

CvmTapperFile *
cvm_tapper_file_new (guint64     id,
                     const char *name,
                     const char *type,
                     gint64      created_us)
{
  CvmTapperFile *self = g_new0 (CvmTapperFile, 1);

  self->id = id;
  self->name = g_strdup (name);
  self->type = g_strdup (type);
  self->created_us = created_us;

  return self;
}

void
cvm_tapper_file_free (CvmTapperFile *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->type);
  g_free (self);
}

static GPtrArray *
copy_files (GPtrArray *files)
{
  GPtrArray *copy;

  if (files == NULL)
    return NULL;

  copy = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_file_free);
  for (guint i = 0; i < files->len; i++)
    {
      const CvmTapperFile *file = files->pdata[i];

      g_ptr_array_add (copy, cvm_tapper_file_new (file->id, file->name, file->type,
                                                  file->created_us));
    }

  return copy;
}

/* Reports ------------------------------------------------------------------------------------ */

#define AT(field) G_STRUCT_OFFSET (CvmTapperReport, field)

static const gsize texts[] = {
  AT (suite), AT (version), AT (machine), AT (description), AT (grade), AT (reporter), AT (owner),
  AT (group), AT (peer),
};

static const gsize times[] = { AT (created_us), AT (started_us), AT (ended_us) };

static const gsize counts[] = {
  AT (total), AT (passed), AT (failed), AT (skipped), AT (todo), AT (todo_passed),
  AT (parse_errors),
};

static char **
text_at (gpointer self,
         guint    index)
{
  return G_STRUCT_MEMBER_P (self, texts[index]);
}

/**
 * cvm_tapper_report_new:
 *
 * Returns: a report of which nothing is known but its number
 */
CvmTapperReport *
cvm_tapper_report_new (guint64 id)
{
  CvmTapperReport *self = g_new0 (CvmTapperReport, 1);

  self->id = id;
  self->ratio = CVM_TAPPER_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    G_STRUCT_MEMBER (int, self, counts[i]) = CVM_TAPPER_UNKNOWN;

  return self;
}

CvmTapperReport *
cvm_tapper_report_copy (const CvmTapperReport *self)
{
  CvmTapperReport *copy = g_memdup2 (self, sizeof *self);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (copy, i) = g_strdup (*text_at (copy, i));
  copy->files = copy_files (self->files);

  return copy;
}

void
cvm_tapper_report_free (CvmTapperReport *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (self, i));
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_free (self);
}

/**
 * cvm_tapper_report_merge:
 *
 * Takes from @other what @self does not know yet.
 */
void
cvm_tapper_report_merge (CvmTapperReport       *self,
                         const CvmTapperReport *other)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      if (*text_at (self, i) == NULL)
        *text_at (self, i) = g_strdup (*text_at ((gpointer)other, i));
    }
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      if (G_STRUCT_MEMBER (gint64, self, times[i]) == 0)
        G_STRUCT_MEMBER (gint64, self, times[i]) = G_STRUCT_MEMBER (gint64, other, times[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      if (G_STRUCT_MEMBER (int, self, counts[i]) == CVM_TAPPER_UNKNOWN)
        G_STRUCT_MEMBER (int, self, counts[i]) = G_STRUCT_MEMBER (int, other, counts[i]);
    }
  if (self->ratio < 0)
    self->ratio = other->ratio;
  if (self->files == NULL)
    self->files = copy_files (other->files);
}

/**
 * cvm_tapper_report_passed:
 *
 * Returns: whether the server's grade is no failure: a report without tests has not failed
 */
gboolean
cvm_tapper_report_passed (const CvmTapperReport *self)
{
  return g_strcmp0 (self->grade, "PASS") == 0 || g_strcmp0 (self->grade, "NOTESTS") == 0;
}

/* Times -------------------------------------------------------------------------------------- */

/**
 * cvm_tapper_time_parse:
 * @text: (nullable): `YYYY-MM-DD HH:MM[:SS]`, with a `T` or a blank between; what follows is
 *   ignored
 *
 * All of Tapper's times are UTC.
 *
 * Returns: microseconds, or 0 for what is no time
 */
gint64
cvm_tapper_time_parse (const char *text)
{
  int year, month, day, hour, minute, second = 0;
  g_autoptr(GDateTime) time = NULL;

  if (text == NULL || strlen (text) < 16 || (text[10] != ' ' && text[10] != 'T') ||
      sscanf (text, "%4d-%2d-%2d%*c%2d:%2d:%2d", &year, &month, &day, &hour, &minute,
              &second) < 5 ||
      year < 1970)
    return 0;

  time = g_date_time_new_utc (year, month, day, hour, minute, second);

  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

/**
 * cvm_tapper_time_format:
 *
 * Returns: (nullable): the time as the server writes it, to the second; %NULL for 0
 */
char *
cvm_tapper_time_format (gint64 time_us)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);

  return time_us != 0 && time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
}

/* Text --------------------------------------------------------------------------------------- */

/* The bytes of which TEXT is the Latin-1 reading; NULL where one of its characters is beyond it */
static GString *
to_latin1 (const char *text,
           gsize       len)
{
  g_autoptr(GString) bytes = g_string_sized_new (len);

  for (const char *c = text; c < text + len; c = g_utf8_next_char (c))
    {
      gunichar wide = g_utf8_get_char (c);

      if (wide > 0xff)
        return NULL;

      g_string_append_c (bytes, (char)wide);
    }

  return g_steal_pointer (&bytes);
}

/* The server reads a report's bytes as Latin-1 and sends them as UTF-8: "ü" becomes c3 83 c2 bc.
 * Text which is still UTF-8 once that is undone was encoded twice; other text was not. */
static GString *
decode_twice (const char *text,
              gsize       len)
{
  g_autoptr(GString) bytes = NULL;

  if (len > 0 && g_utf8_validate (text, (gssize)len, NULL))
    bytes = to_latin1 (text, len);

  return bytes != NULL && g_utf8_validate (bytes->str, (gssize)bytes->len, NULL)
         ? g_steal_pointer (&bytes) : NULL;
}

/**
 * cvm_tapper_text_mend:
 * @text: (nullable): any bytes
 * @len: of them, or -1
 *
 * Returns: (nullable): UTF-8 on one line, outer and repeated blanks gone, double encoding undone,
 *   cut to CVM_TAPPER_TEXT_MAX bytes
 */
char *
cvm_tapper_text_mend (const char *text,
                      gssize      len)
{
  gsize given = text == NULL ? 0 : len < 0 ? strlen (text) : (gsize)len;
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, (gssize)given) : NULL;
  g_autoptr(GString) once = valid != NULL ? decode_twice (valid, strlen (valid)) : NULL;
  g_autoptr(GString) out = g_string_new (NULL);

  if (valid == NULL)
    return NULL;

  for (const char *c = once != NULL ? once->str : valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar wide = g_utf8_get_char (c);
      gboolean is_space = g_unichar_isspace (wide) || wide == 0xa0;

      if (out->len + 6 > CVM_TAPPER_TEXT_MAX)
        break;

      if (!is_space)
        g_string_append_unichar (out, wide);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }

  return g_strchomp (g_string_free (g_steal_pointer (&out), FALSE));
}

/**
 * cvm_tapper_bytes_mend:
 * @bytes: (transfer full): a text file as the web pages send it
 *
 * Returns: (transfer full): the file's own bytes, as far as they can be told. Latin-1 of a server
 *   of 5.x cannot be told from the UTF-8 of one of 3.x, and stays as it came.
 */
GBytes *
cvm_tapper_bytes_mend (GBytes *bytes)
{
  gsize len;
  const char *data = g_bytes_get_data (bytes, &len);
  GString *mended = decode_twice (data, len);

  if (mended == NULL)
    return bytes;

  g_bytes_unref (bytes);

  return g_string_free_to_bytes (mended);
}
