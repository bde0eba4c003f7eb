/* cvm-tapper-lines.c: a report line by line, in blocks, with no more than a line's head in memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-lines.h"

#include <gio/gunixinputstream.h>
#include <string.h>

#include "cvm-file.h"

#define BLOCK (64 * 1024)

struct _CvmTapperLines
{
  CvmTapperHeadFunc  on_line;
  CvmTapperByteFunc  on_bytes;
  gpointer           data;
  GString           *head;      /* of the line that has begun; told when it is whole or full */
  gboolean           is_told;
};

/**
 * cvm_tapper_lines_new:
 * @on_line: called for each line before its bytes
 * @on_bytes: (nullable): called for all bytes, in order
 */
CvmTapperLines *
cvm_tapper_lines_new (CvmTapperHeadFunc on_line,
                      CvmTapperByteFunc on_bytes,
                      gpointer          data)
{
  CvmTapperLines *self = g_new0 (CvmTapperLines, 1);

  self->on_line = on_line;
  self->on_bytes = on_bytes;
  self->data = data;
  self->head = g_string_sized_new (CVM_TAPPER_HEAD_MAX + 1);

  return self;
}

void
cvm_tapper_lines_free (CvmTapperLines *self)
{
  g_string_free (self->head, TRUE);
  g_free (self);
}

static void
pass_on (CvmTapperLines *self,
         const char     *bytes,
         gsize           len)
{
  if (self->on_bytes != NULL && len > 0)
    self->on_bytes (bytes, len, self->data);
}

static void
tell (CvmTapperLines *self)
{
  gsize len = self->head->len;
  char end = len > 0 && self->head->str[len - 1] == '\n' ? '\n' : '\0';

  if (end == '\n')
    self->head->str[len - 1] = '\0';
  self->on_line (self->head->str, self->data);
  if (end == '\n')
    self->head->str[len - 1] = end;

  pass_on (self, self->head->str, len);
  g_string_truncate (self->head, 0);
  self->is_told = end != '\n';
}

void
cvm_tapper_lines_feed (CvmTapperLines *self,
                       const char     *bytes,
                       gsize           len)
{
  while (len > 0)
    {
      const char *newline = memchr (bytes, '\n', len);
      gsize rest = newline != NULL ? (gsize)(newline + 1 - bytes) : len;
      gsize n = self->is_told ? rest : MIN (rest, CVM_TAPPER_HEAD_MAX - self->head->len);

      if (self->is_told)
        {
          pass_on (self, bytes, n);
          self->is_told = newline == NULL;
        }
      else
        {
          g_string_append_len (self->head, bytes, n);
          if (self->head->len == CVM_TAPPER_HEAD_MAX || bytes[n - 1] == '\n')
            tell (self);
        }

      bytes += n;
      len -= n;
    }
}

/**
 * cvm_tapper_lines_end:
 *
 * Tells of a last line that has no end.
 */
void
cvm_tapper_lines_end (CvmTapperLines *self)
{
  if (self->head->len > 0)
    tell (self);
}

/**
 * cvm_tapper_lines_read:
 * @path: a regular file
 *
 * Feeds the whole file.
 */
gboolean
cvm_tapper_lines_read (const char         *path,
                       CvmTapperHeadFunc   on_line,
                       CvmTapperByteFunc   on_bytes,
                       gpointer            data,
                       GCancellable       *cancellable,
                       GError            **error)
{
  g_autoptr(CvmTapperLines) self = cvm_tapper_lines_new (on_line, on_bytes, data);
  g_autofree char *block = g_malloc (BLOCK);
  g_autoptr(GInputStream) stream = NULL;
  int fd = cvm_file_open (path, error);
  gssize n;

  if (fd < 0)
    return FALSE;

  stream = g_unix_input_stream_new (fd, TRUE);
  while ((n = g_input_stream_read (stream, block, BLOCK, cancellable, error)) > 0)
    cvm_tapper_lines_feed (self, block, n);

  if (n == 0)
    cvm_tapper_lines_end (self);

  return n == 0;
}

static const char *
skip_prefix (const char *text)
{
  static const char *const prefixes[] = { "Tapper-", "Artemis-", "Test-" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      if (g_ascii_strncasecmp (text, prefixes[i], strlen (prefixes[i])) == 0)
        return text + strlen (prefixes[i]);
    }

  return NULL;
}

/**
 * cvm_tapper_line_is_header:
 * @key: in lower case, such as "suite-name"
 * @value: (out): in @head, with the blanks around it
 *
 * Returns: whether the server takes the line for that header: `# Tapper-KEY: value` at the line's
 *   start, in any case, with any blanks after the `#`
 */
gboolean
cvm_tapper_line_is_header (const char  *head,
                           const char  *key,
                           const char **value)
{
  const char *at = head;

  if (*at++ != '#')
    return FALSE;

  while (g_ascii_isspace (*at))
    at++;

  at = skip_prefix (at);
  if (at == NULL || g_ascii_strncasecmp (at, key, strlen (key)) != 0)
    return FALSE;

  at += strlen (key);
  if (*at != ':' || at[1] == '\0')
    return FALSE;

  *value = at + 1;

  return TRUE;
}
