/* cvm-cfg.c: a shell file of settings, read as data
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cfg.h"

#include <string.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-text.h"

#define SIZE_MAX_BYTES (1024 * 1024)
#define SETTINGS_MAX   10000
#define VALUE_MAX      (64 * 1024)   /* bytes, after $NAME is replaced: doubling ends there */

struct _CvmCfg
{
  char      *name;
  GPtrArray *settings;   /* of CvmCfgSetting, in file order */
  GHashTable *last;      /* name → its last CvmCfgSetting, borrowed */
};

/* The file being read. The bytes end with a NUL and have no other. */
typedef struct
{
  CvmCfg     *cfg;
  const char *at;
  guint       line;
} Scanner;

static void
setting_free (CvmCfgSetting *setting)
{
  g_free (setting->name);
  g_free (setting->value);
  g_free (setting);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCfgSetting, setting_free)

static gboolean
fail (const Scanner  *self,
      GError        **error,
      const char     *format,
      ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (const Scanner  *self,
      GError        **error,
      const char     *format,
      ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID, "%s:%u: %s", self->cfg->name,
               self->line, text);

  return FALSE;
}

/* Characters ------------------------------------------------------------------------------- */

static void
step (Scanner *self)
{
  if (*self->at == '\n')
    self->line++;
  self->at++;
}

/* The length of a line's end here: a CR belongs to it, as Windows' editors write it */
static gsize
line_end (const char *at)
{
  return at[0] == '\n' ? 1 : at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

static gboolean
skip_continuation (Scanner *self)
{
  gsize end = *self->at == '\\' ? line_end (self->at + 1) : 0;

  if (end == 0)
    return FALSE;

  self->at += 1 + end;
  self->line++;
  return TRUE;
}

static void
skip_blanks (Scanner *self)
{
  for (;;)
    {
      if (*self->at == ' ' || *self->at == '\t')
        self->at++;
      else if (!skip_continuation (self))
        return;
    }
}

static gboolean
ends_word (char c)
{
  return c == '\0' || strchr (" \t\r\n;", c) != NULL;
}

static char *
take_name (Scanner *self)
{
  const char *begin = self->at;

  if (g_ascii_isalpha (*self->at) || *self->at == '_')
    while (g_ascii_isalnum (*self->at) || *self->at == '_')
      self->at++;

  return g_strndup (begin, self->at - begin);
}

/* The word at the scanner, for a message */
static char *
show_word (const Scanner *self)
{
  g_autofree char *word = g_strndup (self->at, strcspn (self->at, " \t\r\n"));

  return cvm_text_quote (word);
}

/* Values ----------------------------------------------------------------------------------- */

/* What a shell would run, or replace by what is on this machine; NULL if C is neither */
static const char *
refused (const Scanner *self)
{
  const char *at = self->at;

  if (*at == '`' || (at[0] == '$' && at[1] == '('))
    return "a command to run";
  if (at[0] == '$' && (at[1] == '\'' || at[1] == '"'))
    return "a quotation that only some shells know";

  return NULL;
}

static gboolean
refuse (const Scanner  *self,
        const char     *what,
        GError        **error)
{
  return fail (self, error, "%s stands in the value; nothing of this file is run: "
               "write the value itself", what);
}

/* $NAME or ${NAME}, of a setting above */
static gboolean
append_variable (Scanner  *self,
                 GString  *value,
                 GError  **error)
{
  gboolean is_braced = self->at[1] == '{';
  g_autofree char *shown = show_word (self);
  g_autofree char *name = NULL;
  const CvmCfgSetting *setting;

  self->at += is_braced ? 2 : 1;
  name = take_name (self);
  if (*name == '\0' || (is_braced && *self->at != '}'))
    return fail (self, error, "%s is more than the name of a setting; write $NAME or ${NAME}, "
                 "or the value itself", shown);

  self->at += is_braced ? 1 : 0;
  setting = cvm_cfg_find (self->cfg, name);
  if (setting == NULL)
    return fail (self, error, "$%s is not set above in this file; write the value itself", name);

  if (value->len + strlen (setting->value) > VALUE_MAX)
    return fail (self, error, "the value is longer than %d bytes", VALUE_MAX);

  g_string_append (value, setting->value);
  return TRUE;
}

static gboolean
append_expansion (Scanner  *self,
                  GString  *value,
                  GError  **error)
{
  const char *what = refused (self);
  gboolean is_name = *self->at == '$' && self->at[1] != '\0' && !ends_word (self->at[1])
                     && self->at[1] != '"';

  if (what != NULL)
    return refuse (self, what, error);

  if (is_name)
    return append_variable (self, value, error);

  g_string_append_c (value, *self->at);   /* a $ that is one */
  step (self);
  return TRUE;
}

/* Between ' and ' nothing has a meaning */
static gboolean
append_single (Scanner  *self,
               GString  *value,
               GError  **error)
{
  const char *end = strchr (self->at + 1, '\'');

  if (end == NULL)
    return fail (self, error, "the quotation that begins with ' has no end; write another '");

  for (step (self); self->at < end; step (self))
    g_string_append_c (value, *self->at);
  step (self);

  return TRUE;
}

static gboolean
append_double (Scanner  *self,
               GString  *value,
               GError  **error)
{
  guint first_line = self->line;

  for (step (self); *self->at != '"';)
    {
      if (*self->at == '\0')
        {
          self->line = first_line;
          return fail (self, error,
                       "the quotation that begins with \" has no end; write another \"");
        }

      if (skip_continuation (self))
        continue;

      if (*self->at == '$' || *self->at == '`')
        {
          if (!append_expansion (self, value, error))
            return FALSE;
          continue;
        }

      if (*self->at == '\\' && self->at[1] != '\0' && strchr ("\\\"$`", self->at[1]) != NULL)
        self->at++;
      g_string_append_c (value, *self->at);
      step (self);
    }

  step (self);
  return TRUE;
}

/* One piece of a value that is in no quotes */
static gboolean
append_bare (Scanner  *self,
             GString  *value,
             GError  **error)
{
  if (strchr ("&|<>()", *self->at) != NULL)
    return fail (self, error, "'%c' stands outside of quotes, where a shell would do more than set "
                 "a value; put the value in \"quotes\"", *self->at);

  if (*self->at == '~' && (value->len == 0 || value->str[value->len - 1] == ':'))
    return fail (self, error, "'~' stands outside of quotes, where a shell would put a folder; "
                 "write the folder itself");

  if (*self->at == '$' || *self->at == '`')
    return append_expansion (self, value, error);

  if (*self->at == '\\' && self->at[1] != '\0')
    self->at++;
  g_string_append_c (value, *self->at);
  step (self);

  return TRUE;
}

static gboolean
append_piece (Scanner  *self,
              GString  *value,
              GError  **error)
{
  if (value->len > VALUE_MAX)
    return fail (self, error, "the value is longer than %d bytes", VALUE_MAX);

  if (*self->at == '\'')
    return append_single (self, value, error);
  if (*self->at == '"')
    return append_double (self, value, error);

  return append_bare (self, value, error);
}

static char *
take_value (Scanner  *self,
            GError  **error)
{
  g_autoptr(GString) value = g_string_new (NULL);

  for (;;)
    {
      if (skip_continuation (self))
        continue;
      if (ends_word (*self->at))
        return g_string_free (g_steal_pointer (&value), FALSE);
      if (!append_piece (self, value, error))
        return NULL;
    }
}

/* Settings --------------------------------------------------------------------------------- */

static gboolean
add_setting (Scanner        *self,
             CvmCfgSetting  *setting,
             GError        **error)
{
  if (self->cfg->settings->len == SETTINGS_MAX)
    {
      setting_free (setting);
      return fail (self, error, "these are more than %d settings", SETTINGS_MAX);
    }

  g_ptr_array_add (self->cfg->settings, setting);
  g_hash_table_replace (self->cfg->last, setting->name, setting);

  return TRUE;
}

/* NAME=VALUE; `export NAME` alone is one too, of a setting above */
static gboolean
read_setting (Scanner   *self,
              gboolean   is_exported,
              GError   **error)
{
  g_autofree char *shown = show_word (self);
  g_autoptr(CvmCfgSetting) setting = g_new0 (CvmCfgSetting, 1);

  setting->line = self->line;
  setting->is_exported = is_exported;
  setting->name = take_name (self);
  if (is_exported && *setting->name != '\0' && ends_word (*self->at)
      && cvm_cfg_find (self->cfg, setting->name) != NULL)
    return TRUE;

  if (*setting->name == '\0' || *self->at != '=')
    return fail (self, error, "%s is no setting; only NAME=VALUE, with or without export, may "
                 "stand here, since nothing of this file is run", shown);

  step (self);
  setting->value = take_value (self, error);

  return setting->value != NULL && add_setting (self, g_steal_pointer (&setting), error);
}

static gboolean
is_export (const Scanner *self)
{
  return g_str_has_prefix (self->at, "export") && (self->at[6] == ' ' || self->at[6] == '\t');
}

static gboolean
ends_line (const Scanner *self)
{
  return *self->at == '\0' || *self->at == '#' || *self->at == ';' || line_end (self->at) > 0;
}

/* The settings of one line, up to a ';', a comment or its end */
static gboolean
read_settings (Scanner  *self,
               GError  **error)
{
  gboolean is_exported = is_export (self);

  if (is_exported)
    self->at += strlen ("export");

  for (skip_blanks (self); !ends_line (self); skip_blanks (self))
    if (!read_setting (self, is_exported, error))
      return FALSE;

  return TRUE;
}

static gboolean
read_all (Scanner  *self,
          GError  **error)
{
  while (*self->at != '\0')
    {
      skip_blanks (self);
      if (*self->at == '#')
        self->at += strcspn (self->at, "\n");
      else if (*self->at == ';' || *self->at == '\r' || *self->at == '\n')
        step (self);
      else if (!read_settings (self, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_bytes (Scanner     *self,
             const char  *data,
             gsize        len,
             GError     **error)
{
  const char *bad;

  if (len > SIZE_MAX_BYTES)
    return fail (self, error, "the file is larger than %d bytes", SIZE_MAX_BYTES);

  if (g_utf8_validate_len (data, len, &bad))
    return TRUE;

  for (const char *p = data; p < bad; p++)
    self->line += *p == '\n' ? 1 : 0;

  return fail (self, error, "a byte here is no text; write the file in UTF-8");
}

CvmCfg *
cvm_cfg_new_from_data (const char  *data,
                       gsize        len,
                       const char  *name,
                       GError     **error)
{
  g_autoptr(CvmCfg) self = g_new0 (CvmCfg, 1);
  Scanner scanner = { .cfg = self, .line = 1 };
  g_autofree char *text = NULL;

  self->name = g_strdup (name);
  self->settings = g_ptr_array_new_with_free_func ((GDestroyNotify)setting_free);
  self->last = g_hash_table_new (g_str_hash, g_str_equal);

  if (!check_bytes (&scanner, data, len, error))
    return NULL;

  text = g_strndup (len > 0 ? data : "", len);
  scanner.at = text;

  return read_all (&scanner, error) ? g_steal_pointer (&self) : NULL;
}

CvmCfg *
cvm_cfg_load (const char  *path,
              GError     **error)
{
  g_autoptr(GError) local = NULL;
  gsize len;
  g_autofree char *data = cvm_file_read (path, SIZE_MAX_BYTES, &len, &local);

  if (data == NULL)
    {
      g_set_error_literal (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE, local->message);
      return NULL;
    }

  return cvm_cfg_new_from_data (data, len, path, error);
}

void
cvm_cfg_free (CvmCfg *self)
{
  g_hash_table_unref (self->last);
  g_ptr_array_unref (self->settings);
  g_free (self->name);
  g_free (self);
}

const char *
cvm_cfg_get_name (const CvmCfg *self)
{
  return self->name;
}

guint
cvm_cfg_n_settings (const CvmCfg *self)
{
  return self->settings->len;
}

const CvmCfgSetting *
cvm_cfg_setting (const CvmCfg *self,
                 guint         index)
{
  return self->settings->pdata[index];
}

const CvmCfgSetting *
cvm_cfg_find (const CvmCfg *self,
              const char   *name)
{
  return g_hash_table_lookup (self->last, name);
}
