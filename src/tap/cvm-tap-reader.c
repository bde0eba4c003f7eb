/* cvm-tap-reader.c: bytes in, TAP events out
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-reader.h"

#include <string.h>

/* A line's end may take two bytes. */
#define LINE_KEPT (CVM_TAP_LINE_MAX + 2)

typedef struct
{
  guint    indent;
  gboolean buffered;  /* its point came before it */
  guint64  run;       /* points so far */
} Level;

struct _CvmTapReader
{
  CvmTapHandler  handler;
  gpointer       user_data;

  CvmTapDialect  dialect;
  gboolean       started;        /* a version, plan or point was seen at the top */
  guint64        line_number;    /* of the line in hand */
  guint64        offset;         /* of the line in hand */

  GString       *partial;        /* the head of a line whose end has not come */
  gsize          partial_len;    /* bytes of that line so far, kept or not */

  guint          depth;
  Level          levels[CVM_TAP_DEPTH_MAX + 1];
  guint64        path[CVM_TAP_DEPTH_MAX + 1];
  guint          after_point : 1; /* a diagnostics block may follow */
  guint          buffered : 1;    /* the last point opened a `{` */
  GString       *subtest_name;    /* told before the subtest's first line */

  guint          yaml_indent;     /* 0 outside a block */
  GString       *yaml;
  CvmTapEvent    yaml_event;
};

static CvmTapEvent
make_event (CvmTapReader    *self,
            CvmTapEventKind  kind)
{
  return (CvmTapEvent) {
    .kind = kind,
    .dialect = self->dialect,
    .depth = self->depth,
    .path = self->path,
    .line_number = self->line_number,
    .offset = self->offset,
  };
}

static void
emit (CvmTapReader      *self,
      const CvmTapEvent *event)
{
  self->handler (event, self->user_data);
}

static void
end_subtest (CvmTapReader *self)
{
  CvmTapEvent event = make_event (self, CVM_TAP_EVENT_SUBTEST_END);

  emit (self, &event);
  self->depth--;
  self->buffered = FALSE;
}

static void
begin_subtest (CvmTapReader *self,
               guint         indent)
{
  Level *parent = &self->levels[self->depth];
  CvmTapEvent event;

  self->path[self->depth] = self->buffered ? parent->run : parent->run + 1;
  self->depth++;
  self->levels[self->depth] = (Level) { .indent = indent, .buffered = self->buffered };

  event = make_event (self, CVM_TAP_EVENT_SUBTEST_BEGIN);
  event.buffered = self->buffered;
  event.line.text = self->subtest_name->str;
  event.line.text_len = self->subtest_name->len;
  emit (self, &event);

  self->buffered = FALSE;
  g_string_truncate (self->subtest_name, 0);
}

/* TAP 14 and Test::More indent a subtest by four spaces, the kernel also by two. */
static guint
indent_unit (CvmTapReader     *self,
             const CvmTapLine *line,
             guint             beyond)
{
  gboolean kernel = self->dialect == CVM_TAP_DIALECT_KTAP || line->ktap;

  return kernel && beyond % 4 != 0 ? 2 : 4;
}

/* Brings the reader to the level that a line with this indent belongs to; FALSE when there is
 * no such level, so that the line is but text. */
static gboolean
enter_level (CvmTapReader     *self,
             const CvmTapLine *line)
{
  guint level = self->depth;
  guint beyond, unit;

  if (G_LIKELY (self->levels[level].indent == line->indent))
    return TRUE;

  while (self->levels[level].indent > line->indent)
    level--;

  beyond = line->indent - self->levels[level].indent;
  unit = indent_unit (self, line, beyond);
  if (beyond % unit != 0 || level + beyond / unit > CVM_TAP_DEPTH_MAX)
    return FALSE;

  while (self->depth > level)
    end_subtest (self);
  while (self->levels[self->depth].indent < line->indent)
    begin_subtest (self, self->levels[self->depth].indent + unit);

  return TRUE;
}

/* In TAP 14 only a point ends a subtest: until then nothing else counts at the levels above. */
static gboolean
enter_open_level (CvmTapReader     *self,
                  const CvmTapLine *line)
{
  if (self->dialect == CVM_TAP_DIALECT_14)
    {
      for (guint level = self->depth; self->levels[level].indent > line->indent; level--)
        {
          if (!self->levels[level].buffered)
            return FALSE;
        }
    }

  return enter_level (self, line);
}

static void
take_version (CvmTapReader     *self,
              const CvmTapLine *line)
{
  if (self->depth > 0 || self->started)
    return;

  if (line->ktap)
    self->dialect = CVM_TAP_DIALECT_KTAP;
  else if (line->number >= 14)
    self->dialect = CVM_TAP_DIALECT_14;
  else if (line->number == 13)
    self->dialect = CVM_TAP_DIALECT_13;
}

static void
take_point (CvmTapReader *self,
            CvmTapEvent  *event)
{
  Level *level = &self->levels[self->depth];

  level->run++;
  event->number = event->line.numbered ? event->line.number : level->run;
  self->path[self->depth] = event->number;
  self->after_point = TRUE;
  self->buffered = event->line.buffered;
}

/* The name of a subtest may stand at its own level or, in TAP 14, at its parent's. */
static void
take_subtest_name (CvmTapReader     *self,
                   const CvmTapLine *line)
{
  g_string_truncate (self->subtest_name, 0);
  g_string_append_len (self->subtest_name, line->text, line->text_len);

  if (line->indent > self->levels[self->depth].indent)
    enter_level (self, line);
}

static void
append_yaml (CvmTapReader *self,
             const char   *text,
             gsize         len,
             gsize         length,
             gboolean      cut)
{
  CvmTapEvent *event = &self->yaml_event;

  event->length += length;
  event->truncated |= cut || self->yaml->len + len >= CVM_TAP_YAML_MAX;
  if (event->truncated)
    return;

  g_string_append_len (self->yaml, text, len);
  g_string_append_c (self->yaml, '\n');
}

static void
begin_yaml (CvmTapReader      *self,
            const CvmTapEvent *first)
{
  self->yaml_indent = first->line.indent;
  self->yaml_event = *first;
  self->yaml_event.kind = CVM_TAP_EVENT_DIAGNOSTICS;
  self->yaml_event.line = (CvmTapLine) { .indent = first->line.indent };
  self->yaml_event.length = 0;
  self->yaml_event.truncated = FALSE;
  g_string_truncate (self->yaml, 0);
  append_yaml (self, first->text, first->text_len, first->length, first->truncated);
}

static void
end_yaml (CvmTapReader *self,
          gboolean      open)
{
  CvmTapEvent *event = &self->yaml_event;

  event->open = open;
  event->text = self->yaml->str;
  event->text_len = self->yaml->len;
  self->yaml_indent = 0;
  emit (self, event);
}

static gboolean
is_blank (const char *text,
          gsize       len)
{
  for (gsize i = 0; i < len; i++)
    {
      if (text[i] != ' ' && text[i] != '\t')
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_yaml_end (const char *text,
             gsize       len)
{
  return len >= 3 && memcmp (text, "...", 3) == 0 && is_blank (text + 3, len - 3);
}

/* TRUE when the line belongs to the block; a line indented less ends a block without its mark. */
static gboolean
continue_yaml (CvmTapReader *self,
               const char   *text,
               gsize         len,
               gsize         length,
               gboolean      cut)
{
  gsize indent = 0;

  while (indent < len && indent < self->yaml_indent && text[indent] == ' ')
    indent++;

  if (indent < self->yaml_indent && !is_blank (text, len))
    {
      end_yaml (self, TRUE);
      return FALSE;
    }

  append_yaml (self, text, len, length, cut);
  if (indent == self->yaml_indent && is_yaml_end (text + indent, len - indent))
    end_yaml (self, FALSE);

  return TRUE;
}

/* TAP::Parser takes a block anywhere in TAP 13. Else it belongs behind a point: `---` is common in
 * junk. */
static gboolean
may_begin_yaml (CvmTapReader *self)
{
  return self->after_point || self->dialect == CVM_TAP_DIALECT_13;
}

/* Whether a block may still follow the last point: TAP 14 lets comments and blank lines stand
 * between. */
static gboolean
is_between (CvmTapReader      *self,
            const CvmTapEvent *event)
{
  return self->dialect == CVM_TAP_DIALECT_14
         && (event->line.kind == CVM_TAP_COMMENT || is_blank (event->text, event->text_len));
}

/* A subtest's pragmas are TAP 14's. */
static gboolean
may_pragma (CvmTapReader     *self,
            const CvmTapLine *line)
{
  return line->indent == 0 || self->dialect == CVM_TAP_DIALECT_14;
}

static CvmTapEventKind
event_kind (CvmTapReader     *self,
            const CvmTapLine *line)
{
  switch (line->kind)
    {
    case CVM_TAP_VERSION:
      return enter_open_level (self, line) ? CVM_TAP_EVENT_VERSION : CVM_TAP_EVENT_TEXT;
    case CVM_TAP_PLAN:
      return enter_open_level (self, line) ? CVM_TAP_EVENT_PLAN : CVM_TAP_EVENT_TEXT;
    case CVM_TAP_POINT:
      return enter_level (self, line) ? CVM_TAP_EVENT_POINT : CVM_TAP_EVENT_TEXT;
    case CVM_TAP_SUBTEST:
      take_subtest_name (self, line);
      return CVM_TAP_EVENT_COMMENT;
    case CVM_TAP_COMMENT:
      return CVM_TAP_EVENT_COMMENT;
    case CVM_TAP_BAIL_OUT:
      return CVM_TAP_EVENT_BAIL_OUT;
    case CVM_TAP_PRAGMA:
      return may_pragma (self, line) && enter_open_level (self, line) ? CVM_TAP_EVENT_PRAGMA
                                                                      : CVM_TAP_EVENT_TEXT;
    case CVM_TAP_BLOCK_END:
    case CVM_TAP_TEXT:
    case CVM_TAP_YAML_BEGIN:
    default:
      return CVM_TAP_EVENT_TEXT;
    }
}

static void
take_line (CvmTapReader *self,
           CvmTapEvent  *event)
{
  gboolean top;

  event->kind = event_kind (self, &event->line);
  event->depth = self->depth;
  top = self->depth == 0;
  self->after_point = self->after_point && is_between (self, event);

  if (event->kind == CVM_TAP_EVENT_VERSION)
    take_version (self, &event->line);
  else if (event->kind == CVM_TAP_EVENT_POINT)
    take_point (self, event);

  if (top && (event->kind == CVM_TAP_EVENT_VERSION || event->kind == CVM_TAP_EVENT_PLAN
              || event->kind == CVM_TAP_EVENT_POINT))
    self->started = TRUE;

  event->dialect = self->dialect;
  emit (self, event);
}

static void
read_content (CvmTapReader *self,
              const char   *text,
              gsize         len,
              gsize         length,
              gboolean      cut)
{
  CvmTapEvent event = make_event (self, CVM_TAP_EVENT_TEXT);

  event.length = length;
  event.truncated = cut;
  event.text = text;
  event.text_len = len;
  event.line = cvm_tap_line_parse (text, len, self->dialect);

  if (event.line.kind == CVM_TAP_YAML_BEGIN && may_begin_yaml (self))
    begin_yaml (self, &event);
  else
    take_line (self, &event);
}

/* @length: bytes of the line in the stream, its end included; of a long one @text need not have
 * more than LINE_KEPT. */
static void
read_line (CvmTapReader *self,
           const char   *text,
           gsize         length)
{
  gsize len = MIN (length, LINE_KEPT);
  gboolean cut = cvm_tap_line_strip (&text, &len, self->offset == 0);

  self->line_number++;
  if (self->yaml_indent == 0 || !continue_yaml (self, text, len, length, cut))
    read_content (self, text, len, length, cut);

  self->offset += length;
}

static void
keep_partial (CvmTapReader *self,
              const char   *bytes,
              gsize         len)
{
  gsize room = LINE_KEPT - self->partial->len;

  g_string_append_len (self->partial, bytes, MIN (len, room));
  self->partial_len += len;
}

static void
read_partial (CvmTapReader *self)
{
  read_line (self, self->partial->str, self->partial_len);
  g_string_truncate (self->partial, 0);
  self->partial_len = 0;
}

/**
 * cvm_tap_reader_new:
 * @handler: called for every event, from within feed and end
 * @user_data: given to @handler
 *
 * Subtests and their diagnostics follow "Subtests" and "YAML Diagnostics" of the TAP 14
 * specification, "Nested tests" of the kernel's ktap.rst, and what Test::More prints; the name of
 * `# Subtest: NAME` is told but not enforced. Only a newline ends a line.
 */
CvmTapReader *
cvm_tap_reader_new (CvmTapHandler handler,
                    gpointer      user_data)
{
  CvmTapReader *self = g_new0 (CvmTapReader, 1);

  self->handler = handler;
  self->user_data = user_data;
  self->partial = g_string_new (NULL);
  self->subtest_name = g_string_new (NULL);
  self->yaml = g_string_new (NULL);

  return self;
}

/**
 * cvm_tap_reader_feed:
 * @self: a reader that was not ended
 * @bytes: the next bytes of the stream, cut anywhere
 * @len: how many
 *
 * The events of every line that ends in @bytes are out when this returns.
 */
void
cvm_tap_reader_feed (CvmTapReader *self,
                     const char   *bytes,
                     gsize         len)
{
  const char *end = bytes + len;

  while (bytes < end)
    {
      const char *newline = memchr (bytes, '\n', end - bytes);

      if (newline == NULL)
        {
          keep_partial (self, bytes, end - bytes);
          return;
        }

      newline++;
      if (self->partial_len > 0)
        {
          keep_partial (self, bytes, newline - bytes);
          read_partial (self);
        }
      else
        {
          read_line (self, bytes, newline - bytes);
        }

      bytes = newline;
    }
}

/**
 * cvm_tap_reader_end:
 * @self: a reader
 *
 * There are no more bytes: a last line without its newline, an open block and open subtests are
 * told now.
 */
void
cvm_tap_reader_end (CvmTapReader *self)
{
  if (self->partial_len > 0)
    read_partial (self);

  self->line_number++;
  if (self->yaml_indent > 0)
    end_yaml (self, TRUE);
  while (self->depth > 0)
    end_subtest (self);
}

void
cvm_tap_reader_free (CvmTapReader *self)
{
  g_string_free (self->partial, TRUE);
  g_string_free (self->subtest_name, TRUE);
  g_string_free (self->yaml, TRUE);
  g_free (self);
}
