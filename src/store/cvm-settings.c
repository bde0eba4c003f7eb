/* cvm-settings.c: what the user set for both programs, in settings.ini
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-settings.h"

#include <stdlib.h>
#include <string.h>

#include "cvm-config.h"
#include "cvm-file.h"
#include "cvm-param.h"
#include "cvm-paths.h"

#define FILE_NAME "settings.ini"

/* The kinds of its keys are those of a suite's parameters */
static const struct
{
  const char *group;
  CvmParam    param;
} table[CVM_N_SETTINGS] = {
  [CVM_SETTING_IMAGES_FOLDER] = { "Images", { .name = "Folder", .type = CVM_PARAM_FILE } },
  [CVM_SETTING_IMAGES_BUDGET] = { "Images", { .name = "Budget", .type = CVM_PARAM_STRING,
                                              .default_value = "0",
                                              .form = "[0-9]{1,12}[KMGT]?",
                                              .form_help = "a number of bytes, or one with K, M, "
                                                           "G or T" } },
  [CVM_SETTING_JOBS] = { "Runs", { .name = "Jobs", .type = CVM_PARAM_INTEGER,
                                   .default_value = "2", .min = 1, .max = 64 } },
  [CVM_SETTING_KEEP_FAILED] = { "Runs", { .name = "KeepFailed", .type = CVM_PARAM_BOOLEAN,
                                          .default_value = "false" } },
  [CVM_SETTING_HYPERVISOR] = { "Runs", { .name = "Hypervisor", .type = CVM_PARAM_CHOICE,
                                         .default_value = "auto",
                                         .choices = "auto;kvm;hvf;qemu;xen;vbox;vmware;lxc;"
                                                    "test" } },
  [CVM_SETTING_APPEARANCE] = { "Window", { .name = "Appearance", .type = CVM_PARAM_CHOICE,
                                           .default_value = "system",
                                           .choices = "system;light;dark" } },
  [CVM_SETTING_NOTIFICATIONS] = { "Window", { .name = "Notifications", .type = CVM_PARAM_BOOLEAN,
                                              .default_value = "true" } },
};

void
cvm_settings_free (CvmSettings *self)
{
  g_free (self->images_folder);
  g_free (self->hypervisor);
  g_free (self);
}

/* Values ---------------------------------------------------------------------------------- */

gboolean
cvm_settings_parse_size (const char *text,
                         guint64    *bytes)
{
  static const char units[] = "KMGT";
  gsize n_digits = strspn (text, "0123456789");
  const char *unit = text + n_digits;
  guint64 factor = 1;

  if (n_digits == 0 || n_digits > 12)
    return FALSE;

  if (*unit != '\0')
    {
      const char *at = strchr (units, *unit);

      if (at == NULL || unit[1] != '\0')
        return FALSE;
      factor = (guint64)1 << (10 * (at - units + 1));
    }

  return g_uint64_checked_mul (bytes, g_ascii_strtoull (text, NULL, 10), factor);
}

static CvmAppearance
parse_appearance (const char *text)
{
  return g_str_equal (text, "light")  ? CVM_APPEARANCE_LIGHT
         : g_str_equal (text, "dark") ? CVM_APPEARANCE_DARK
                                      : CVM_APPEARANCE_SYSTEM;
}

static gboolean
check_value (CvmSetting   setting,
             const char  *value,
             GError     **error)
{
  guint64 bytes;

  if (!cvm_param_validate (&table[setting].param, value, error))
    return FALSE;

  if (setting == CVM_SETTING_IMAGES_FOLDER && *value == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "Folder is empty; remove the line for the folder of the program");
      return FALSE;
    }

  if (setting != CVM_SETTING_IMAGES_BUDGET || cvm_settings_parse_size (value, &bytes))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "Budget is more than any disk has");

  return FALSE;
}

/* VALUE was checked */
static void
assign (CvmSettings *self,
        CvmSetting   setting,
        const char  *value)
{
  switch (setting)
    {
    case CVM_SETTING_IMAGES_FOLDER:
      g_free (self->images_folder);
      self->images_folder = g_canonicalize_filename (value, NULL);
      break;
    case CVM_SETTING_IMAGES_BUDGET:
      cvm_settings_parse_size (value, &self->images_budget);
      break;
    case CVM_SETTING_JOBS:
      self->jobs = (guint)g_ascii_strtoull (value, NULL, 10);
      break;
    case CVM_SETTING_KEEP_FAILED:
      cvm_param_parse_boolean (value, &self->keep_failed);
      break;
    case CVM_SETTING_HYPERVISOR:
      g_free (self->hypervisor);
      self->hypervisor = g_strdup (value);
      break;
    case CVM_SETTING_APPEARANCE:
      self->appearance = parse_appearance (value);
      break;
    case CVM_SETTING_NOTIFICATIONS:
      cvm_param_parse_boolean (value, &self->notifications);
      break;
    case CVM_N_SETTINGS:
    default:
      g_assert_not_reached ();
    }
}

/* Reading --------------------------------------------------------------------------------- */

CvmSettings *
cvm_settings_new (void)
{
  CvmSettings *self = g_new0 (CvmSettings, 1);

  self->images_folder = cvm_paths_data ("images");
  for (guint i = 0; i < CVM_N_SETTINGS; i++)
    if (table[i].param.default_value != NULL)
      assign (self, (CvmSetting)i, table[i].param.default_value);

  return self;
}

static int
find_setting (const char *group,
              const char *key)
{
  for (guint i = 0; i < CVM_N_SETTINGS; i++)
    if (g_str_equal (table[i].group, group) && g_str_equal (table[i].param.name, key))
      return (int)i;

  return -1;
}

static gboolean
is_group (const CvmKeyfileGroup *group)
{
  for (guint i = 0; i < CVM_N_SETTINGS; i++)
    if (*group->id == '\0' && g_str_equal (table[i].group, group->kind))
      return TRUE;

  return FALSE;
}

static void
tell_unknown (CvmKeyfile             *file,
              const char             *group,
              const CvmKeyfileEntry  *entry,
              GError                **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *list = NULL;

  for (guint i = 0; i < CVM_N_SETTINGS; i++)
    if (g_str_equal (table[i].group, group))
      g_ptr_array_add (names, (char *)table[i].param.name);
  g_ptr_array_add (names, NULL);
  list = g_strjoinv (", ", (char **)names->pdata);
  cvm_keyfile_error_at (file, entry->line, error, "[%s] has no key '%s'; allowed: %s", group,
                        entry->key, list);
}

static gboolean
read_entry (CvmSettings            *self,
            CvmKeyfile             *file,
            const char             *group,
            const CvmKeyfileEntry  *entry,
            GError                **error)
{
  int setting = find_setting (group, entry->key);
  g_autoptr(GError) local = NULL;
  g_autofree char *path = NULL;

  if (setting < 0)
    {
      tell_unknown (file, group, entry, error);
      return FALSE;
    }

  if (!check_value ((CvmSetting)setting, entry->value, &local))
    {
      cvm_keyfile_error_at (file, entry->line, error, "%s", local->message);
      return FALSE;
    }

  if (setting == CVM_SETTING_IMAGES_FOLDER)
    path = cvm_file_beside (cvm_keyfile_get_name (file), entry->value);
  assign (self, (CvmSetting)setting, path != NULL ? path : entry->value);

  return TRUE;
}

static gboolean
read_groups (CvmSettings  *self,
             CvmKeyfile   *file,
             GError      **error)
{
  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    {
      const CvmKeyfileGroup *group = cvm_keyfile_group (file, i);

      for (guint j = 0; is_group (group) && j < cvm_keyfile_n_entries (file, i); j++)
        if (!read_entry (self, file, group->kind, cvm_keyfile_entry (file, i, j), error))
          return FALSE;
    }

  return TRUE;
}

CvmSettings *
cvm_settings_load (GError **error)
{
  g_autoptr(CvmKeyfile) file = cvm_config_load (FILE_NAME, error);
  g_autoptr(CvmSettings) self = cvm_settings_new ();

  return file != NULL && read_groups (self, file, error) ? g_steal_pointer (&self) : NULL;
}

char *
cvm_settings_dup_images_folder (GError **error)
{
  g_autoptr(CvmSettings) self = cvm_settings_load (error);

  return self != NULL ? g_steal_pointer (&self->images_folder) : NULL;
}

/* Writing --------------------------------------------------------------------------------- */

typedef struct
{
  CvmSetting  setting;
  const char *value;
} Change;

/* A file with a wrong line is not written: what else would be lost is not known */
static gboolean
change (CvmKeyfile  *file,
        gpointer     data,
        GError     **error)
{
  const Change *self = data;
  g_autoptr(CvmSettings) settings = cvm_settings_new ();

  if (!read_groups (settings, file, error))
    return FALSE;

  cvm_keyfile_set (file, table[self->setting].group, "", table[self->setting].param.name,
                   self->value);

  return TRUE;
}

gboolean
cvm_settings_set (CvmSetting   setting,
                  const char  *value,
                  GError     **error)
{
  Change wanted = { setting, value };
  g_autoptr(GError) local = NULL;

  if (value != NULL && !check_value (setting, value, &local))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, local->message);
      return FALSE;
    }

  return cvm_config_edit (FILE_NAME, change, &wanted, error);
}
