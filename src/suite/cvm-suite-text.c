/* cvm-suite-text.c: a suite's text, cut into lines and blocks, and put together again
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-text.h"

#include <string.h>

#define BLANK " \t\r"

typedef struct
{
  gsize  begin, end;
  char  *insert;
} Cut;

/* Lines ------------------------------------------------------------------------------------ */

static gsize
line_begin (const CvmSuiteText *self,
            guint               line)     /* from 0 */
{
  return g_array_index (self->lines, gsize, line);
}

static guint
n_lines (const CvmSuiteText *self)
{
  return self->lines->len - 1;
}

static void
index_lines (CvmSuiteText *self)
{
  gsize begin = 0;

  while (begin < self->len)
    {
      const char *newline = strchr (self->text + begin, '\n');

      g_array_append_val (self->lines, begin);
      begin = newline != NULL ? (gsize)(newline + 1 - self->text) : self->len;
    }
  g_array_append_val (self->lines, self->len);
}

static gboolean
is_comment (const CvmSuiteText *self,
            guint               line)
{
  return line < n_lines (self) && self->text[line_begin (self, line)] == '#';
}

static gboolean
is_blank (const CvmSuiteText *self,
          guint               line)
{
  gsize begin = line_begin (self, line);

  return line < n_lines (self)
         && begin + strspn (self->text + begin, BLANK "\n") >= line_begin (self, line + 1);
}

CvmSuiteText *
cvm_suite_text_new (const char  *text,
                    const char  *name,
                    GError     **error)
{
  gsize len = strlen (text);
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data (text, len, name, error);
  const char *newline = strchr (text, '\n');
  CvmSuiteText *self;

  if (file == NULL)
    return NULL;

  self = g_new (CvmSuiteText, 1);
  *self = (CvmSuiteText) {
    .text = g_strndup (text, len), .len = len, .file = g_steal_pointer (&file),
    .lines = g_array_new (FALSE, FALSE, sizeof (gsize)),
    .eol = newline != NULL && newline > text && newline[-1] == '\r' ? "\r\n" : "\n",
  };
  index_lines (self);

  return self;
}

void
cvm_suite_text_free (CvmSuiteText *self)
{
  g_free (self->text);
  g_object_unref (self->file);
  g_array_unref (self->lines);
  g_free (self);
}

/* Groups ----------------------------------------------------------------------------------- */

int
cvm_suite_text_find_group (const CvmSuiteText *self,
                           const char         *kind,
                           const char         *id)
{
  for (guint i = 0; i < cvm_keyfile_n_groups (self->file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (self->file, i);

      if (g_str_equal (group->kind, kind) && g_str_equal (group->id, id))
        return (int)i;
    }

  return -1;
}

const CvmKeyfileEntry *
cvm_suite_text_find (const CvmSuiteText *self,
                     guint               group,
                     const char         *key)
{
  const CvmKeyfileGroup *of = cvm_keyfile_group (self->file, group);

  return cvm_keyfile_find (self->file, of->kind, of->id, key);
}

/* The first of the comment lines directly above a group's header, or the header's; from 0 */
static guint
lead_line (const CvmSuiteText *self,
           guint               group)
{
  guint line = cvm_keyfile_group (self->file, group)->line - 1;

  while (line > 0 && is_comment (self, line - 1))
    line--;

  return line;
}

/* Of its last entry or else its header; from 0 */
static guint
last_line (const CvmSuiteText *self,
           guint               group)
{
  guint n_entries = cvm_keyfile_n_entries (self->file, group);

  return n_entries > 0 ? cvm_keyfile_entry (self->file, group, n_entries - 1)->line - 1
                       : cvm_keyfile_group (self->file, group)->line - 1;
}

static guint
end_line (const CvmSuiteText *self,
          guint               group)
{
  guint line = last_line (self, group) + 1;
  guint limit = group + 1 < cvm_keyfile_n_groups (self->file) ? lead_line (self, group + 1)
                                                              : n_lines (self);

  while (line < limit && is_comment (self, line))
    line++;

  return line;
}

CvmSuiteBlock
cvm_suite_text_block (const CvmSuiteText *self,
                      guint               group)
{
  return (CvmSuiteBlock) {
    .lead = line_begin (self, lead_line (self, group)),
    .header = line_begin (self, cvm_keyfile_group (self->file, group)->line - 1),
    .end = line_begin (self, end_line (self, group)),
  };
}

/* Cuts ------------------------------------------------------------------------------------- */

static void
cut_clear (gpointer cut)
{
  g_free (((Cut *)cut)->insert);
}

GArray *
cvm_suite_cuts_new (void)
{
  GArray *cuts = g_array_new (FALSE, FALSE, sizeof (Cut));

  g_array_set_clear_func (cuts, cut_clear);

  return cuts;
}

void
cvm_suite_cuts_add (GArray *cuts,
                    gsize   begin,
                    gsize   end,
                    char   *insert)
{
  Cut cut = { begin, end, insert };

  g_array_append_val (cuts, cut);
}

static void
cut_line (GArray             *cuts,
          const CvmSuiteText *text,
          guint               line)      /* from 1 */
{
  cvm_suite_cuts_add (cuts, line_begin (text, line - 1), line_begin (text, line), NULL);
}

/* Where the value of an entry stands, without the blanks around it */
static void
measure_value (const CvmSuiteText *text,
               guint               line,
               gsize              *begin,
               gsize              *end)
{
  const char *value = strchr (text->text + line_begin (text, line - 1), '=') + 1;

  *begin = (gsize)(value - text->text);
  *end = line_begin (text, line);
  while (*end > *begin && strchr (BLANK "\n", text->text[*end - 1]) != NULL)
    (*end)--;
  while (*begin < *end && strchr (BLANK, text->text[*begin]) != NULL)
    (*begin)++;
}

static void
cut_value (GArray             *cuts,
           const CvmSuiteText *text,
           guint               line,
           const char         *raw)
{
  gsize begin, end;

  measure_value (text, line, &begin, &end);
  cvm_suite_cuts_add (cuts, begin, end, g_strdup (raw));
}

/* Whole lines, behind line LINE (from 0: at the beginning), which may lack its end */
static void
insert_behind (GArray             *cuts,
               const CvmSuiteText *text,
               guint               line,
               const char         *lines)
{
  gsize at = line_begin (text, line);
  gboolean is_open = at > 0 && text->text[at - 1] != '\n';

  cvm_suite_cuts_add (cuts, at, at, g_strconcat (is_open ? text->eol : "", lines, NULL));
}

void
cvm_suite_cuts_set (GArray             *cuts,
                    const CvmSuiteText *text,
                    guint               group,
                    const char         *key,
                    const char         *raw)
{
  const CvmKeyfileEntry *entry = cvm_suite_text_find (text, group, key);
  g_autofree char *line = g_strconcat (key, "=", raw != NULL ? raw : "", text->eol, NULL);

  if (entry != NULL && raw != NULL)
    cut_value (cuts, text, entry->line, raw);
  else if (entry != NULL)
    cut_line (cuts, text, entry->line);
  else if (raw != NULL)
    insert_behind (cuts, text, g_str_equal (key, "Title")
                               ? cvm_keyfile_group (text->file, group)->line
                               : last_line (text, group) + 1, line);
}

void
cvm_suite_cuts_remove_group (GArray             *cuts,
                             const CvmSuiteText *text,
                             guint               group)
{
  guint begin = lead_line (text, group);
  guint end = end_line (text, group);

  if (begin == 0 || is_blank (text, begin - 1))
    {
      while (end < n_lines (text) && is_blank (text, end))
        end++;
    }
  while (end == n_lines (text) && begin > 0 && is_blank (text, begin - 1))
    begin--;

  cvm_suite_cuts_add (cuts, line_begin (text, begin), line_begin (text, end), NULL);
}

void
cvm_suite_cuts_insert_group (GArray             *cuts,
                             const CvmSuiteText *text,
                             int                 after,
                             const char         *block)
{
  guint line = after >= 0 ? end_line (text, (guint)after) : 0;
  g_autofree char *behind = g_strconcat (text->eol, block, NULL);
  g_autofree char *above = g_strconcat (block, text->eol, NULL);

  if (after >= 0)
    insert_behind (cuts, text, line, behind);
  else if (cvm_keyfile_n_groups (text->file) > 0)
    insert_behind (cuts, text, lead_line (text, 0), above);
  else
    insert_behind (cuts, text, n_lines (text), block);
}

/* Ids that others name --------------------------------------------------------------------- */

/* RAW with each item that is OLD_ID being NEW_ID, or gone; NULL if there is none */
static char *
replace_item (const char *raw,
              const char *old_id,
              const char *new_id)
{
  gsize old_len = strlen (old_id);
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean has_found = FALSE;

  while (*raw != '\0')
    {
      gsize len = strcspn (raw, ";");
      gsize with_end = len + (raw[len] == ';');
      gboolean is_it = len == old_len && strncmp (raw, old_id, len) == 0;

      if (!is_it)
        g_string_append_len (text, raw, with_end);
      else if (new_id != NULL)
        g_string_append_printf (text, "%s%s", new_id, raw[len] == ';' ? ";" : "");
      has_found |= is_it;
      raw += with_end;
    }

  return has_found ? g_strdup (text->str) : NULL;
}

static void
rename_in_needs (GArray             *cuts,
                 const CvmSuiteText *text,
                 guint               group,
                 const char         *old_id,
                 const char         *new_id)
{
  const CvmKeyfileEntry *needs = cvm_suite_text_find (text, group, "Needs");
  g_autofree char *raw = needs != NULL ? replace_item (needs->raw, old_id, new_id) : NULL;

  if (raw != NULL)
    cvm_suite_cuts_set (cuts, text, group, "Needs", *raw != '\0' ? raw : NULL);
}

static void
rename_in_preset (GArray             *cuts,
                  const CvmSuiteText *text,
                  guint               group,
                  const char         *old_id,
                  const char         *new_id)
{
  gsize len = strlen (old_id);

  for (guint i = 0; i < cvm_keyfile_n_entries (text->file, group); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (text->file, group, i);
      gsize begin = line_begin (text, entry->line - 1);

      if (strncmp (entry->key, old_id, len) != 0 || entry->key[len] != '.')
        continue;

      if (new_id != NULL)
        cvm_suite_cuts_add (cuts, begin, begin + len, g_strdup (new_id));
      else
        cut_line (cuts, text, entry->line);
    }
}

void
cvm_suite_cuts_rename (GArray             *cuts,
                       const CvmSuiteText *text,
                       const char         *old_id,
                       const char         *new_id)
{
  for (guint i = 0; i < cvm_keyfile_n_groups (text->file); i++)
    {
      const char *kind = cvm_keyfile_group (text->file, i)->kind;

      if (g_str_equal (kind, "Case") || g_str_equal (kind, "Precondition"))
        rename_in_needs (cuts, text, i, old_id, new_id);
      else if (g_str_equal (kind, "Preset"))
        rename_in_preset (cuts, text, i, old_id, new_id);
    }
}

static int
compare_cuts (gconstpointer a,
              gconstpointer b)
{
  const Cut *x = a;
  const Cut *y = b;

  return x->begin < y->begin ? -1 : x->begin > y->begin;
}

char *
cvm_suite_cuts_apply (GArray             *cuts,
                      const CvmSuiteText *text)
{
  GString *result = g_string_sized_new (text->len + 64);
  gsize at = 0;

  g_array_sort (cuts, compare_cuts);
  for (guint i = 0; i < cuts->len; i++)
    {
      const Cut *cut = &g_array_index (cuts, Cut, i);

      if (cut->begin < at)     /* inside of what goes as a whole */
        continue;

      g_string_append_len (result, text->text + at, cut->begin - at);
      if (cut->insert != NULL)
        g_string_append (result, cut->insert);
      at = cut->end;
    }
  g_string_append_len (result, text->text + at, text->len - at);

  return g_string_free (result, FALSE);
}
