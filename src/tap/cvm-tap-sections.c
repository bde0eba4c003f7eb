/* cvm-tap-sections.c: the sections of a Tapper report
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules are those of the server's Tapper::TAP::Harness 5. A report with one plan is one
 * section; that it has but one is known only at its end: the whole is counted beside the cuts. */
#include "cvm-tap-sections.h"

#include <string.h>

#define NAME_COST 256   /* bytes that a name takes beside its text, about */

/* What TAP::Parser counts; a second plan counts only where the first came behind points. */
typedef struct
{
  gboolean  has_plan;
  gboolean  plan_last;   /* points, then a plan, and no point since */
  guint64   planned;
  guint64   run;
  guint64   passed;
} Count;

typedef struct
{
  CvmTapSection  told;
  Count          count;
  gboolean       is_bare;    /* it has no line that the server keeps */
  gboolean       has_ok;     /* a last `ok` alone is not counted yet: prove may have said it */
} Section;

struct _CvmTapSections
{
  GPtrArray     *sections;
  GHashTable    *names;           /* name → the last number tried for it */
  Section       *current;         /* the last of sections */

  Count          whole;
  CvmTapHeaders *headers;
  GHashTable    *whole_names;
  char          *whole_name;
  guint64        n_plan_lines;

  gsize          bytes;           /* of all headers and names */
  gboolean       is_cut;
  gboolean       is_explicit;     /* from the first explicit start on */
  gboolean       is_prove;        /* what `prove -v` prints: sections begin at file names */
  gboolean       has_version;     /* else the server puts one before everything */
  gboolean       bare_first;      /* that version is then a section of its own */
  gboolean       started;
  CvmTapKind     last;            /* kind of the line before */
};

static void
section_free (gpointer data)
{
  Section *section = data;

  cvm_tap_headers_unref (section->told.headers);
  g_free (section->told.name);
  g_free (section);
}

static Section *
section_new (void)
{
  Section *section = g_new0 (Section, 1);

  section->told.headers = cvm_tap_headers_new ();
  section->is_bare = TRUE;

  return section;
}

static void
count_plan (Count   *count,
            guint64  planned)
{
  if (count->has_plan && !count->plan_last)
    return;

  count->plan_last = !count->has_plan && count->run > 0;
  count->has_plan = TRUE;
  count->planned = planned;
}

static inline void
count_point (Count    *count,
             gboolean  good)
{
  count->run++;
  count->plan_last = FALSE;
  count->passed += good && !(count->has_plan && count->run > count->planned);
}

/* What the server sees: TAP 13, whatever the stream says of itself, and nothing indented. */
static CvmTapLine
line_of (const CvmTapEvent *event)
{
  CvmTapLine line = event->line;

  if (event->dialect != CVM_TAP_DIALECT_13
      && (event->kind == CVM_TAP_EVENT_TEXT || event->kind == CVM_TAP_EVENT_PLAN))
    line = cvm_tap_line_parse (event->text, event->text_len, CVM_TAP_DIALECT_13);

  if (event->kind == CVM_TAP_EVENT_DIAGNOSTICS)
    line.kind = CVM_TAP_YAML_BEGIN;
  else if (line.indent > 0 && line.kind != CVM_TAP_BAIL_OUT && line.kind != CVM_TAP_YAML_BEGIN)
    line.kind = CVM_TAP_TEXT;
  else if (line.ktap || line.kind == CVM_TAP_BLOCK_END)
    line.kind = CVM_TAP_TEXT;

  return line;
}

static gboolean
has_room (CvmTapSections *self,
          gsize           bytes)
{
  self->is_cut |= self->bytes + bytes > CVM_TAP_HEADER_BYTES_MAX;

  return self->bytes + bytes <= CVM_TAP_HEADER_BYTES_MAX;
}

/* Names ------------------------------------------------------------------------------------- */

static char *
numbered (const char *name,
          guint       number)
{
  gsize len = strlen (name);

  while (len > 0 && g_ascii_isdigit (name[len - 1]))
    len--;

  return g_strdup_printf ("%.*s%u", (int)len, name, number);
}

/* `one`, `one1`, `one2`; but `two7`, `two2`: a number at the end is replaced, from 2 on. */
static char *
unique_name (GHashTable *names,
             const char *name)
{
  g_autofree char *unique = g_strdup (name);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (names, name));

  if (number == 0 && g_ascii_isdigit (name[strlen (name) - 1]))
    number = 1;
  while (g_hash_table_contains (names, unique))
    {
      g_free (unique);
      unique = numbered (name, ++number);
    }

  g_hash_table_insert (names, g_strdup (name), GUINT_TO_POINTER (number));
  if (!g_hash_table_contains (names, unique))
    g_hash_table_insert (names, g_strdup (unique), GUINT_TO_POINTER (0));

  return g_steal_pointer (&unique);
}

/* A name of its own among @names; NULL when there is no room for it. */
static char *
take_name (CvmTapSections *self,
           GHashTable     *names,
           const char     *bytes,
           gsize           len)
{
  g_autofree char *name = g_utf8_make_valid (bytes, len);

  if (!has_room (self, 2 * len + NAME_COST))
    return NULL;

  self->bytes += 2 * len + NAME_COST;

  return unique_name (names, name);
}

/* The first name of a section stays, of a report with one plan the last. */
static void
name_section (CvmTapSections     *self,
              const CvmTapHeader *header)
{
  Section *section = self->current;
  char *name;

  if (section->told.name == NULL)
    section->told.name = take_name (self, self->names, header->value, header->value_len);
  if (self->n_plan_lines > 1)
    return;

  name = take_name (self, self->whole_names, header->value, header->value_len);
  if (name != NULL)
    {
      g_free (self->whole_name);
      self->whole_name = name;
    }
}

/* prove's name is taken even where a header has named the section already. */
static void
name_by_prove (CvmTapSections *self,
               const char     *text,
               gsize           len)
{
  g_autofree char *name = take_name (self, self->names, text, len);

  if (self->current->told.name == NULL)
    self->current->told.name = g_steal_pointer (&name);
}

static void
finish_name (CvmTapSection *section,
             guint          index)
{
  if (section->name == NULL)
    section->name = g_strdup_printf ("section-%03u", index);

  for (char *p = section->name; *p != '\0'; p++)
    {
      if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
        *p = '-';
    }
}

/* Cutting ----------------------------------------------------------------------------------- */

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* A file's name as prove -v says it: `^([-_\d\w\/.]*\w)\s?\.{2,}\s*$`. */
static gsize
prove_name (const char *text,
            gsize       len)
{
  gsize dots;

  while (len > 0 && g_ascii_isspace (text[len - 1]))
    len--;
  for (dots = 0; len > 0 && text[len - 1] == '.'; dots++)
    len--;
  if (dots >= 2 && len > 0 && g_ascii_isspace (text[len - 1]))
    len--;
  if (dots < 2 || len == 0 || !is_word (text[len - 1]))
    return 0;

  for (gsize i = 0; i < len; i++)
    {
      if (!is_word (text[i]) && strchr ("-/.", text[i]) == NULL)
        return 0;
    }

  return len;
}

/* Of a TAP line that is a header in column 0. */
static gboolean
is_header (const CvmTapEvent *event,
           const CvmTapLine  *line,
           CvmTapHeader      *header)
{
  return (line->kind == CVM_TAP_COMMENT || line->kind == CVM_TAP_SUBTEST)
         && cvm_tap_header_parse (event->text, event->text_len, header);
}

/* The server looks at these two before it reads any TAP: `^TAP Version`, `^1\.\.\d`. */
static gboolean
is_version_line (const CvmTapEvent *event)
{
  return event->text_len >= 11 && g_ascii_strncasecmp (event->text, "TAP version", 11) == 0;
}

static gboolean
is_plan_line (const CvmTapEvent *event)
{
  return event->text_len > 3 && memcmp (event->text, "1..", 3) == 0
         && g_ascii_isdigit (event->text[3]);
}

static gboolean
begins_section (CvmTapSections   *self,
                const CvmTapLine *line,
                gboolean          explicit,
                gboolean          prove)
{
  if (explicit)
    return self->last != CVM_TAP_VERSION;
  if (self->is_explicit)
    return FALSE;
  if (self->is_prove)
    return prove && self->last != CVM_TAP_VERSION && self->last != CVM_TAP_PLAN;

  return (line->kind == CVM_TAP_PLAN && self->last != CVM_TAP_VERSION)
         || (line->kind == CVM_TAP_VERSION && self->last != CVM_TAP_PLAN);
}

/* prove's own `ok` at the end of a file's output is no point of it. */
static void
close_section (CvmTapSections *self)
{
  if (self->current->has_ok && !self->is_prove)
    count_point (&self->current->count, TRUE);
  self->current->has_ok = FALSE;
}

static void
begin_section (CvmTapSections *self)
{
  if (self->current->is_bare && self->current->told.name == NULL)
    {
      self->bare_first |= self->sections->len == 1;
      return;
    }
  if (self->sections->len == CVM_TAP_SECTIONS_MAX)
    {
      self->is_cut = TRUE;
      return;
    }

  close_section (self);
  self->current = section_new ();
  g_ptr_array_add (self->sections, self->current);
}

/* Taking ------------------------------------------------------------------------------------ */

static void
take_point (CvmTapSections    *self,
            const CvmTapEvent *event)
{
  Section *section = self->current;
  gboolean good = event->line.ok || event->line.directive == CVM_TAP_TODO;
  gboolean is_first = section->is_bare && (self->sections->len > 1 || self->bare_first);

  if (G_UNLIKELY (section->has_ok))
    {
      section->has_ok = FALSE;
      count_point (&section->count, TRUE);
    }

  count_point (&self->whole, good);
  if (G_UNLIKELY (event->text_len == 2 && event->length < 4 && !is_first))
    section->has_ok = TRUE;
  else
    count_point (&section->count, good);
  section->is_bare = FALSE;

  self->last = CVM_TAP_POINT;
  self->started = TRUE;
}

static void
set_header (CvmTapSections     *self,
            CvmTapHeaders      *headers,
            const CvmTapHeader *header)
{
  gsize before = cvm_tap_headers_get_bytes (headers);

  if (!has_room (self, header->key_len + header->value_len))
    return;

  cvm_tap_headers_set (headers, header);
  self->bytes += cvm_tap_headers_get_bytes (headers) - before;
}

static void
take_header (CvmTapSections     *self,
             const CvmTapHeader *header)
{
  if (header->value_len == 0)
    return;

  if (cvm_tap_header_is (header, "section"))
    name_section (self, header);

  set_header (self, self->current->told.headers, header);
  set_header (self, self->headers, header);
}

/* What the section keeps of the line. */
static void
keep_line (CvmTapSections   *self,
           const CvmTapLine *line)
{
  Section *section = self->current;

  if (line->kind == CVM_TAP_TEXT)
    return;

  if (section->has_ok)
    count_point (&section->count, TRUE);
  section->has_ok = FALSE;
  section->is_bare = FALSE;

  if (line->kind == CVM_TAP_PLAN)
    {
      count_plan (&section->count, line->number);
      count_plan (&self->whole, line->number);
    }
}

static void
take_line (CvmTapSections    *self,
           const CvmTapEvent *event)
{
  CvmTapLine line = line_of (event);
  CvmTapHeader header;
  gboolean has_header = is_header (event, &line, &header);
  gboolean explicit = has_header && cvm_tap_header_is (&header, "explicit-section-start");
  gsize prove_len = line.kind == CVM_TAP_TEXT ? prove_name (event->text, event->text_len) : 0;

  self->is_prove |= prove_len > 0;
  self->is_explicit |= explicit;
  self->has_version |= is_version_line (event);
  self->n_plan_lines += is_plan_line (event);

  if (self->started && begins_section (self, &line, explicit, prove_len > 0))
    begin_section (self);

  keep_line (self, &line);
  if (has_header)
    take_header (self, &header);
  if (prove_len > 0)
    name_by_prove (self, event->text, prove_len);

  self->started = TRUE;
  self->last = line.kind;
}

CvmTapSections *
cvm_tap_sections_new (void)
{
  CvmTapSections *self = g_new0 (CvmTapSections, 1);

  self->sections = g_ptr_array_new_with_free_func (section_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->whole_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->headers = cvm_tap_headers_new ();
  self->current = section_new ();
  g_ptr_array_add (self->sections, self->current);

  return self;
}

void
cvm_tap_sections_free (CvmTapSections *self)
{
  g_ptr_array_unref (self->sections);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->whole_names);
  cvm_tap_headers_unref (self->headers);
  g_free (self->whole_name);
  g_free (self);
}

/**
 * cvm_tap_sections_take:
 * @event: the next event of a stream
 * @sections: a #CvmTapSections
 *
 * Can be a reader's handler as it is.
 */
void
cvm_tap_sections_take (const CvmTapEvent *event,
                       gpointer           sections)
{
  CvmTapSections *self = sections;

  if (event->kind == CVM_TAP_EVENT_POINT && event->depth == 0)
    take_point (self, event);
  else if (event->kind != CVM_TAP_EVENT_SUBTEST_BEGIN && event->kind != CVM_TAP_EVENT_SUBTEST_END)
    take_line (self, event);
}

static void
tell_count (CvmTapSection *told,
            const Count   *count)
{
  told->has_plan = count->has_plan;
  told->planned = count->planned;
  told->run = count->run;
  told->passed = count->passed;
  told->failed = count->run - count->passed;
}

/* One plan: one section, with all that was said anywhere. */
static void
join_sections (CvmTapSections *self)
{
  Section *section = section_new ();

  cvm_tap_headers_unref (section->told.headers);
  section->told.headers = cvm_tap_headers_ref (self->headers);
  section->told.name = g_steal_pointer (&self->whole_name);
  section->count = self->whole;
  g_ptr_array_set_size (self->sections, 0);
  g_ptr_array_add (self->sections, section);
  self->current = section;
}

/**
 * cvm_tap_sections_end:
 * @self: sections that took all events of a stream; to be called once
 *
 * There is at least one section, as the server makes one even of nothing.
 */
void
cvm_tap_sections_end (CvmTapSections *self)
{
  close_section (self);
  if (self->n_plan_lines == 1)
    join_sections (self);
  else if (self->bare_first && !self->has_version)
    g_ptr_array_insert (self->sections, 0, section_new ());

  for (guint i = 0; i < self->sections->len; i++)
    {
      Section *section = g_ptr_array_index (self->sections, i);

      finish_name (&section->told, i);
      tell_count (&section->told, &section->count);
    }
}

guint
cvm_tap_sections_get_n (const CvmTapSections *self)
{
  return self->sections->len;
}

/**
 * cvm_tap_sections_get:
 * @self: sections that were ended
 * @index: less than their number
 *
 * Returns: (transfer none): a section, in the order of the stream
 */
const CvmTapSection *
cvm_tap_sections_get (const CvmTapSections *self,
                      guint                 index)
{
  const Section *section = g_ptr_array_index (self->sections, index);

  return &section->told;
}

/**
 * cvm_tap_sections_get_headers:
 * @self: sections
 *
 * Returns: (transfer none): the report's headers, those of all its sections: the last of a key wins
 */
const CvmTapHeaders *
cvm_tap_sections_get_headers (const CvmTapSections *self)
{
  return self->headers;
}

/**
 * cvm_tap_sections_is_whole:
 * @self: sections
 *
 * Returns: FALSE when sections, names or headers were beyond the limits and are missing
 */
gboolean
cvm_tap_sections_is_whole (const CvmTapSections *self)
{
  return !self->is_cut;
}
