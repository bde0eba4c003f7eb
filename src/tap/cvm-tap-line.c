/* cvm-tap-line.c: one line of TAP, understood
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a line is follows the grammar of Perl's TAP::Parser for TAP 12 and 13, and the
 * specifications for TAP 14 and KTAP. */
#include "cvm-tap-line.h"

#include <string.h>

typedef struct
{
  const char *p;
  const char *end;
} Span;

/* Perl's \s, which g_ascii_isspace() is not: it lacks the vertical tab. */
static inline gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static inline void
skip_space (Span *span)
{
  while (span->p < span->end && is_space (*span->p))
    span->p++;
}

static inline Span
trim (Span span)
{
  skip_space (&span);
  while (span.end > span.p && is_space (span.end[-1]))
    span.end--;

  return span;
}

static gboolean
is_blank (Span span)
{
  skip_space (&span);

  return span.p == span.end;
}

static gboolean
take_string (Span       *span,
             const char *string)
{
  gsize len = strlen (string);

  if ((gsize)(span->end - span->p) < len || memcmp (span->p, string, len) != 0)
    return FALSE;

  span->p += len;
  return TRUE;
}

static gboolean
take_any_case (Span       *span,
               const char *string)
{
  gsize len = strlen (string);

  if ((gsize)(span->end - span->p) < len || g_ascii_strncasecmp (span->p, string, len) != 0)
    return FALSE;

  span->p += len;
  return TRUE;
}

/* A word of its own: what follows is no letter, digit or underscore (Perl's \b). */
static gboolean
take_word (Span       *span,
           const char *word)
{
  Span at = *span;

  if (!take_any_case (&at, word) || (at.p < at.end && is_word (*at.p)))
    return FALSE;

  *span = at;
  return TRUE;
}

static gboolean
take_number (Span    *span,
             guint64 *number)
{
  const char *start = span->p;
  guint64 value = 0;

  for (; span->p < span->end && g_ascii_isdigit (*span->p); span->p++)
    {
      guint64 digit = *span->p - '0';

      value = value > (G_MAXINT64 - digit) / 10 ? G_MAXINT64 : value * 10 + digit;
    }

  if (span->p == start)
    return FALSE;

  *number = value;
  return TRUE;
}

static void
set_text (CvmTapLine *line,
          Span        span)
{
  span = trim (span);
  line->text = span.p;
  line->text_len = span.end - span.p;
}

static void
set_reason (CvmTapLine *line,
            Span        span)
{
  span = trim (span);
  line->reason = span.p;
  line->reason_len = span.end - span.p;
}

/* The first `#` that no backslash escapes; only there can a directive stand. */
static const char *
find_hash (Span span)
{
  if (memchr (span.p, '#', span.end - span.p) == NULL)
    return NULL;

  for (const char *p = span.p; p < span.end; p++)
    {
      if (*p == '#')
        return p;
      if (*p == '\\')
        p++;
    }

  return NULL;
}

/* TAP 14: a delimiter has a blank (or, as its examples go, an escaped backslash) before it, and a
 * blank or a known directive behind it; so a URL with a fragment keeps it. */
static const char *
find_hash_14 (Span span)
{
  Span rest = span;
  const char *hash;

  while ((hash = find_hash (rest)) != NULL)
    {
      Span behind = { hash + 1, span.end };
      gboolean apart = hash == span.p || is_space (hash[-1]) || hash[-1] == '\\';

      if (apart && (behind.p == behind.end || is_space (*behind.p)
                    || take_any_case (&behind, "skip") || take_any_case (&behind, "todo")))
        return hash;

      rest.p = hash + 1;
    }

  return NULL;
}

/* Perl's is a word, TAP 14 lets anything follow it: `# Skipped: why`. */
static gboolean
take_directive_word (Span          *span,
                     const char    *word,
                     CvmTapDialect  dialect)
{
  if (dialect != CVM_TAP_DIALECT_14)
    return take_word (span, word);
  if (!take_any_case (span, word))
    return FALSE;

  while (span->p < span->end && !is_space (*span->p))
    span->p++;

  return TRUE;
}

/* Cuts ` # SKIP why` or ` # TODO why` off the description; with KTAP anything behind the hash,
 * which is then diagnostic data. */
static void
take_directive (CvmTapLine    *line,
                Span          *description,
                CvmTapDialect  dialect)
{
  const char *hash = dialect == CVM_TAP_DIALECT_14 ? find_hash_14 (*description)
                                                   : find_hash (*description);
  Span at = { hash, description->end };

  if (hash == NULL)
    return;

  at.p++;
  skip_space (&at);
  if (take_directive_word (&at, "skip", dialect))
    line->directive = CVM_TAP_SKIP;
  else if (take_directive_word (&at, "todo", dialect))
    line->directive = CVM_TAP_TODO;
  else if (dialect == CVM_TAP_DIALECT_KTAP && take_word (&at, "xfail"))
    line->directive = CVM_TAP_TODO;
  else if (dialect != CVM_TAP_DIALECT_KTAP)
    return;

  set_reason (line, at);
  description->end = hash;
}

static gboolean
take_brace (Span *span)
{
  if (span->p == span->end || span->end[-1] != '{')
    return FALSE;
  if (span->end - span->p > 1 && !is_space (span->end[-2]))
    return FALSE;

  span->end--;
  return TRUE;
}

static gboolean
parse_point (CvmTapLine    *line,
             Span           span,
             CvmTapDialect  dialect)
{
  line->ok = !take_string (&span, "not ");
  if (!take_string (&span, "ok") || (span.p < span.end && is_word (*span.p)))
    return FALSE;

  skip_space (&span);
  line->numbered = take_number (&span, &line->number);
  span = trim (span);
  line->buffered = take_brace (&span);
  take_directive (line, &span, dialect);
  if (span.p < span.end && *span.p == '-' && (span.p + 1 == span.end || is_space (span.p[1])))
    span.p++;

  set_text (line, span);
  line->kind = CVM_TAP_POINT;
  return TRUE;
}

/* TAP 12: `1..3 todo 2 3`, `1..0 # Skipped: why`; anything goes behind `1..0`. */
static gboolean
parse_plan_12 (CvmTapLine *line,
               Span        tail)
{
  Span list = tail;

  if (take_string (&list, "todo") && list.p < list.end && is_space (*list.p))
    {
      set_text (line, list);
      if (line->text_len > 0 && g_ascii_isdigit (*line->text))
        {
          line->directive = CVM_TAP_TODO;
          return TRUE;
        }
    }

  if (line->number != 0)
    return is_blank (tail);

  line->directive = CVM_TAP_SKIP;
  if (!take_string (&tail, "#"))
    return TRUE;

  skip_space (&tail);
  if (!take_any_case (&tail, "skip"))
    return TRUE;

  while (tail.p < tail.end && !is_space (*tail.p))
    tail.p++;
  set_reason (line, tail);
  return TRUE;
}

/* TAP 13: nothing but `# SKIP why` may follow, behind any number. */
static gboolean
parse_plan_13 (CvmTapLine *line,
               Span        tail)
{
  if (line->number == 0)
    line->directive = CVM_TAP_SKIP;
  if (is_blank (tail))
    return TRUE;
  if (!take_string (&tail, "#"))
    return FALSE;

  skip_space (&tail);
  if (!take_word (&tail, "skip"))
    return FALSE;

  line->directive = CVM_TAP_SKIP;
  set_reason (line, tail);
  return TRUE;
}

/* TAP 14: any comment may follow; only `1..0` skips, and the comment is then the reason. */
static gboolean
parse_plan_14 (CvmTapLine *line,
               Span        tail)
{
  if (line->number == 0)
    line->directive = CVM_TAP_SKIP;
  if (is_blank (tail))
    return TRUE;
  if (!take_string (&tail, "#"))
    return FALSE;

  skip_space (&tail);
  take_word (&tail, "skip");
  set_reason (line, tail);
  return TRUE;
}

static gboolean
parse_plan (CvmTapLine    *line,
            Span           span,
            CvmTapDialect  dialect)
{
  gboolean known;

  if (!take_string (&span, "1..") || !take_number (&span, &line->number))
    return FALSE;

  skip_space (&span);
  switch (dialect)
    {
    case CVM_TAP_DIALECT_12:
      known = parse_plan_12 (line, span);
      break;
    case CVM_TAP_DIALECT_13:
      known = parse_plan_13 (line, span);
      break;
    case CVM_TAP_DIALECT_14:
    case CVM_TAP_DIALECT_KTAP:
    default:
      known = parse_plan_14 (line, span);
      break;
    }

  if (known)
    line->kind = CVM_TAP_PLAN;
  return known;
}

static gboolean
parse_comment (CvmTapLine *line,
               Span        span)
{
  Span name;

  span.p++;
  line->kind = CVM_TAP_COMMENT;
  set_text (line, span);

  name = (Span) { span.p, span.end };
  if (!take_string (&name, " Subtest"))
    return TRUE;

  if (take_string (&name, ":") || is_blank (name))
    {
      line->kind = CVM_TAP_SUBTEST;
      set_text (line, name);
    }

  return TRUE;
}

static gboolean
parse_version (CvmTapLine *line,
               Span        span)
{
  line->ktap = take_any_case (&span, "k");
  if (!take_any_case (&span, "tap") || span.p == span.end || !is_space (*span.p))
    return FALSE;

  skip_space (&span);
  if (!take_any_case (&span, "version") || span.p == span.end || !is_space (*span.p))
    return FALSE;

  skip_space (&span);
  if (!take_number (&span, &line->number) || !is_blank (span))
    return FALSE;

  line->kind = CVM_TAP_VERSION;
  return TRUE;
}

static gboolean
parse_bail_out (CvmTapLine *line,
                Span        span)
{
  if (!take_any_case (&span, "bail out!"))
    return FALSE;

  line->kind = CVM_TAP_BAIL_OUT;
  set_reason (line, span);
  return TRUE;
}

/* Bail-outs may stand behind any white space, in TAP 14 comments too. */
static gboolean
parse_behind_space (CvmTapLine    *line,
                    Span           span,
                    CvmTapDialect  dialect)
{
  skip_space (&span);
  if (dialect == CVM_TAP_DIALECT_14 && span.p < span.end && *span.p == '#')
    return parse_comment (line, span);

  return parse_bail_out (line, span);
}

static gboolean
take_pragma (Span          *span,
             CvmTapDialect  dialect)
{
  const char *name;

  if (span->p == span->end || (*span->p != '+' && *span->p != '-'))
    return FALSE;

  name = ++span->p;
  while (span->p < span->end
         && (is_word (*span->p) || (*span->p == '-' && dialect == CVM_TAP_DIALECT_14)))
    span->p++;

  return span->p > name;
}

static gboolean
parse_pragma (CvmTapLine    *line,
              Span           span,
              CvmTapDialect  dialect)
{
  Span list;

  if (dialect == CVM_TAP_DIALECT_12 || dialect == CVM_TAP_DIALECT_KTAP
      || !take_string (&span, "pragma"))
    return FALSE;
  if (span.p == span.end || !is_space (*span.p))
    return FALSE;

  list = trim (span);
  span = list;
  while (take_pragma (&span, dialect))
    {
      skip_space (&span);
      if (span.p == span.end)
        {
          line->kind = CVM_TAP_PRAGMA;
          set_text (line, list);
          return TRUE;
        }
      if (!take_string (&span, ","))
        break;
      skip_space (&span);
    }

  return FALSE;
}

static gboolean
parse_mark (CvmTapLine *line,
            Span        span)
{
  if (line->indent > 0 && take_string (&span, "---")
      && (span.p == span.end || is_space (*span.p)))
    line->kind = CVM_TAP_YAML_BEGIN;
  else if (take_string (&span, "}") && is_blank (span))
    line->kind = CVM_TAP_BLOCK_END;

  return line->kind != CVM_TAP_TEXT;
}

static gboolean
parse_content (CvmTapLine    *line,
               Span           span,
               CvmTapDialect  dialect)
{
  switch (span.p < span.end ? *span.p : '\0')
    {
    case 'o':
    case 'n':
      return parse_point (line, span, dialect);
    case '#':
      return parse_comment (line, span);
    case '1':
      return parse_plan (line, span, dialect);
    case 'T':
    case 't':
    case 'K':
    case 'k':
      return parse_version (line, span);
    case 'p':
      return parse_pragma (line, span, dialect);
    case '-':
    case '}':
      return parse_mark (line, span);
    case 'B':
    case 'b':
      return parse_bail_out (line, span);
    case '\t':
    case '\v':
    case '\f':
    case '\r':
      return parse_behind_space (line, span, dialect);
    default:
      return FALSE;
    }
}

/**
 * cvm_tap_line_parse:
 * @data: a line without its end
 * @len: bytes of it
 * @dialect: what the stream said of itself so far
 *
 * Leading spaces are counted in the line's indent and otherwise ignored: whether what they
 * introduce belongs to a subtest is the reader's to say.
 *
 * Points, plans, pragmas and bail-outs follow Perl's TAP::Parser::Grammar in TAP 12 and 13 (but
 * `Bail out!` may have any case, as TAP 14 says), the sections "Plan", "Test Points", "Escaping"
 * and "Pragmas" of the TAP 14 specification, and "Test case result lines" of the kernel's
 * ktap.rst. A line in colours is text, as it is to TAP::Parser.
 */
CvmTapLine
cvm_tap_line_parse (const char    *data,
                    gsize          len,
                    CvmTapDialect  dialect)
{
  CvmTapLine line = { .kind = CVM_TAP_TEXT };
  Span span = { data, data + len };

  while (span.p < span.end && *span.p == ' ')
    span.p++;

  line.indent = MIN ((gsize)(span.p - data), G_MAXUINT);
  if (!parse_content (&line, span, dialect))
    line = (CvmTapLine) { .kind = CVM_TAP_TEXT, .indent = line.indent,
                          .text = data, .text_len = len };

  return line;
}

/**
 * cvm_tap_line_strip:
 * @text: (inout): a line
 * @len: (inout): bytes of it
 * @first: whether it is a stream's first, where a byte order mark may stand
 *
 * Takes off what is not the line's content: its end, a byte order mark, and what is beyond
 * %CVM_TAP_LINE_MAX.
 *
 * Returns: TRUE when the line was longer than that
 */
gboolean
cvm_tap_line_strip (const char **text,
                    gsize       *len,
                    gboolean     first)
{
  gboolean cut;

  if (*len > 0 && (*text)[*len - 1] == '\n')
    (*len)--;

  if (*len > 0 && (*text)[*len - 1] == '\r')
    (*len)--;

  cut = *len > CVM_TAP_LINE_MAX;
  if (cut)
    *len = CVM_TAP_LINE_MAX;

  if (first && *len >= 3 && memcmp (*text, "\xef\xbb\xbf", 3) == 0)
    {
      *text += 3;
      *len -= 3;
    }

  return cut;
}

/**
 * cvm_tap_text_dup:
 * @text: a description or reason as the line has it
 * @len: bytes of it
 *
 * Returns: (transfer full): the text without the escapes `\#` and `\\` (TAP 14, "Escaping"), made
 *   valid UTF-8
 */
char *
cvm_tap_text_dup (const char *text,
                  gsize       len)
{
  g_autoptr(GString) plain = g_string_sized_new (len + 1);

  for (gsize i = 0; i < len; i++)
    {
      if (text[i] == '\\' && i + 1 < len && (text[i + 1] == '#' || text[i + 1] == '\\'))
        i++;
      g_string_append_c (plain, text[i]);
    }

  return g_utf8_make_valid (plain->str, plain->len);
}

/**
 * cvm_tap_text_next_number:
 * @text: (inout): a list of numbers with blanks between, as in TAP 12's `1..3 todo 2 3`
 * @len: (inout): bytes left of it
 * @number: (out): the next number
 *
 * Returns: FALSE at the end of the list
 */
gboolean
cvm_tap_text_next_number (const char **text,
                          gsize       *len,
                          guint64     *number)
{
  Span span = { *text, *text + *len };

  skip_space (&span);
  if (!take_number (&span, number))
    return FALSE;

  *text = span.p;
  *len = span.end - span.p;
  return TRUE;
}
