/* cvm-suite-edit-items.c: preconditions and cases come, go, move and get other names
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cvm-id.h"
#include "cvm-suite-edit-private.h"
#include "cvm-text.h"

static gboolean
check_item (CvmSuiteEdit  *self,
            guint          item,
            GError       **error)
{
  if (self->parsed == NULL)
    return cvm_suite_edit_refuse (error, "%s cannot be read; mend its text first", self->path);

  return item < self->items->len || cvm_suite_edit_refuse (error, "there is no such item");
}

static gboolean
is_precondition (CvmSuiteEdit *self,
                 guint         item)
{
  guint group = cvm_suite_edit_group (self, item);

  return g_str_equal (cvm_keyfile_group (self->parsed->file, group)->kind, "Precondition");
}

/* How many preconditions stand before the first case */
static guint
count_preconditions (CvmSuiteEdit *self)
{
  guint count = 0;

  while (count < self->items->len && is_precondition (self, count))
    count++;

  return count;
}

/* Adding ----------------------------------------------------------------------------------- */

/* "ssh.login": login, login-2, login-3… */
static char *
free_id (CvmSuiteEdit *self,
         const char   *wanted)
{
  const char *dot = strrchr (wanted, '.');
  g_autofree char *base = g_ascii_strdown (dot != NULL ? dot + 1 : wanted, 56);
  char *id;

  g_strcanon (base, "abcdefghijklmnopqrstuvwxyz0123456789-", '-');
  if (!cvm_id_is_valid (base))
    {
      g_free (base);
      base = g_strdup ("check");
    }

  id = g_strdup (base);
  for (guint i = 2; cvm_suite_edit_find (self, id) >= 0; i++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%u", base, i);
    }

  return id;
}

/* Inserts BLOCK as the item with number PLACE; returns that, or -1. */
static int
insert (CvmSuiteEdit  *self,
        guint          place,
        const char    *block,
        GError       **error)
{
  g_autoptr(GArray) cuts = cvm_suite_cuts_new ();
  int after;

  if (place > 0)
    after = (int)cvm_suite_edit_group (self, place - 1);
  else if (self->items->len > 0)
    after = (int)cvm_suite_edit_group (self, 0) - 1;
  else
    after = (int)cvm_keyfile_n_groups (self->parsed->file) - 1;

  cvm_suite_cuts_insert_group (cuts, self->parsed, after, block);

  return cvm_suite_edit_commit (self, cvm_suite_cuts_apply (cuts, self->parsed), NULL, error)
         ? (int)place : -1;
}

int
cvm_suite_edit_add (CvmSuiteEdit  *self,
                    const char    *check_id,
                    gboolean       is_for_precondition,
                    int            after,
                    GError       **error)
{
  g_autofree char *id = NULL;
  g_autofree char *raw = cvm_keyfile_escape (check_id);
  g_autofree char *block = NULL;
  guint n, first, end;

  if (self->parsed == NULL)
    {
      cvm_suite_edit_refuse (error, "%s cannot be read; mend its text first", self->path);
      return -1;
    }

  n = count_preconditions (self);
  first = is_for_precondition ? 0 : n;
  end = is_for_precondition ? n : self->items->len;
  id = free_id (self, check_id);
  block = g_strdup_printf ("[%s %s]%sCheck=%s%s", is_for_precondition ? "Precondition" : "Case", id,
                           self->parsed->eol, raw, self->parsed->eol);

  return insert (self, after < 0 ? end : CLAMP ((guint)after + 1, first, end), block, error);
}

int
cvm_suite_edit_duplicate (CvmSuiteEdit  *self,
                          guint          item,
                          GError       **error)
{
  const CvmKeyfileGroup *group;
  CvmSuiteBlock block;
  g_autofree char *id = NULL;
  g_autofree char *copy = NULL;
  const char *body;
  gsize end;

  if (!check_item (self, item, error))
    return -1;

  group = cvm_keyfile_group (self->parsed->file, cvm_suite_edit_group (self, item));
  block = cvm_suite_text_block (self->parsed, cvm_suite_edit_group (self, item));
  id = free_id (self, group->id);
  body = memchr (self->text + block.header, ']', block.end - block.header);
  end = block.end;
  copy = g_strdup_printf ("[%s %s%.*s%s", group->kind, id,
                          (int)(self->text + end - body), body,
                          self->text[end - 1] == '\n' ? "" : self->parsed->eol);

  return insert (self, item + 1, copy, error);
}

/* Removing, renaming ----------------------------------------------------------------------- */

gboolean
cvm_suite_edit_remove (CvmSuiteEdit  *self,
                       guint          item,
                       GError       **error)
{
  g_autoptr(GArray) cuts = cvm_suite_cuts_new ();
  guint group;

  if (!check_item (self, item, error))
    return FALSE;

  group = cvm_suite_edit_group (self, item);
  cvm_suite_cuts_remove_group (cuts, self->parsed, group);
  cvm_suite_cuts_rename (cuts, self->parsed, cvm_keyfile_group (self->parsed->file, group)->id,
                         NULL);

  return cvm_suite_edit_commit (self, cvm_suite_cuts_apply (cuts, self->parsed), NULL, error);
}

gboolean
cvm_suite_edit_rename (CvmSuiteEdit  *self,
                       guint          item,
                       const char    *id,
                       GError       **error)
{
  g_autoptr(GArray) cuts = cvm_suite_cuts_new ();
  g_autofree char *shown = cvm_text_quote (id);
  g_autofree char *tag = NULL;
  const CvmKeyfileGroup *group;
  gsize begin;

  if (!check_item (self, item, error))
    return FALSE;

  group = cvm_keyfile_group (self->parsed->file, cvm_suite_edit_group (self, item));
  if (g_str_equal (group->id, id))
    return TRUE;
  if (!cvm_id_is_valid (id))
    return cvm_suite_edit_refuse (error, "%s is no id; allowed: lower-case letters, digits and "
                                  "'-', at most 64", shown);
  if (cvm_suite_edit_find (self, id) >= 0)
    return cvm_suite_edit_refuse (error, "the id %s is taken; choose another", shown);

  begin = cvm_suite_text_block (self->parsed, cvm_suite_edit_group (self, item)).header
          + strlen ("[") + strlen (group->kind) + strlen (" ");
  cvm_suite_cuts_add (cuts, begin, begin + strlen (group->id), g_strdup (id));
  cvm_suite_cuts_rename (cuts, self->parsed, group->id, id);
  tag = g_strdup_printf ("name of %u", item);

  return cvm_suite_edit_commit (self, cvm_suite_cuts_apply (cuts, self->parsed), tag, error);
}

/* Moving ----------------------------------------------------------------------------------- */

static void
append_block (CvmSuiteEdit *self,
              GString      *text,
              guint         item)
{
  CvmSuiteBlock block = cvm_suite_text_block (self->parsed, cvm_suite_edit_group (self, item));

  g_string_append_len (text, self->text + block.lead, block.end - block.lead);
  if (text->str[text->len - 1] != '\n')
    g_string_append (text, self->parsed->eol);
}

/* What stands behind ITEM and before the next */
static void
append_gap (CvmSuiteEdit *self,
            GString      *text,
            guint         item)
{
  gsize begin = cvm_suite_text_block (self->parsed, cvm_suite_edit_group (self, item)).end;
  gsize end = cvm_suite_text_block (self->parsed, cvm_suite_edit_group (self, item + 1)).lead;

  g_string_append_len (text, self->text + begin, end - begin);
}

/* The blocks of FIRST to LAST in their new order, with the gaps where they are */
static char *
permute (CvmSuiteEdit *self,
         guint         first,
         guint         last,
         guint         item,
         guint         to)
{
  GString *text = g_string_new (NULL);

  for (guint place = first; place <= last; place++)
    {
      guint from = place == to ? item : item < to ? place + 1 : place - 1;

      append_block (self, text, from);
      if (place < last)
        append_gap (self, text, place);
    }

  return g_string_free (text, FALSE);
}

gboolean
cvm_suite_edit_move (CvmSuiteEdit  *self,
                     guint          item,
                     guint          to,
                     GError       **error)
{
  g_autoptr(GArray) cuts = cvm_suite_cuts_new ();
  guint n, first, last;

  if (!check_item (self, item, error))
    return FALSE;

  n = count_preconditions (self);
  if (item < n)
    to = MIN (to, n - 1);
  else
    to = CLAMP (to, n, self->items->len - 1);
  if (to == item)
    return TRUE;

  first = MIN (item, to);
  last = MAX (item, to);
  cvm_suite_cuts_add (cuts,
                      cvm_suite_text_block (self->parsed, cvm_suite_edit_group (self, first)).lead,
                      cvm_suite_text_block (self->parsed, cvm_suite_edit_group (self, last)).end,
                      permute (self, first, last, item, to));

  return cvm_suite_edit_commit (self, cvm_suite_cuts_apply (cuts, self->parsed), NULL, error);
}
