/* cvm-suite-edit.c: a suite's file while somebody edits it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-edit-private.h"

#include <string.h>

#include "cvm-suite-private.h"

#define MAX_UNDO       500
#define MAX_UNDO_BYTES (32 * 1024 * 1024)

static const char new_suite[] =
  "[Suite]\n"
  "Name=New suite\n"
  "Version=1.0\n"
  "\n"
  "[Precondition start]\n"
  "Check=guest.start\n";

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_QUARK (cvm-suite-edit-error-quark, cvm_suite_edit_error)
G_DEFINE_FINAL_TYPE (CvmSuiteEdit, cvm_suite_edit, G_TYPE_OBJECT)

/* The text --------------------------------------------------------------------------------- */

static gboolean
is_item (const CvmKeyfileGroup *group)
{
  return group->id[0] != '\0'
         && (g_str_equal (group->kind, "Case") || g_str_equal (group->kind, "Precondition"));
}

static void
replace_text (CvmSuiteEdit *self,
              char         *text)
{
  g_free (self->text);
  self->text = text;
  g_clear_pointer (&self->parsed, cvm_suite_text_free);
  self->parsed = cvm_suite_text_new (text, self->path, NULL);

  g_array_set_size (self->items, 0);
  for (guint i = 0; self->parsed != NULL && i < cvm_keyfile_n_groups (self->parsed->file); i++)
    {
      if (is_item (cvm_keyfile_group (self->parsed->file, i)))
        g_array_append_val (self->items, i);
    }
}

static void
set_tag (CvmSuiteEdit *self,
         const char   *tag)
{
  char *copy = g_strdup (tag);

  g_free (self->tag);
  self->tag = copy;
}

static void
limit_undo (CvmSuiteEdit *self)
{
  gsize most = CLAMP (MAX_UNDO_BYTES / (strlen (self->text) + 1), 2, MAX_UNDO);

  if (self->undo->len > most)
    g_ptr_array_remove_range (self->undo, 0, self->undo->len - most);
}

void
cvm_suite_edit_take (CvmSuiteEdit *self,
                     char         *text,
                     const char   *tag)
{
  gboolean goes_on = tag != NULL && g_strcmp0 (tag, self->tag) == 0 && self->undo->len > 0;

  if (g_str_equal (text, self->text))
    {
      g_free (text);
      return;
    }

  if (!goes_on)
    g_ptr_array_add (self->undo, g_strdup (self->text));
  g_ptr_array_set_size (self->redo, 0);
  limit_undo (self);
  set_tag (self, tag);
  replace_text (self, text);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
cvm_suite_edit_commit (CvmSuiteEdit  *self,
                       char          *text,
                       const char    *tag,
                       GError       **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(CvmSuiteText) parsed = cvm_suite_text_new (text, self->path, &local);

  if (parsed != NULL)
    {
      cvm_suite_edit_take (self, text, tag);
      return TRUE;
    }

  g_set_error_literal (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_REFUSED, local->message);
  g_free (text);

  return FALSE;
}

gboolean
cvm_suite_edit_refuse (GError     **error,
                       const char  *format,
                       ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_REFUSED, message);

  return FALSE;
}

static void
cvm_suite_edit_finalize (GObject *object)
{
  CvmSuiteEdit *self = CVM_SUITE_EDIT (object);

  g_free (self->path);
  g_free (self->text);
  g_free (self->saved);
  g_free (self->tag);
  g_clear_pointer (&self->parsed, cvm_suite_text_free);
  g_array_unref (self->items);
  g_ptr_array_unref (self->undo);
  g_ptr_array_unref (self->redo);

  G_OBJECT_CLASS (cvm_suite_edit_parent_class)->finalize (object);
}

static void
cvm_suite_edit_class_init (CvmSuiteEditClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_suite_edit_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_SUITE_EDIT, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
cvm_suite_edit_init (CvmSuiteEdit *self)
{
  self->items = g_array_new (FALSE, FALSE, sizeof (guint));
  self->undo = g_ptr_array_new_with_free_func (g_free);
  self->redo = g_ptr_array_new_with_free_func (g_free);
}

CvmSuiteEdit *
cvm_suite_edit_new (const char     *text,
                    const char     *path,
                    CvmCheckLookup  lookup)
{
  CvmSuiteEdit *self = g_object_new (CVM_TYPE_SUITE_EDIT, NULL);

  self->path = g_strdup (path);
  self->lookup = lookup;
  self->saved = g_strdup (text);
  replace_text (self, g_strdup (text != NULL ? text : new_suite));

  return self;
}

const char *
cvm_suite_edit_get_path (CvmSuiteEdit *self)
{
  return self->path;
}

void
cvm_suite_edit_set_path (CvmSuiteEdit *self,
                         const char   *path)
{
  char *copy = g_strdup (path);

  g_free (self->path);
  self->path = copy;
}

const char *
cvm_suite_edit_get_text (CvmSuiteEdit *self)
{
  return self->text;
}

/* "line N of M" where only that line is another; else NULL */
static char *
tag_of_line (const char *before,
             const char *after)
{
  gsize before_len = strlen (before), after_len = strlen (after);
  gsize head = 0, tail = 0;
  guint line = 1;

  while (before[head] != '\0' && before[head] == after[head])
    line += before[head++] == '\n';
  while (tail < MIN (before_len, after_len) - head
         && before[before_len - 1 - tail] == after[after_len - 1 - tail])
    tail++;

  if (memchr (before + head, '\n', before_len - tail - head) != NULL
      || memchr (after + head, '\n', after_len - tail - head) != NULL)
    return NULL;

  return g_strdup_printf ("line %u", line);
}

void
cvm_suite_edit_set_text (CvmSuiteEdit *self,
                         const char   *text)
{
  g_autofree char *tag = tag_of_line (self->text, text);

  cvm_suite_edit_take (self, g_strdup (text), tag);
}

gboolean
cvm_suite_edit_can_undo (CvmSuiteEdit *self)
{
  return self->undo->len > 0;
}

gboolean
cvm_suite_edit_can_redo (CvmSuiteEdit *self)
{
  return self->redo->len > 0;
}

static void
go_back (CvmSuiteEdit *self,
         GPtrArray    *from,
         GPtrArray    *to)
{
  if (from->len == 0)
    return;

  g_ptr_array_add (to, g_strdup (self->text));
  set_tag (self, NULL);
  replace_text (self, g_ptr_array_steal_index (from, from->len - 1));
  g_signal_emit (self, signals[CHANGED], 0);
}

void
cvm_suite_edit_undo (CvmSuiteEdit *self)
{
  go_back (self, self->undo, self->redo);
}

void
cvm_suite_edit_redo (CvmSuiteEdit *self)
{
  go_back (self, self->redo, self->undo);
}

/* What it says ----------------------------------------------------------------------------- */

gboolean
cvm_suite_edit_is_readable (CvmSuiteEdit *self)
{
  return self->parsed != NULL;
}

guint
cvm_suite_edit_n_items (CvmSuiteEdit *self)
{
  return self->items->len;
}

CvmSuiteEditItem
cvm_suite_edit_item (CvmSuiteEdit *self,
                     guint         item)
{
  const CvmKeyfileGroup *group = cvm_keyfile_group (self->parsed->file,
                                                    cvm_suite_edit_group (self, item));
  const char *check_id = cvm_suite_edit_get (self, item, "Check");
  const char *title = cvm_suite_edit_get (self, item, "Title");
  const CvmCheckInfo *check = check_id != NULL ? self->lookup (check_id) : NULL;

  return (CvmSuiteEditItem) {
    .id = group->id,
    .is_precondition = g_str_equal (group->kind, "Precondition"),
    .check_id = check_id != NULL ? check_id : "",
    .check = check,
    .title = title != NULL && *title != '\0' ? title : check != NULL ? check->title : "",
    .line = group->line,
  };
}

gboolean
cvm_suite_edit_has_case (CvmSuiteEdit *self)
{
  for (guint i = 0; i < cvm_suite_edit_n_items (self); i++)
    if (!cvm_suite_edit_item (self, i).is_precondition)
      return TRUE;

  return FALSE;
}

int
cvm_suite_edit_find (CvmSuiteEdit *self,
                     const char   *id)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      guint group = cvm_suite_edit_group (self, i);

      if (g_str_equal (cvm_keyfile_group (self->parsed->file, group)->id, id))
        return (int)i;
    }

  return -1;
}

int
cvm_suite_edit_find_at (CvmSuiteEdit *self,
                        guint         line)
{
  int found = CVM_SUITE_EDIT_SUITE;
  int n_items = 0;

  for (guint i = 0; self->parsed != NULL && i < cvm_keyfile_n_groups (self->parsed->file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (self->parsed->file, i);

      if (group->line > line)
        break;
      found = is_item (group) ? n_items++
              : g_str_equal (group->kind, "Suite") ? CVM_SUITE_EDIT_SUITE : CVM_SUITE_EDIT_OTHER;
    }

  return found;
}

/* A list is held as it stands in the file */
static gboolean
is_list (CvmSuiteEdit *self,
         const char   *check_id,
         const char   *key)
{
  const CvmCheckInfo *check = check_id != NULL ? self->lookup (check_id) : NULL;
  const CvmParam *param = check != NULL ? cvm_param_find (check->params, key) : NULL;

  return g_str_equal (key, "Needs") || g_str_equal (key, "Tags") || g_str_equal (key, "Drivers")
         || (param != NULL && param->type == CVM_PARAM_ARGV);
}

static gboolean
is_list_of_item (CvmSuiteEdit *self,
                 guint         item,
                 const char   *key)
{
  guint group = cvm_suite_edit_group (self, item);
  const CvmKeyfileEntry *check = cvm_suite_text_find (self->parsed, group, "Check");

  return is_list (self, check != NULL ? check->value : NULL, key);
}

static gboolean
is_list_of_preset (CvmSuiteEdit *self,
                   const char   *key)
{
  const char *dot = strchr (key, '.');
  g_autofree char *id = dot != NULL ? g_strndup (key, dot - key) : NULL;
  int item = id != NULL ? cvm_suite_edit_find (self, id) : -1;

  return item >= 0 && is_list_of_item (self, (guint)item, dot + 1);
}

const char *
cvm_suite_edit_get (CvmSuiteEdit *self,
                    guint         item,
                    const char   *key)
{
  const CvmKeyfileEntry *entry = cvm_suite_text_find (self->parsed,
                                                      cvm_suite_edit_group (self, item), key);

  return entry == NULL ? NULL : is_list_of_item (self, item, key) ? entry->raw : entry->value;
}

const char *
cvm_suite_edit_get_suite (CvmSuiteEdit *self,
                          const char   *key)
{
  const CvmKeyfileEntry *entry = self->parsed != NULL
                                 ? cvm_keyfile_find (self->parsed->file, "Suite", NULL, key) : NULL;

  return entry != NULL ? entry->value : NULL;
}

char **
cvm_suite_edit_dup_presets (CvmSuiteEdit *self)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; self->parsed != NULL && i < cvm_keyfile_n_groups (self->parsed->file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (self->parsed->file, i);

      if (g_str_equal (group->kind, "Preset"))
        g_strv_builder_add (ids, group->id);
    }

  return g_strv_builder_end (ids);
}

char **
cvm_suite_edit_dup_preset_keys (CvmSuiteEdit *self,
                                const char   *preset)
{
  g_autoptr(GStrvBuilder) keys = g_strv_builder_new ();
  int group = cvm_suite_text_find_group (self->parsed, "Preset", preset);

  for (guint i = 0; group >= 0 && i < cvm_keyfile_n_entries (self->parsed->file, (guint)group); i++)
    g_strv_builder_add (keys, cvm_keyfile_entry (self->parsed->file, (guint)group, i)->key);

  return g_strv_builder_end (keys);
}

const char *
cvm_suite_edit_get_preset (CvmSuiteEdit *self,
                           const char   *preset,
                           const char   *key)
{
  const CvmKeyfileEntry *entry = cvm_keyfile_find (self->parsed->file, "Preset", preset, key);

  return entry == NULL ? NULL : is_list_of_preset (self, key) ? entry->raw : entry->value;
}

/* Values ----------------------------------------------------------------------------------- */

/* It must stay on its line */
static gboolean
is_raw (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (g_ascii_iscntrl (*text))
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_key (const char *key)
{
  static const char letters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  gsize len = strlen (key);

  return len <= 200 && g_ascii_isalnum (key[0]) && strspn (key, letters) == len;
}

static gboolean
check_change (CvmSuiteEdit  *self,
              const char    *key,
              const char    *value,
              gboolean       is_of_list,
              GError       **error)
{
  if (self->parsed == NULL)
    return cvm_suite_edit_refuse (error, "%s cannot be read; mend its text first", self->path);
  if (!is_key (key))
    return cvm_suite_edit_refuse (error, "this is no key; allowed: letters, digits, '-', '_', '.'");
  if (value != NULL && (!g_utf8_validate (value, -1, NULL) || (is_of_list && !is_raw (value))))
    return cvm_suite_edit_refuse (error, "%s: the value has a character that cannot be written",
                                  key);

  return TRUE;
}

static gboolean
set_value (CvmSuiteEdit  *self,
           guint          group,
           const char    *key,
           const char    *value,
           gboolean       is_of_list,
           GError       **error)
{
  g_autoptr(GArray) cuts = cvm_suite_cuts_new ();
  const CvmKeyfileGroup *of = cvm_keyfile_group (self->parsed->file, group);
  g_autofree char *tag = g_strdup_printf ("[%s %s] %s", of->kind, of->id, key);
  g_autofree char *raw = value == NULL ? NULL : is_of_list ? g_strdup (value)
                                                           : cvm_keyfile_escape (value);

  cvm_suite_cuts_set (cuts, self->parsed, group, key, raw);

  return cvm_suite_edit_commit (self, cvm_suite_cuts_apply (cuts, self->parsed), tag, error);
}

/* The key goes into a group that is not there yet */
static gboolean
add_group_with (CvmSuiteEdit  *self,
                int            after,
                const char    *header,
                const char    *key,
                const char    *raw,
                GError       **error)
{
  g_autoptr(GArray) cuts = cvm_suite_cuts_new ();
  g_autofree char *block = g_strconcat ("[", header, "]", self->parsed->eol, key, "=", raw,
                                        self->parsed->eol, NULL);

  cvm_suite_cuts_insert_group (cuts, self->parsed, after, block);

  return cvm_suite_edit_commit (self, cvm_suite_cuts_apply (cuts, self->parsed), NULL, error);
}

gboolean
cvm_suite_edit_set (CvmSuiteEdit  *self,
                    guint          item,
                    const char    *key,
                    const char    *value,
                    GError       **error)
{
  gboolean is_of_list = self->parsed != NULL && is_list_of_item (self, item, key);

  return check_change (self, key, value, is_of_list, error)
         && set_value (self, cvm_suite_edit_group (self, item), key, value, is_of_list, error);
}

gboolean
cvm_suite_edit_set_suite (CvmSuiteEdit  *self,
                          const char    *key,
                          const char    *value,
                          GError       **error)
{
  g_autofree char *raw = value != NULL ? cvm_keyfile_escape (value) : NULL;
  int group;

  if (!check_change (self, key, value, FALSE, error))
    return FALSE;

  group = cvm_suite_text_find_group (self->parsed, "Suite", "");
  if (group >= 0)
    return set_value (self, (guint)group, key, value, FALSE, error);

  return value == NULL || add_group_with (self, -1, "Suite", key, raw, error);
}

gboolean
cvm_suite_edit_set_preset (CvmSuiteEdit  *self,
                           const char    *preset,
                           const char    *key,
                           const char    *value,
                           GError       **error)
{
  gboolean is_of_list = self->parsed != NULL && is_list_of_preset (self, key);
  g_autofree char *header = g_strconcat ("Preset ", preset, NULL);
  g_autofree char *raw = value == NULL ? NULL : is_of_list ? g_strdup (value)
                                                           : cvm_keyfile_escape (value);
  int group;

  if (!check_change (self, key, value, is_of_list, error))
    return FALSE;
  if (!is_raw (preset))
    return cvm_suite_edit_refuse (error, "this is no name of a preset");

  group = cvm_suite_text_find_group (self->parsed, "Preset", preset);
  if (group >= 0)
    return set_value (self, (guint)group, key, value, is_of_list, error);

  return value == NULL
         || add_group_with (self, (int)cvm_keyfile_n_groups (self->parsed->file) - 1, header, key,
                            raw, error);
}

gboolean
cvm_suite_edit_remove_preset (CvmSuiteEdit  *self,
                              const char    *preset,
                              GError       **error)
{
  g_autoptr(GArray) cuts = cvm_suite_cuts_new ();
  int group = self->parsed != NULL ? cvm_suite_text_find_group (self->parsed, "Preset", preset)
                                   : -1;

  if (group < 0)
    return cvm_suite_edit_refuse (error, "there is no such preset");

  cvm_suite_cuts_remove_group (cuts, self->parsed, (guint)group);

  return cvm_suite_edit_commit (self, cvm_suite_cuts_apply (cuts, self->parsed), NULL, error);
}

/* The file --------------------------------------------------------------------------------- */

const char *
cvm_suite_edit_get_saved (CvmSuiteEdit *self)
{
  return self->saved;
}

void
cvm_suite_edit_set_saved (CvmSuiteEdit *self,
                          const char   *text)
{
  char *copy = g_strdup (text);

  g_free (self->saved);
  self->saved = copy;
  set_tag (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
cvm_suite_edit_is_modified (CvmSuiteEdit *self)
{
  return g_strcmp0 (self->text, self->saved) != 0;
}
