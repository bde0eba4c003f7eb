/* cvm-import.c: an old CVM_* configuration becomes a suite, a profile and settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-import-private.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-text.h"

#define LAST_PRECONDITION 23
#define LAST_CASE         13

static void
note_free (CvmImportNote *note)
{
  g_free (note->name);
  g_free (note->text);
  g_free (note);
}

static void
password_free (CvmImportPassword *password)
{
  g_free (password->file);
  g_free (password->value);
  g_strfreev (password->targets);
  g_free (password);
}

void
cvm_import_note (CvmImport            *self,
                 const CvmCfgSetting  *setting,
                 CvmImportKind         kind,
                 const char           *format,
                 ...)
{
  CvmImportNote *note = g_new (CvmImportNote, 1);
  va_list args;

  va_start (args, format);
  *note = (CvmImportNote) { kind, g_strdup (setting->name), setting->line,
                            g_strdup_vprintf (format, args) };
  va_end (args);
  g_ptr_array_add (self->notes, note);
}

gboolean
cvm_import_refuse (CvmImport            *self,
                   const CvmCfgSetting  *setting,
                   GError              **error,
                   const char           *format,
                   ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID, "%s:%u: %s: %s",
               cvm_cfg_get_name (self->cfg), setting->line, setting->name, text);

  return FALSE;
}

/* What is tested --------------------------------------------------------------------------- */

static gboolean
add_test (CvmImport            *self,
          const CvmCfgSetting  *setting,
          const char           *kind,
          guint                 last,
          const char           *word,
          GError              **error)
{
  g_autofree char *shown = cvm_text_quote (word);
  g_autofree char *id = NULL;
  guint64 number;

  if (!g_ascii_string_to_unsigned (word, 10, 0, last, &number, NULL))
    return cvm_import_refuse (self, setting, error,
                              "%s is no number of a test; allowed: 0 to %u, separated by blanks",
                              shown, last);

  id = g_strdup_printf ("%s-%u", kind, (guint)number);
  if (!g_hash_table_add (self->listed, g_strdup (id)))
    return cvm_import_refuse (self, setting, error, "%s is listed twice; list it once", shown);

  g_ptr_array_add (self->ids, g_steal_pointer (&id));

  return TRUE;
}

static gboolean
add_tests (CvmImport   *self,
           const char  *name,
           const char  *kind,
           guint        last,
           GError     **error)
{
  const CvmCfgSetting *setting = cvm_cfg_find (self->cfg, name);
  g_auto(GStrv) words = NULL;

  if (setting == NULL)
    {
      g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID,
                   "%s:1: %s is not set; write it, with the numbers of the tests to run",
                   cvm_cfg_get_name (self->cfg), name);
      return FALSE;
    }

  words = g_strsplit_set (setting->value, " \t\r\n", -1);
  for (gsize i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && !add_test (self, setting, kind, last, words[i], error))
      return FALSE;

  return TRUE;
}

/* Values ----------------------------------------------------------------------------------- */

gboolean
cvm_import_set (CvmImport            *self,
                const CvmCfgSetting  *setting,
                const char           *target,
                const char           *value,
                GError              **error)
{
  g_auto(GStrv) parts = g_strsplit (target, ".", 2);
  const CvmCase *item = cvm_suite_find_case (self->base, parts[0]);
  const CvmParam *param = item != NULL ? cvm_param_find (item->check->params, parts[1]) : NULL;
  g_autoptr(GError) local = NULL;

  g_return_val_if_fail (param != NULL, FALSE);

  if (!cvm_param_validate (param, value, &local))
    return cvm_import_refuse (self, setting, error, "%s", local->message);

  if (g_hash_table_contains (self->listed, parts[0]))
    g_ptr_array_add (self->sets, g_strdup_printf ("%s=%s", target, value));

  return TRUE;
}

gboolean
cvm_import_is_listed (CvmImport  *self,
                      const char *target)
{
  g_autofree char *id = g_strndup (target, strcspn (target, "."));

  return g_hash_table_contains (self->listed, id);
}

/* Without these nobody could tell what was meant */
static gboolean
check_mandatory (CvmImport  *self,
                 GError    **error)
{
  const struct { const char *name; gboolean is_needed; } names[] = {
    { "CVM_TS_SUITENAME", TRUE }, { "CVM_TS_SUITEVERSION", TRUE }, { "CVM_VM_HYPERVISOR", TRUE },
    { "CVM_TS_DOWNLOAD_PAGE", cvm_import_is_listed (self, "precondition-0")
                              || cvm_import_is_listed (self, "precondition-1") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const CvmCfgSetting *setting = cvm_cfg_find (self->cfg, names[i].name);

      if (!names[i].is_needed || (setting != NULL && *setting->value != '\0'))
        continue;

      g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID,
                   "%s:%u: %s is not set; give it a value", cvm_cfg_get_name (self->cfg),
                   setting != NULL ? setting->line : 1, names[i].name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
read_settings (CvmImport  *self,
               GError    **error)
{
  for (guint i = 0; i < cvm_cfg_n_settings (self->cfg); i++)
    {
      const CvmCfgSetting *setting = cvm_cfg_setting (self->cfg, i);
      const CvmCfgSetting *last = cvm_cfg_find (self->cfg, setting->name);

      if (last != setting)
        cvm_import_note (self, setting, CVM_IMPORT_IGNORED, "it is set again in line %u",
                         last->line);
      else if (!cvm_import_apply (self, setting, error))
        return FALSE;
    }

  return TRUE;
}

CvmImport *
cvm_import_new (const CvmCfg  *cfg,
                CvmSuite      *base,
                GError       **error)
{
  g_autoptr(CvmImport) self = g_new0 (CvmImport, 1);

  self->cfg = cfg;
  self->base = g_object_ref (base);
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify)note_free);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->listed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sets = g_ptr_array_new_with_free_func (g_free);
  self->passwords = g_ptr_array_new_with_free_func ((GDestroyNotify)password_free);

  if (!add_tests (self, "CVM_PRECONDITION_TEST_LIST", "precondition", LAST_PRECONDITION, error)
      || !add_tests (self, "CVM_TEST_CASE_LIST", "case", LAST_CASE, error)
      || !check_mandatory (self, error)
      || !read_settings (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
cvm_import_free (CvmImport *self)
{
  g_object_unref (self->base);
  g_ptr_array_unref (self->notes);
  g_ptr_array_unref (self->ids);
  g_ptr_array_unref (self->sets);
  g_ptr_array_unref (self->passwords);
  g_hash_table_unref (self->listed);
  g_free (self->name);
  g_free (self->version);
  g_free (self->host);
  g_free (self->hypervisor);
  g_free (self->receiver);
  g_free (self);
}

GPtrArray *
cvm_import_get_notes (CvmImport *self)
{
  return self->notes;
}

/* Writing ---------------------------------------------------------------------------------- */

static void
append (GString    *text,
        const char *key,
        const char *value)
{
  g_autofree char *escaped = cvm_keyfile_escape (value);

  g_string_append_printf (text, "%s=%s\n", key, escaped);
}

/* Only what is listed above can be needed */
static void
append_needs (CvmImport     *self,
              GString       *text,
              const CvmCase *item,
              guint          n_above)
{
  g_autoptr(GPtrArray) needs = g_ptr_array_new ();
  g_autofree char *joined = NULL;

  for (gsize i = 0; item->needs[i] != NULL; i++)
    for (guint j = 0; j < n_above; j++)
      if (g_str_equal (self->ids->pdata[j], item->needs[i]))
        g_ptr_array_add (needs, item->needs[i]);

  if (needs->len == 0)
    return;

  g_ptr_array_add (needs, NULL);
  joined = cvm_keyfile_join ((const char *const *)needs->pdata);
  g_string_append_printf (text, "Needs=%s\n", joined);
}

/* The lines of the shipped suite's case, as they stand there */
static void
append_case (CvmImport *self,
             GString   *text,
             guint      index)
{
  const CvmCase *item = cvm_suite_find_case (self->base, self->ids->pdata[index]);
  CvmKeyfile *file = self->base->file;

  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (file, i);

      if (!g_str_equal (group->id, item->id))
        continue;

      g_string_append_printf (text, "\n[%s %s]\n", group->kind, group->id);
      for (guint j = 0; j < cvm_keyfile_n_entries (file, i); j++)
        {
          const CvmKeyfileEntry *entry = cvm_keyfile_entry (file, i, j);

          if (!g_str_equal (entry->key, "Needs") && !g_str_equal (entry->key, "Drivers"))
            g_string_append_printf (text, "%s=%s\n", entry->key, entry->raw);
        }
    }

  append_needs (self, text, item, index);
}

static char *
suite_text (CvmImport *self)
{
  GString *text = g_string_new ("# Made from a CVM_* configuration by "
                                "cvmtester-cli suites import-cfg\n[Suite]\n");

  append (text, "Name", self->name != NULL ? self->name : cvm_suite_get_name (self->base));
  append (text, "Version",
          self->version != NULL ? self->version : cvm_suite_get_version (self->base));
  append (text, "Description", cvm_suite_get_description (self->base));
  g_string_append_printf (text, "Timeout=%" G_GINT64_FORMAT "\n",
                          cvm_suite_get_timeout_ms (self->base) / 1000);
  for (guint i = 0; i < self->ids->len; i++)
    append_case (self, text, i);

  return g_string_free (text, FALSE);
}

/* "ID.key=value" as a line of a key file */
static void
append_set (GString    *text,
            const char *set)
{
  const char *equals = strchr (set, '=');
  g_autofree char *key = g_strndup (set, equals - set);

  append (text, key, equals + 1);
}

static char *
profile_text (CvmImport  *self,
              const char *name,
              const char *folder)
{
  GString *text = g_string_new ("# Made from a CVM_* configuration by "
                                "cvmtester-cli suites import-cfg\n[Profile]\n");
  g_autofree char *suite = g_strconcat (name, ".suite", NULL);

  append (text, "Suite", suite);
  append (text, "Host", self->host);
  append (text, "Hypervisor", self->hypervisor);
  if (self->receiver != NULL)
    append (text, "Receiver", self->receiver);

  g_string_append (text, "\n[Set]\n");
  for (guint i = 0; i < self->sets->len; i++)
    append_set (text, self->sets->pdata[i]);
  for (guint i = 0; i < self->passwords->len; i++)
    {
      const CvmImportPassword *password = self->passwords->pdata[i];
      g_autofree char *value = g_strdup_printf ("file:%s/%s.passwords/%s", folder, name,
                                                password->file);

      for (gsize j = 0; password->targets[j] != NULL; j++)
        append (text, password->targets[j], value);
    }

  return g_string_free (text, FALSE);
}

static gboolean
write_passwords (CvmImport   *self,
                 const char  *name,
                 const char  *folder,
                 GError     **error)
{
  g_autofree char *sub = g_strdup_printf ("%s/%s.passwords", folder, name);

  if (self->passwords->len > 0 && g_mkdir_with_parents (sub, 0700) < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be made: %s",
                   sub, g_strerror (errno));
      return FALSE;
    }

  for (guint i = 0; i < self->passwords->len; i++)
    {
      const CvmImportPassword *password = self->passwords->pdata[i];
      g_autofree char *path = g_build_filename (sub, password->file, NULL);

      if (!cvm_file_write (path, password->value, -1, 0600, error))
        return FALSE;
    }

  return TRUE;
}

char *
cvm_import_dup_name (CvmImport *self)
{
  g_autofree char *base = g_path_get_basename (cvm_cfg_get_name (self->cfg));
  char *name = g_ascii_strdown (base, g_str_has_suffix (base, ".cfg")
                                      ? (gssize)strlen (base) - 4 : -1);

  g_strcanon (name, "abcdefghijklmnopqrstuvwxyz0123456789-", '-');

  return name;
}

static gboolean
write_text (const char  *folder,
            const char  *name,
            const char  *suffix,
            const char  *text,
            char       **path,
            GError     **error)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  *path = g_build_filename (folder, file, NULL);

  return cvm_file_write (*path, text, -1, 0600, error);
}

gboolean
cvm_import_write (CvmImport   *self,
                  const char  *folder,
                  char       **profile,
                  GError     **error)
{
  g_autofree char *name = cvm_import_dup_name (self);
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  g_autofree char *suite = suite_text (self);
  g_autofree char *settings = profile_text (self, name, absolute);
  g_autofree char *suite_path = NULL;
  g_autofree char *profile_path = NULL;

  if (g_mkdir_with_parents (absolute, 0700) < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be made: %s",
                   absolute, g_strerror (errno));
      return FALSE;
    }

  if (!write_passwords (self, name, absolute, error)
      || !write_text (absolute, name, ".suite", suite, &suite_path, error)
      || !write_text (absolute, name, ".profile", settings, &profile_path, error))
    return FALSE;

  *profile = g_steal_pointer (&profile_path);

  return TRUE;
}
