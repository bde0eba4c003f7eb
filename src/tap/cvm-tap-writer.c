/* cvm-tap-writer.c: TAP 13 that every reader reads back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-writer-private.h"

#include <string.h>

struct _CvmTapWriter
{
  GString *out;   /* borrowed */
  guint    depth;
};

static void
append_indent (CvmTapWriter *self)
{
  for (guint i = 0; i < self->depth; i++)
    g_string_append (self->out, "    ");
}

static void
append_byte (GString *out,
             guchar   byte)
{
  g_string_append_printf (out, "\\x%02x", byte);
}

static gboolean
is_plain (guchar c)
{
  return c >= ' ' && c < 0x7f;
}

/* Readers trim what stands at either end, so it would not come back. */
static gsize
trim (const char **text)
{
  gsize len;

  while (g_ascii_isspace (**text) || **text == '\v')
    (*text)++;

  len = strlen (*text);
  while (len > 0 && (g_ascii_isspace ((*text)[len - 1]) || (*text)[len - 1] == '\v'))
    len--;

  return len;
}

static void
append_plain (GString    *out,
              const char *text,
              gsize       len)
{
  for (gsize i = 0; i < len; i++)
    {
      if (is_plain (text[i]))
        g_string_append_c (out, text[i]);
      else
        append_byte (out, text[i]);
    }
}

/* Where a `#` would begin a directive and a `{` at the end a subtest. */
static void
append_escaped (GString    *out,
                const char *text)
{
  gsize len = trim (&text);

  for (gsize i = 0; i < len; i++)
    {
      if (text[i] == '{' && i + 1 == len)
        append_byte (out, text[i]);
      else if (text[i] == '#' || text[i] == '\\')
        g_string_append_printf (out, "\\%c", text[i]);
      else
        append_plain (out, text + i, 1);
    }
}

/* Comments that a reader gives a meaning: subtests, and the headers of Tapper. */
static gboolean
has_meaning (const char *text,
             gsize       len)
{
  static const char * const words[] = { "Subtest", "Tapper-", "Artemis-", "Test-" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize word_len = strlen (words[i]);

      if (len >= word_len && g_ascii_strncasecmp (text, words[i], word_len) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
append_comment_line (CvmTapWriter *self,
                     const char   *text,
                     gsize         len)
{
  append_indent (self);
  g_string_append (self->out, len > 0 ? "# " : "#");
  while (len > 0 && *text == ' ')
    {
      g_string_append_c (self->out, ' ');
      text++;
      len--;
    }

  if (has_meaning (text, len))
    {
      append_byte (self->out, *text);
      text++;
      len--;
    }

  append_plain (self->out, text, len);
  g_string_append_c (self->out, '\n');
}

/**
 * cvm_tap_writer_new:
 * @out: (transfer none): where the TAP is appended; must live as long as the writer
 */
CvmTapWriter *
cvm_tap_writer_new (GString *out)
{
  CvmTapWriter *self = g_new0 (CvmTapWriter, 1);

  self->out = out;

  return self;
}

void
cvm_tap_writer_free (CvmTapWriter *self)
{
  g_free (self);
}

/**
 * cvm_tap_writer_version:
 * @self: a writer that has written nothing yet
 * @version: 13 or 14
 */
void
cvm_tap_writer_version (CvmTapWriter *self,
                        guint         version)
{
  g_string_append_printf (self->out, "TAP version %u\n", version);
}

/**
 * cvm_tap_writer_plan:
 * @self: a writer
 * @planned: how many points this level has
 * @skip_reason: (nullable): with 0 planned, why
 */
void
cvm_tap_writer_plan (CvmTapWriter *self,
                     guint64       planned,
                     const char   *skip_reason)
{
  append_indent (self);
  g_string_append_printf (self->out, "1..%" G_GUINT64_FORMAT, planned);
  if (planned == 0)
    {
      g_string_append (self->out, " # SKIP");
      if (skip_reason != NULL && *skip_reason != '\0')
        {
          g_string_append_c (self->out, ' ');
          append_escaped (self->out, skip_reason);
        }
    }

  g_string_append_c (self->out, '\n');
}

/**
 * cvm_tap_writer_point:
 * @self: a writer
 * @ok: whether it passed
 * @number: its number, or 0 for none
 * @description: (nullable): one line
 * @directive: SKIP or TODO, if any
 * @reason: (nullable): why it has the directive
 */
void
cvm_tap_writer_point (CvmTapWriter    *self,
                      gboolean         ok,
                      guint64          number,
                      const char      *description,
                      CvmTapDirective  directive,
                      const char      *reason)
{
  append_indent (self);
  g_string_append (self->out, ok ? "ok" : "not ok");
  if (number > 0)
    g_string_append_printf (self->out, " %" G_GUINT64_FORMAT, number);

  if (description != NULL && trim (&description) > 0)
    {
      g_string_append (self->out, " - ");
      append_escaped (self->out, description);
    }

  if (directive != CVM_TAP_NO_DIRECTIVE)
    {
      g_string_append (self->out, directive == CVM_TAP_SKIP ? " # SKIP" : " # TODO");
      if (reason != NULL && trim (&reason) > 0)
        {
          g_string_append_c (self->out, ' ');
          append_escaped (self->out, reason);
        }
    }

  g_string_append_c (self->out, '\n');
}

/**
 * cvm_tap_writer_comment:
 * @self: a writer
 * @text: one or more lines
 *
 * A text that would read as a header or a subtest's name is written so that it does not.
 */
void
cvm_tap_writer_comment (CvmTapWriter *self,
                        const char   *text)
{
  for (const char *newline; (newline = strchr (text, '\n')) != NULL; text = newline + 1)
    append_comment_line (self, text, newline - text);

  if (*text != '\0')
    append_comment_line (self, text, strlen (text));
}

/**
 * cvm_tap_writer_header:
 * @self: a writer at its outermost level: headers count only in column 0
 * @name: letters, digits, `-` and `_`, as in Tapper-Suite-Name
 * @value: one line; an empty one is not written, since no reader takes it
 */
void
cvm_tap_writer_header (CvmTapWriter *self,
                       const char   *name,
                       const char   *value)
{
  gsize len = trim (&value);

  if (len == 0)
    return;

  g_string_append_printf (self->out, "# %s: ", name);
  append_plain (self->out, value, len);
  g_string_append_c (self->out, '\n');
}

/**
 * cvm_tap_writer_bail_out:
 * @self: a writer
 * @reason: (nullable): one line
 *
 * It stands at the outermost indentation, where every reader looks for it.
 */
void
cvm_tap_writer_bail_out (CvmTapWriter *self,
                         const char   *reason)
{
  g_string_append (self->out, "Bail out!");
  if (reason != NULL && trim (&reason) > 0)
    {
      g_string_append_c (self->out, ' ');
      append_escaped (self->out, reason);
    }

  g_string_append_c (self->out, '\n');
}

/**
 * cvm_tap_writer_subtest_begin:
 * @self: a writer
 * @name: (nullable): what the point that follows the subtest is about
 *
 * What is written until the end belongs to the subtest; its own point comes after the end.
 */
void
cvm_tap_writer_subtest_begin (CvmTapWriter *self,
                              const char   *name)
{
  gsize len;

  self->depth++;
  if (name == NULL || (len = trim (&name)) == 0)
    return;

  append_indent (self);
  g_string_append (self->out, "# Subtest: ");
  append_plain (self->out, name, len);
  g_string_append_c (self->out, '\n');
}

void
cvm_tap_writer_subtest_end (CvmTapWriter *self)
{
  g_return_if_fail (self->depth > 0);

  self->depth--;
}

/* A control, or what YAML readers take for a line break or refuse, by its number. */
static void
append_unichar (GString  *out,
                gunichar  c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (out, "\\%c", (char)c);
  else if (c == '\n')
    g_string_append (out, "\\n");
  else if (c == '\t')
    g_string_append (out, "\\t");
  else if (c < 0x80 && is_plain (c))
    g_string_append_c (out, c);
  else if (c <= 0xffff)
    g_string_append_printf (out, "\\u%04x", c);
  else
    g_string_append_printf (out, "\\U%08x", c);   /* libyaml refuses JSON's surrogate pairs */
}

/* A YAML string on one line, in ASCII. Bytes that are no UTF-8 are shown as in a description,
 * `\xNN`. */
void
cvm_tap_append_quoted (GString    *out,
                       const char *text)
{
  g_string_append_c (out, '"');
  while (*text != '\0')
    {
      gunichar c = g_utf8_get_char_validated (text, -1);

      if (c == (gunichar)-1 || c == (gunichar)-2)
        {
          g_string_append_printf (out, "\\\\x%02x", (guchar)*text);
          text++;
        }
      else
        {
          append_unichar (out, c);
          text = g_utf8_next_char (text);
        }
    }

  g_string_append_c (out, '"');
}

/* A key that needs no quotes. */
gboolean
cvm_tap_is_plain_key (const char *key)
{
  gboolean plain = g_ascii_isalpha (*key);

  for (const char *p = key; *p != '\0'; p++)
    plain = plain && (g_ascii_isalnum (*p) || *p == '_' || *p == '-');

  return plain;
}

static void
append_key (CvmTapWriter *self,
            const char   *key)
{
  append_indent (self);
  g_string_append (self->out, "  ");
  if (cvm_tap_is_plain_key (key))
    g_string_append (self->out, key);
  else
    cvm_tap_append_quoted (self->out, key);

  g_string_append_c (self->out, ':');
}

/* What a `|` block can hold as it is, in every YAML reader that TAP knows. */
static gboolean
fits_block (const char *text)
{
  if (*text == '\0' || *text == ' ' || *text == '\n')
    return FALSE;

  for (; *text != '\0'; text++)
    {
      if (*text != '\n' && !is_plain (*text))
        return FALSE;
    }

  return text[-1] != '\n' || text[-2] != '\n';
}

static void
append_block_line (CvmTapWriter *self,
                   const char   *text,
                   gsize         len)
{
  append_indent (self);
  g_string_append (self->out, "    ");
  g_string_append_len (self->out, text, len);
  g_string_append_c (self->out, '\n');
}

/**
 * cvm_tap_writer_yaml_begin:
 * @self: a writer whose last line was a point
 *
 * Until the end only the yaml functions may be called.
 */
void
cvm_tap_writer_yaml_begin (CvmTapWriter *self)
{
  append_indent (self);
  g_string_append (self->out, "  ---\n");
}

/**
 * cvm_tap_writer_yaml_string:
 * @self: a writer in a block
 * @key: any text
 * @value: any text; it is quoted on one line and read back as it is
 */
void
cvm_tap_writer_yaml_string (CvmTapWriter *self,
                            const char   *key,
                            const char   *value)
{
  append_key (self, key);
  g_string_append_c (self->out, ' ');
  cvm_tap_append_quoted (self->out, value);
  g_string_append_c (self->out, '\n');
}

void
cvm_tap_writer_yaml_int (CvmTapWriter *self,
                         const char   *key,
                         gint64        value)
{
  append_key (self, key);
  g_string_append_printf (self->out, " %" G_GINT64_FORMAT "\n", value);
}

/**
 * cvm_tap_writer_yaml_text:
 * @self: a writer in a block
 * @key: any text
 * @text: lines for a person; the last one's newline may be missing and is then read back all the
 *   same
 *
 * Written as a block of lines where YAML can, else quoted.
 */
void
cvm_tap_writer_yaml_text (CvmTapWriter *self,
                          const char   *key,
                          const char   *text)
{
  if (!fits_block (text))
    {
      cvm_tap_writer_yaml_string (self, key, text);
      return;
    }

  append_key (self, key);
  g_string_append (self->out, " |\n");
  for (const char *newline; (newline = strchr (text, '\n')) != NULL; text = newline + 1)
    append_block_line (self, text, newline - text);

  if (*text != '\0')
    append_block_line (self, text, strlen (text));
}

/**
 * cvm_tap_writer_yaml_list:
 * @self: a writer in a block
 * @key: any text
 * @values: (array zero-terminated=1): any texts
 */
void
cvm_tap_writer_yaml_list (CvmTapWriter       *self,
                          const char         *key,
                          const char * const *values)
{
  append_key (self, key);
  g_string_append (self->out, *values != NULL ? "\n" : " []\n");
  for (; *values != NULL; values++)
    {
      append_indent (self);
      g_string_append (self->out, "    - ");
      cvm_tap_append_quoted (self->out, *values);
      g_string_append_c (self->out, '\n');
    }
}

void
cvm_tap_writer_yaml_end (CvmTapWriter *self)
{
  append_indent (self);
  g_string_append (self->out, "  ...\n");
}
