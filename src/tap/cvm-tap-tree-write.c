/* cvm-tap-tree-write.c: any tree as a stream of TAP 13 or 14
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Points keep their bytes where those are read back as what they were, and are escaped where not.
 * Subtests come before their points, blocks are closed, junk becomes comments. */
#include "cvm-tap-tree-write.h"

#include <string.h>

#include "cvm-tap-writer-private.h"

#define YAML_GROWTH 16   /* how much longer than a block its values may be written out */

typedef struct
{
  const CvmTapTree *tree;
  CvmTapDialect     dialect;      /* what is written */
  GString          *out;
  gboolean          after_point;  /* a diagnostics block may follow */
  gboolean          by_position;  /* number the outermost points as they come */
  guint64           run;          /* outermost points so far */
} Writing;

/* A level of the tree being written. */
typedef struct
{
  guint      depth;
  gboolean   hides_plans;  /* it is read as one with another */
  gboolean   is_joined;    /* its subtests up to the next point will be read as one */
  CvmTapNode early;        /* plans before this node are written already */
} Level;

static void write_level (Writing    *self,
                         CvmTapNode  first,
                         guint       depth,
                         gboolean    hides_plans);

static gboolean
is_modern (CvmTapDialect dialect)
{
  return dialect == CVM_TAP_DIALECT_14 || dialect == CVM_TAP_DIALECT_KTAP;
}

static void
append_indent (Writing *self,
               guint    indent)
{
  for (guint i = 0; i < indent; i++)
    g_string_append_c (self->out, ' ');
}

/* Comments ----------------------------------------------------------------------------------- */

/* What the target cannot say is told as it was; the mark keeps it from meaning anything. */
static void
write_as_comments (Writing    *self,
                   const char *text,
                   gsize       len,
                   guint       depth)
{
  const char *end = text + len;

  while (text < end)
    {
      const char *newline = memchr (text, '\n', end - text);
      const char *stop = newline != NULL ? newline : end;

      append_indent (self, depth * 4);
      g_string_append (self->out, "#> ");
      g_string_append_len (self->out, text, stop - text);
      g_string_append_c (self->out, '\n');
      text = stop + 1;
    }
}

static void
write_comment (Writing    *self,
               CvmTapNode  node,
               guint       depth)
{
  CvmTapLine line = cvm_tap_node_line (self->tree, node);
  gsize len;
  const char *text = cvm_tap_node_text (self->tree, node, &len);

  cvm_tap_line_strip (&text, &len, FALSE);
  while (len > 0 && *text != '#')
    {
      text++;
      len--;
    }

  if (line.kind == CVM_TAP_SUBTEST)
    self->after_point = FALSE;
  append_indent (self, line.indent > 0 ? depth * 4 : 0);
  g_string_append_len (self->out, text, len);
  g_string_append_c (self->out, '\n');
}

static void
write_text (Writing    *self,
            CvmTapNode  node,
            guint       depth)
{
  CvmTapLine line = cvm_tap_node_line (self->tree, node);
  gsize len;
  const char *text = cvm_tap_node_text (self->tree, node, &len);

  cvm_tap_line_strip (&text, &len, FALSE);
  while (len > 0 && g_ascii_isspace (text[len - 1]))
    len--;
  if (len > 0 && line.kind != CVM_TAP_BLOCK_END)
    write_as_comments (self, text, len, depth);
}

/* Points ------------------------------------------------------------------------------------- */

typedef struct
{
  gboolean         ok;
  guint64          number;
  CvmTapDirective  directive;
  GString         *text;     /* still escaped */
  GString         *reason;
} Point;

static void
point_clear (Point *point)
{
  g_string_free (point->text, TRUE);
  g_string_free (point->reason, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Point, point_clear)

static void
append_spaced (GString       *text,
               const char    *what,
               const GString *more)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", what);
  if (more->len > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_len (text, more->str, more->len);
    }
}

/* TAP 13 and TAP 14 differ in whether a skipped point can fail: the outcome stays, and the
 * directive where it can. */
static void
keep_outcome (Writing       *self,
              Point         *point,
              CvmTapDialect  dialect)
{
  if (point->ok || point->directive != CVM_TAP_SKIP
      || is_modern (dialect) == is_modern (self->dialect))
    return;

  point->ok = is_modern (dialect);
  if (!point->ok)
    {
      point->directive = CVM_TAP_NO_DIRECTIVE;
      append_spaced (point->text, "\\# SKIP", point->reason);
    }
}

static void
read_point (Writing    *self,
            CvmTapNode  node,
            guint       depth,
            Point      *point)
{
  CvmTapLine line = cvm_tap_node_line (self->tree, node);

  point->ok = line.ok;
  point->number = cvm_tap_node_number (self->tree, node);
  point->directive = line.directive;
  point->text = g_string_new_len (line.text, line.text_len);
  point->reason = g_string_new_len (line.reason, line.reason_len);

  if (depth == 0 && self->by_position)
    point->number = ++self->run;
  if (point->directive == CVM_TAP_NO_DIRECTIVE && point->reason->len > 0)
    append_spaced (point->text, "#", point->reason);   /* KTAP's diagnostic data */

  keep_outcome (self, point, cvm_tap_node_dialect (self->tree, node));
}

static void
append_point (const Point *point,
              GString     *out)
{
  g_string_append_printf (out, "%sok %" G_GUINT64_FORMAT, point->ok ? "" : "not ", point->number);
  if (point->text->len > 0)
    {
      g_string_append (out, " - ");
      g_string_append_len (out, point->text->str, point->text->len);
    }

  if (point->directive == CVM_TAP_NO_DIRECTIVE)
    return;

  g_string_append (out, point->directive == CVM_TAP_SKIP ? " # SKIP" : " # TODO");
  if (point->reason->len > 0)
    {
      g_string_append_c (out, ' ');
      g_string_append_len (out, point->reason->str, point->reason->len);
    }
}

/* Every `#` and `\` with a backslash before it; one that has it keeps it. */
static void
escape (GString *text)
{
  for (gsize i = 0; i < text->len; i++)
    {
      if (text->str[i] == '\\' && i + 1 < text->len && strchr ("#\\", text->str[i + 1]) != NULL)
        i++;
      else if (text->str[i] == '\\' || text->str[i] == '#')
        g_string_insert_c (text, i++, '\\');
    }

  if (text->len > 0 && text->str[text->len - 1] == '{')
    {
      g_string_truncate (text, text->len - 1);
      g_string_append (text, "\\x7b");
    }
}

static gboolean
is_same (const char *text,
         gsize       len,
         const char *other,
         gsize       other_len)
{
  g_autofree char *plain = cvm_tap_text_dup (text, len);
  g_autofree char *other_plain = cvm_tap_text_dup (other, other_len);

  return g_str_equal (plain, other_plain);
}

static gboolean
is_read_back (Writing     *self,
              const Point *point,
              const char  *text,
              gsize        len)
{
  CvmTapLine line = cvm_tap_line_parse (text, len, self->dialect);

  return line.kind == CVM_TAP_POINT && line.ok == point->ok && line.number == point->number
         && line.directive == point->directive && !line.buffered
         && is_same (line.text, line.text_len, point->text->str, point->text->len)
         && (point->directive == CVM_TAP_NO_DIRECTIVE
             || is_same (line.reason, line.reason_len, point->reason->str, point->reason->len));
}

static void
write_point (Writing    *self,
             CvmTapNode  node,
             guint       depth)
{
  g_auto(Point) point = { 0 };
  gsize start;

  read_point (self, node, depth, &point);
  append_indent (self, depth * 4);
  start = self->out->len;
  append_point (&point, self->out);
  if (!is_read_back (self, &point, self->out->str + start, self->out->len - start))
    {
      g_string_truncate (self->out, start);
      escape (point.text);
      escape (point.reason);
      append_point (&point, self->out);
    }

  g_string_append_c (self->out, '\n');
  self->after_point = TRUE;
}

/* Diagnostics -------------------------------------------------------------------------------- */

static gsize
count_spaces (const char *text,
              gsize       len)
{
  gsize n = 0;

  while (n < len && text[n] == ' ')
    n++;

  return n;
}

/* The block as it is, its own indentation replaced. */
static void
write_raw_block (Writing    *self,
                 const char *text,
                 gsize       len,
                 guint       indent)
{
  const char *end = text + len;
  gsize old = count_spaces (text, len);

  while (text < end)
    {
      const char *newline = memchr (text, '\n', end - text);
      const char *stop = newline != NULL ? newline : end;

      for (gsize i = 0; i < old && text < stop && *text == ' '; i++)
        text++;
      append_indent (self, text < stop ? indent : 0);
      g_string_append_len (self->out, text, stop - text);
      g_string_append_c (self->out, '\n');
      text = stop + 1;
    }
}

/* TAP::Parser gives up the whole stream at YAML that it cannot read: TAP 13 gets the values. */
static gboolean
write_block (Writing    *self,
             const char *text,
             gsize       len,
             gboolean    open,
             guint       indent)
{
  g_autoptr(CvmTapYaml) yaml = NULL;

  if (!self->after_point)
    return FALSE;
  if (self->dialect == CVM_TAP_DIALECT_13)
    {
      yaml = len <= CVM_TAP_YAML_MAX ? cvm_tap_yaml_parse (text, len, NULL) : NULL;

      return yaml != NULL && cvm_tap_yaml_write (yaml, indent, len * YAML_GROWTH, self->out);
    }
  write_raw_block (self, text, len, indent);
  if (open)
    {
      append_indent (self, indent);
      g_string_append (self->out, "...\n");
    }

  return TRUE;
}

/* Whether a block's last line is its mark: dots where the block begins. */
static gboolean
is_closed (const char *text,
           gsize       len)
{
  gsize indent = count_spaces (text, len);
  gsize start;

  while (len > 0 && g_ascii_isspace (text[len - 1]))
    len--;
  for (start = len; start > 0 && text[start - 1] != '\n'; start--)
    ;

  return len - start == indent + 3 && count_spaces (text + start, len - start) == indent
         && memcmp (text + len - 3, "...", 3) == 0;
}

static void
write_diagnostics (Writing    *self,
                   CvmTapNode  node,
                   guint       depth)
{
  gsize len;
  const char *bytes = cvm_tap_node_text (self->tree, node, &len);
  g_autoptr(GString) text = g_string_sized_new (len);

  for (gsize i = 0; i < len; i++)
    {
      if (bytes[i] != '\r' || i + 1 == len || bytes[i + 1] != '\n')
        g_string_append_c (text, bytes[i]);
    }

  if (!write_block (self, text->str, text->len, !is_closed (text->str, text->len), depth * 4 + 2))
    write_as_comments (self, text->str, text->len, depth);
}

/* Plans -------------------------------------------------------------------------------------- */

static void
write_plan (Writing     *self,
            CvmTapNode   node,
            const Level *level)
{
  CvmTapLine line = cvm_tap_node_line (self->tree, node);
  gboolean skips = line.number == 0
                   || (line.directive == CVM_TAP_SKIP && self->dialect == CVM_TAP_DIALECT_13);

  append_indent (self, level->depth * 4);
  g_string_append_printf (self->out, "%s1..%" G_GUINT64_FORMAT "%s",
                          level->hides_plans ? "#> " : "", line.number, skips ? " # SKIP" : "");
  if (line.reason_len > 0)
    {
      gboolean may_tell = skips || self->dialect == CVM_TAP_DIALECT_14;

      g_string_append (self->out, may_tell ? skips ? " " : " # " : "\n#> ");
      g_string_append_len (self->out, line.reason, line.reason_len);
    }

  g_string_append_c (self->out, '\n');
}

/* Only KTAP lets a stream have no plan. */
static void
add_plan (Writing *self)
{
  const CvmTapNumbers *numbers = cvm_tap_tree_get_numbers (self->tree);

  if (numbers->dialect == CVM_TAP_DIALECT_KTAP && !numbers->has_plan && numbers->run > 0)
    g_string_append_printf (self->out, "1..%" G_GUINT64_FORMAT "\n", numbers->run);
}

/* What stands between here and the next point: in TAP 14 no plan is seen behind a subtest, so plans
 * come first; and several subtests are read as one, of which no plan is right. */
static void
begin_subtests (Writing    *self,
                Level      *level,
                CvmTapNode  node)
{
  gboolean done = FALSE;
  guint n = 0;

  if (node < level->early)
    return;

  for (; node != CVM_TAP_NODE_NONE && !done; node = cvm_tap_tree_next (self->tree, node))
    {
      CvmTapEventKind kind = cvm_tap_node_kind (self->tree, node);
      CvmTapNode inner = cvm_tap_tree_children (self->tree, node);

      done = kind == CVM_TAP_EVENT_POINT;
      level->early = node + 1;
      if (kind == CVM_TAP_EVENT_PLAN)
        write_plan (self, node, level);
      if (inner != CVM_TAP_NODE_NONE && (!done || inner > node))
        n += !cvm_tap_node_buffered (self->tree, node);
    }

  level->is_joined = n > 1;
}

/* The whole ---------------------------------------------------------------------------------- */

static void
write_point_and_block (Writing    *self,
                       Level      *level,
                       CvmTapNode  node)
{
  CvmTapNode inner = cvm_tap_tree_children (self->tree, node);

  if (inner != CVM_TAP_NODE_NONE && inner > node)
    write_level (self, inner, level->depth + 1, level->hides_plans || level->is_joined);

  level->is_joined = FALSE;
  write_point (self, node, level->depth);
}

static void
write_node (Writing    *self,
            Level      *level,
            CvmTapNode  node)
{
  switch (cvm_tap_node_kind (self->tree, node))
    {
    case CVM_TAP_EVENT_POINT:
      write_point_and_block (self, level, node);
      return;
    case CVM_TAP_EVENT_COMMENT:
      write_comment (self, node, level->depth);
      return;
    case CVM_TAP_EVENT_DIAGNOSTICS:
      write_diagnostics (self, node, level->depth);
      break;
    case CVM_TAP_EVENT_PLAN:
      if (node >= level->early)
        write_plan (self, node, level);
      break;
    case CVM_TAP_EVENT_SUBTEST_BEGIN:
      if (cvm_tap_node_buffered (self->tree, node))
        return;
      begin_subtests (self, level, node);
      write_level (self, cvm_tap_tree_children (self->tree, node), level->depth + 1,
                   level->hides_plans || level->is_joined);
      break;
    case CVM_TAP_EVENT_BAIL_OUT:
      {
        CvmTapLine line = cvm_tap_node_line (self->tree, node);

        g_string_append (self->out, "Bail out! ");
        g_string_append_len (self->out, line.reason, line.reason_len);
        g_string_append_c (self->out, '\n');
      }
      break;
    case CVM_TAP_EVENT_TEXT:
      write_text (self, node, level->depth);
      return;
    case CVM_TAP_EVENT_VERSION:
    case CVM_TAP_EVENT_PRAGMA:
    case CVM_TAP_EVENT_SUBTEST_END:
    default:
      break;
    }

  self->after_point = FALSE;
}

static void
write_level (Writing    *self,
             CvmTapNode  first,
             guint       depth,
             gboolean    hides_plans)
{
  Level level = { .depth = depth, .hides_plans = hides_plans };

  for (CvmTapNode node = first; node != CVM_TAP_NODE_NONE;
       node = cvm_tap_tree_next (self->tree, node))
    write_node (self, &level, node);
}

static CvmTapWord
judge (const char *text,
       gsize       len)
{
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (cvm_tap_verdict_take, verdict);

  cvm_tap_reader_feed (reader, text, len);
  cvm_tap_reader_end (reader);

  return cvm_tap_verdict_end (verdict)->word;
}

/**
 * cvm_tap_tree_write:
 * @tree: a tree that was ended
 * @version: 13 or 14
 * @out: gets the stream, its version line first
 *
 * Whatever the tree was read from, what is written is read back as the same points with the same
 * numbers, descriptions and directives, and as the same verdict; TAP 13 also by Perl's TAP::Parser.
 * Where the dialects disagree the verdict wins: points of TAP 14 that came in another order are
 * numbered as they come, and errors that the target does not know are told by a second version
 * line.
 * Only a point that its subtest contradicts, which TAP 13 lets pass, fails as TAP 14.
 */
void
cvm_tap_tree_write (const CvmTapTree *tree,
                    guint             version,
                    GString          *out)
{
  const CvmTapNumbers *numbers = cvm_tap_tree_get_numbers (tree);
  const char *first_line = version == 14 ? "TAP version 14\n" : "TAP version 13\n";
  gsize start = out->len;
  Writing writing = {
    .tree = tree,
    .dialect = version == 14 ? CVM_TAP_DIALECT_14 : CVM_TAP_DIALECT_13,
    .out = out,
    .by_position = numbers->dialect == CVM_TAP_DIALECT_14 && version != 14
                   && numbers->errors[CVM_TAP_ERROR_SEQUENCE] == 0,
  };

  g_string_append (out, first_line);
  add_plan (&writing);
  write_level (&writing, cvm_tap_tree_first (tree), 0, FALSE);

  if (numbers->word == CVM_TAP_FAIL && judge (out->str + start, out->len - start) != CVM_TAP_FAIL)
    {
      g_string_insert (out, start, "#> It has errors that this version of TAP does not know.\n");
      g_string_insert (out, start, first_line);
    }
}
