/* cvm-suite-read.c: from a suite's file to a suite
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-private.h"

#include "cvm-id.h"
#include "cvm-text.h"

#include <string.h>

/* The suite that is being made, and the group that is being read */
typedef struct
{
  CvmSuite              *suite;
  CvmKeyfile            *file;
  CvmCheckLookup         lookup;
  guint                  index;
  const CvmKeyfileGroup *group;
} Reader;

static void
setting_free (CvmSetting *setting)
{
  g_free (setting->preset);
  g_free (setting->case_id);
  g_free (setting->key);
  g_free (setting->checked);
  g_free (setting);
}

static gboolean
is_kind (const Reader *reader,
         const char   *kind)
{
  return g_str_equal (reader->group->kind, kind);
}

static const CvmKeyfileEntry *
find (const Reader *reader,
      const char   *key)
{
  return cvm_keyfile_find (reader->file, reader->group->kind, reader->group->id, key);
}

/* Puts the line before the message of LOCAL. */
static gboolean
fail_at (const Reader  *reader,
         guint          line,
         GError        *local,
         GError       **error)
{
  cvm_keyfile_error_at (reader->file, line, error, "%s", local->message);

  return FALSE;
}

/* Refuses a key that is none of NAMES; of those in lower case only if that is asked for. */
static gboolean
check_keys (const Reader       *reader,
            const char *const  *names,
            gboolean            skip_lower_case,
            GError            **error)
{
  for (guint i = 0; i < cvm_keyfile_n_entries (reader->file, reader->index); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (reader->file, reader->index, i);
      g_autofree char *shown = NULL;
      g_autofree char *hint = NULL;

      if (g_strv_contains (names, entry->key) ||
          (skip_lower_case && !g_ascii_isupper (entry->key[0])))
        continue;

      shown = cvm_text_quote (entry->key);
      hint = cvm_suite_hint (entry->key, names);
      cvm_keyfile_error_at (reader->file, entry->line, error, "[%s] has no key %s; %s",
                            reader->group->kind, shown, hint);
      return FALSE;
    }

  return TRUE;
}

/* The entry, which must be there and say something */
static const CvmKeyfileEntry *
require (const Reader  *reader,
         const char    *key,
         GError       **error)
{
  const CvmKeyfileEntry *entry = find (reader, key);
  const CvmKeyfileGroup *group = reader->group;

  if (entry != NULL && entry->value[0] != '\0')
    return entry;

  cvm_keyfile_error_at (reader->file, entry != NULL ? entry->line : group->line, error,
                        "[%s%s%s] needs a %s; write %s=…", group->kind,
                        group->id[0] != '\0' ? " " : "", group->id, key, key);

  return NULL;
}

static gboolean
read_timeout (const Reader  *reader,
              gint64        *timeout_ms,
              GError       **error)
{
  const CvmKeyfileEntry *entry = find (reader, "Timeout");
  g_autofree char *shown = NULL;

  if (entry == NULL || (cvm_param_parse_duration (entry->value, timeout_ms) && *timeout_ms > 0))
    return TRUE;

  shown = cvm_text_quote (entry->value);
  cvm_keyfile_error_at (reader->file, entry->line, error, "Timeout is %s; allowed: seconds, or a "
                        "number with s, m or h, from 1s to a week", shown);

  return FALSE;
}

static gboolean
read_suite_group (Reader  *reader,
                  GError **error)
{
  static const char *const keys[] = { "Name", "Version", "Description", "Timeout", NULL };
  const CvmKeyfileEntry *name, *version, *description;

  if (reader->group->id[0] != '\0')
    {
      cvm_keyfile_error_at (reader->file, reader->group->line, error,
                            "the group of the suite itself has no id; write [Suite]");
      return FALSE;
    }

  if (!check_keys (reader, keys, FALSE, error) ||
      (name = require (reader, "Name", error)) == NULL ||
      (version = require (reader, "Version", error)) == NULL)
    return FALSE;

  description = find (reader, "Description");
  reader->suite->name = g_strdup (name->value);
  reader->suite->version = g_strdup (version->value);
  reader->suite->description = g_strdup (description != NULL ? description->value : "");

  return read_timeout (reader, &reader->suite->timeout_ms, error);
}

static gboolean
check_new_id (const Reader  *reader,
              GError       **error)
{
  const char *id = reader->group->id;
  const CvmCase *other = cvm_suite_lookup (reader->suite, id);
  g_autofree char *shown = cvm_text_quote (id);

  if (!cvm_id_is_valid (id))
    cvm_keyfile_error_at (reader->file, reader->group->line, error,
                          "%s is no id; allowed: lower-case letters, digits and '-', at most 64, "
                          "as in [%s first-boot]", shown, reader->group->kind);
  else if (other != NULL)
    cvm_keyfile_error_at (reader->file, reader->group->line, error,
                          "the id %s is taken by line %u; preconditions and cases share their "
                          "ids: choose another", shown, other->line);
  else
    return TRUE;

  return FALSE;
}

static const CvmCheckInfo *
read_check (const Reader  *reader,
            GError       **error)
{
  const CvmKeyfileEntry *entry = require (reader, "Check", error);
  const CvmCheckInfo *check = entry != NULL ? reader->lookup (entry->value) : NULL;

  if (entry != NULL && check == NULL)
    {
      g_autofree char *shown = cvm_text_quote (entry->value);

      cvm_keyfile_error_at (reader->file, entry->line, error,
                            "there is no check %s; 'cvmtester-cli checks list' lists them", shown);
    }

  return check;
}

static gboolean
read_needs (const Reader  *reader,
            CvmCase       *item,
            GError       **error)
{
  const CvmKeyfileEntry *entry = find (reader, "Needs");

  item->needs = entry != NULL ? cvm_keyfile_split (reader->file, entry) : g_new0 (char *, 1);

  for (gsize i = 0; item->needs[i] != NULL; i++)
    {
      g_autofree char *shown = NULL;

      if (cvm_suite_lookup (reader->suite, item->needs[i]) != NULL)
        continue;

      shown = cvm_text_quote (item->needs[i]);
      cvm_keyfile_error_at (reader->file, entry->line, error, "Needs names %s, which is not above "
                            "this; name a case that stands above, or move it there", shown);
      return FALSE;
    }

  return TRUE;
}

/* A list of words: WHAT one is made of lower-case letters, digits and '-' */
static gboolean
read_words (const Reader   *reader,
            const char     *key,
            const char     *what,
            char         ***words,
            GError        **error)
{
  const CvmKeyfileEntry *entry = find (reader, key);

  *words = entry != NULL ? cvm_keyfile_split (reader->file, entry) : g_new0 (char *, 1);

  for (gsize i = 0; (*words)[i] != NULL; i++)
    {
      if (cvm_id_is_valid ((*words)[i]))
        continue;

      cvm_keyfile_error_at (reader->file, entry->line, error, "%s is made of lower-case letters, "
                            "digits and '-'; write %s=one;two", what, key);
      return FALSE;
    }

  return TRUE;
}

/* VALUE of ENTRY as the case holds it; the raw text of a list. */
static char *
check_value (const Reader           *reader,
             const CvmCase          *item,
             const char             *key,
             const CvmKeyfileEntry  *entry,
             GError                **error)
{
  const CvmParam *param = cvm_param_find (item->check->params, key);
  gboolean is_list = param != NULL && param->type == CVM_PARAM_ARGV;
  g_autoptr(GError) local = NULL;
  char *checked = cvm_case_check (item, key, is_list ? entry->raw : entry->value,
                                  reader->suite->folder, TRUE, &local);

  if (checked == NULL)
    fail_at (reader, entry->line, local, error);

  return checked;
}

static gboolean
read_values (const Reader  *reader,
             CvmCase       *item,
             GError       **error)
{
  for (guint i = 0; i < cvm_keyfile_n_entries (reader->file, reader->index); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (reader->file, reader->index, i);
      g_autofree char *checked = NULL;

      if (g_ascii_isupper (entry->key[0]))
        continue;

      checked = check_value (reader, item, entry->key, entry, error);
      if (checked == NULL)
        return FALSE;

      cvm_case_apply (item, entry->key, checked);
    }

  return TRUE;
}

static gboolean
check_order (const Reader  *reader,
             GError       **error)
{
  GPtrArray *cases = reader->suite->cases;
  const CvmCase *last = cases->len > 0 ? cases->pdata[cases->len - 1] : NULL;

  if (!is_kind (reader, "Precondition") || last == NULL || last->is_precondition)
    return TRUE;

  cvm_keyfile_error_at (reader->file, reader->group->line, error,
                        "a precondition after a case; move it above [Case %s]",
                        ((CvmCase *)cases->pdata[cases->len - 1])->id);

  return FALSE;
}

static CvmCase *
case_new (const Reader       *reader,
          const CvmCheckInfo *check)
{
  const CvmKeyfileEntry *title = find (reader, "Title");
  CvmCase *item = g_new0 (CvmCase, 1);

  item->id = g_strdup (reader->group->id);
  item->title = g_strdup (title != NULL && title->value[0] != '\0' ? title->value : check->title);
  item->check = check;
  item->is_precondition = is_kind (reader, "Precondition");
  item->is_selected = TRUE;
  item->timeout_ms = check->timeout_ms;
  item->line = reader->group->line;
  item->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return item;
}

static gboolean
read_case_group (Reader  *reader,
                 GError **error)
{
  static const char *const keys[] = { "Check", "Title", "Needs", "Timeout", "Tags", "Drivers",
                                      NULL };
  const CvmCheckInfo *check;
  g_autoptr(CvmCase) item = NULL;

  if (!check_new_id (reader, error) || !check_order (reader, error) ||
      !check_keys (reader, keys, TRUE, error))
    return FALSE;

  check = read_check (reader, error);
  if (check == NULL)
    return FALSE;

  item = case_new (reader, check);
  if (!read_needs (reader, item, error) ||
      !read_words (reader, "Tags", "a tag", &item->tags, error) ||
      !read_words (reader, "Drivers", "a driver", &item->drivers, error) ||
      !read_timeout (reader, &item->timeout_ms, error) || !read_values (reader, item, error))
    return FALSE;

  cvm_suite_add_case (reader->suite, g_steal_pointer (&item));

  return TRUE;
}

static gboolean
read_setting (const Reader           *reader,
              const CvmKeyfileEntry  *entry,
              GError                **error)
{
  const char *dot = strchr (entry->key, '.');
  g_autofree char *id = dot != NULL ? g_strndup (entry->key, dot - entry->key) : NULL;
  const CvmCase *item = id != NULL ? cvm_suite_lookup (reader->suite, id) : NULL;
  g_autofree char *checked = NULL;
  CvmSetting *setting;

  if (item == NULL)
    {
      g_autofree char *shown = cvm_text_quote (entry->key);

      cvm_keyfile_error_at (reader->file, entry->line, error, "%s names no value of a case; write "
                            "ID.parameter=… or ID.Timeout=… with the id of a case", shown);
      return FALSE;
    }

  checked = check_value (reader, item, dot + 1, entry, error);
  if (checked == NULL)
    return FALSE;

  setting = g_new (CvmSetting, 1);
  *setting = (CvmSetting) { g_strdup (reader->group->id), g_steal_pointer (&id),
                            g_strdup (dot + 1), g_steal_pointer (&checked) };
  g_ptr_array_add (reader->suite->settings, setting);

  return TRUE;
}

static gboolean
check_preset_id (const Reader  *reader,
                 GError       **error)
{
  if (cvm_id_is_valid (reader->group->id))
    return TRUE;

  cvm_keyfile_error_at (reader->file, reader->group->line, error, "a preset needs an id of "
                        "lower-case letters, digits and '-', as in [Preset slow-machine]");

  return FALSE;
}

static gboolean
read_preset_group (Reader     *reader,
                   GPtrArray  *presets,
                   GError    **error)
{
  if (!check_preset_id (reader, error))
    return FALSE;

  g_ptr_array_add (presets, g_strdup (reader->group->id));

  for (guint i = 0; i < cvm_keyfile_n_entries (reader->file, reader->index); i++)
    {
      if (!read_setting (reader, cvm_keyfile_entry (reader->file, reader->index, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
next_group (Reader *reader,
            guint   index)
{
  if (index >= cvm_keyfile_n_groups (reader->file))
    return FALSE;

  reader->index = index;
  reader->group = cvm_keyfile_group (reader->file, index);

  return TRUE;
}

static gboolean
read_group (Reader  *reader,
            GError **error)
{
  static const char *const kinds[] = { "Suite", "Precondition", "Case", "Preset", NULL };
  g_autofree char *shown = NULL;
  g_autofree char *hint = NULL;

  if (is_kind (reader, "Suite"))
    return read_suite_group (reader, error);
  if (is_kind (reader, "Precondition") || is_kind (reader, "Case"))
    return read_case_group (reader, error);
  if (is_kind (reader, "Preset"))
    return TRUE;     /* when all cases are known */

  shown = cvm_text_quote (reader->group->kind);
  hint = cvm_suite_hint (reader->group->kind, kinds);
  cvm_keyfile_error_at (reader->file, reader->group->line, error,
                        "there is no kind of group %s; %s", shown, hint);

  return FALSE;
}

static gboolean
read_presets (Reader  *reader,
              GError **error)
{
  GPtrArray *presets = g_ptr_array_new_with_free_func (g_free);
  gboolean done = TRUE;

  for (guint i = 0; done && next_group (reader, i); i++)
    {
      if (is_kind (reader, "Preset"))
        done = read_preset_group (reader, presets, error);
    }

  g_ptr_array_add (presets, NULL);
  reader->suite->presets = (char **)g_ptr_array_steal (presets, NULL);
  g_ptr_array_unref (presets);

  return done;
}

static gboolean
has_suite_group (const Reader *reader)
{
  for (guint i = 0; i < cvm_keyfile_n_groups (reader->file); i++)
    {
      if (g_str_equal (cvm_keyfile_group (reader->file, i)->kind, "Suite"))
        return TRUE;
    }

  return FALSE;
}

/* What no single group can tell */
static gboolean
check_whole (const Reader  *reader,
             GError       **error)
{
  GPtrArray *cases = reader->suite->cases;

  if (!has_suite_group (reader))
    {
      cvm_keyfile_error_at (reader->file, 1, error,
                            "there is no [Suite]; begin the file with [Suite], Name=, Version=");
      return FALSE;
    }

  if (cases->len == 0 || ((CvmCase *)cases->pdata[cases->len - 1])->is_precondition)
    {
      cvm_keyfile_error_at (reader->file, 1, error,
                            "there is no case; add at least one [Case id] with its Check=");
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_all (Reader  *reader,
          GError **error)
{
  for (guint i = 0; next_group (reader, i); i++)
    {
      if (!read_group (reader, error))
        return FALSE;
    }

  if (!check_whole (reader, error))
    return FALSE;

  return read_presets (reader, error);
}

static CvmSuite *
suite_new (CvmKeyfile *file,
           const char *path)
{
  CvmSuite *self = g_object_new (CVM_TYPE_SUITE, NULL);
  gsize len;
  g_autofree char *data = cvm_keyfile_to_data (file, &len);
  g_autofree char *base = g_path_get_basename (path);

  self->file = g_object_ref (file);
  self->path = g_canonicalize_filename (path, NULL);
  self->folder = g_path_get_dirname (self->path);
  self->id = g_str_has_suffix (base, ".suite") ? g_strndup (base, strlen (base) - 6)
                                               : g_steal_pointer (&base);
  self->sha256 = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)data, len);
  self->settings = g_ptr_array_new_with_free_func ((GDestroyNotify)setting_free);

  return self;
}

static CvmSuite *
read_file (CvmKeyfile      *file,
           CvmCheckLookup   lookup,
           GError         **error)
{
  g_autoptr(CvmSuite) self = suite_new (file, cvm_keyfile_get_name (file));
  Reader reader = { .suite = self, .file = file, .lookup = lookup };

  return read_all (&reader, error) ? g_steal_pointer (&self) : NULL;
}

CvmSuite *
cvm_suite_load (const char      *path,
                CvmCheckLookup   lookup,
                GError         **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, error);

  return file != NULL ? read_file (file, lookup, error) : NULL;
}

CvmSuite *
cvm_suite_new_from_data (const char      *data,
                         gsize            len,
                         const char      *path,
                         CvmCheckLookup   lookup,
                         GError         **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data (data, len, path, error);

  return file != NULL ? read_file (file, lookup, error) : NULL;
}

/* All that is wrong ------------------------------------------------------------------------- */

/* Stands for a check that nobody knows: what a case of it may say is unknown too */
static const CvmCheckInfo unknown_check = { "", "", "", (const CvmParam[]) { { NULL } }, 0, FALSE };

static void
add_problem (const Reader *reader,
             GPtrArray    *problems,
             const GError *error)
{
  g_ptr_array_add (problems, cvm_suite_problem_new (cvm_keyfile_get_name (reader->file), error));
}

/* A case that is wrong is there all the same for those that need it, and for the presets */
static void
stand_in (const Reader *reader)
{
  const CvmKeyfileEntry *entry = find (reader, "Check");
  const CvmCheckInfo *check = entry != NULL ? reader->lookup (entry->value) : NULL;
  CvmCase *item;

  if (!(is_kind (reader, "Case") || is_kind (reader, "Precondition"))
      || cvm_suite_lookup (reader->suite, reader->group->id) != NULL)
    return;

  item = case_new (reader, check != NULL ? check : &unknown_check);
  item->needs = g_new0 (char *, 1);
  cvm_suite_add_case (reader->suite, item);
}

static void
read_problems_of_group (Reader    *reader,
                        GPtrArray *problems)
{
  g_autoptr(GError) error = NULL;
  CvmCase *item;

  if (!read_group (reader, &error))
    {
      add_problem (reader, problems, error);
      stand_in (reader);
      return;
    }

  item = cvm_suite_lookup (reader->suite, reader->group->id);
  if (item != NULL && item->line == reader->group->line
      && !cvm_case_fill (item, reader->file, &error))
    add_problem (reader, problems, error);
}

static void
read_problems_of_preset (Reader    *reader,
                         GPtrArray *problems)
{
  for (guint i = 0; i < cvm_keyfile_n_entries (reader->file, reader->index); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (reader->file, reader->index, i);
      g_autofree char *id = g_strndup (entry->key, strcspn (entry->key, "."));
      const CvmCase *item = cvm_suite_lookup (reader->suite, id);
      g_autoptr(GError) error = NULL;

      if ((item == NULL || item->check != &unknown_check) && !read_setting (reader, entry, &error))
        add_problem (reader, problems, error);
    }
}

static void
read_problems_of_presets (Reader    *reader,
                          GPtrArray *problems)
{
  for (guint i = 0; next_group (reader, i); i++)
    {
      g_autoptr(GError) error = NULL;

      if (!is_kind (reader, "Preset"))
        continue;

      if (check_preset_id (reader, &error))
        read_problems_of_preset (reader, problems);
      else
        add_problem (reader, problems, error);
    }
}

void
cvm_suite_read_problems (CvmKeyfile     *file,
                         CvmCheckLookup  lookup,
                         GPtrArray      *problems)
{
  g_autoptr(CvmSuite) suite = suite_new (file, cvm_keyfile_get_name (file));
  Reader reader = { .suite = suite, .file = file, .lookup = lookup };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; next_group (&reader, i); i++)
    read_problems_of_group (&reader, problems);

  if (!check_whole (&reader, &error))
    add_problem (&reader, problems, error);

  read_problems_of_presets (&reader, problems);
}
