/* cvm-case.c: one case of a suite, and how its values are set
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-private.h"

#include "cvm-file.h"
#include "cvm-text.h"

#include <string.h>

void
cvm_case_free (CvmCase *self)
{
  g_free (self->id);
  g_free (self->title);
  g_strfreev (self->needs);
  g_strfreev (self->tags);
  g_strfreev (self->drivers);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_strfreev (self->only);
  g_free (self);
}

char *
cvm_suite_hint (const char        *name,
                const char *const *allowed)
{
  g_autofree char *list = g_strjoinv (", ", (char **)allowed);
  const char *nearest = cvm_text_nearest (name, allowed);

  if (nearest != NULL)
    return g_strdup_printf ("did you mean '%s'? allowed: %s", nearest, list);

  return g_strdup_printf ("allowed: %s", list[0] != '\0' ? list : "none");
}

static gboolean
refuse_key (const CvmCase  *self,
            const char     *key,
            GError        **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *shown = cvm_text_quote (key);
  g_autofree char *hint = NULL;

  for (const CvmParam *p = self->check->params; p != NULL && p->name != NULL; p++)
    g_ptr_array_add (names, (gpointer)p->name);
  g_ptr_array_add (names, (gpointer)"Timeout");
  g_ptr_array_add (names, NULL);

  hint = cvm_suite_hint (key, (const char *const *)names->pdata);
  g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_NO_SUCH_ID,
               "%s has no parameter %s; %s", self->check->id, shown, hint);

  return FALSE;
}

static gboolean
is_inside (const char *name)
{
  g_auto(GStrv) parts = g_strsplit (name, "/", -1);

  return !g_path_is_absolute (name) && !g_strv_contains ((const char *const *)parts, "..");
}

/* The absolute path, which must be there */
static char *
resolve_file (const char  *key,
              const char  *value,
              const char  *folder,
              gboolean     is_confined,
              GError     **error)
{
  g_autofree char *shown = cvm_text_quote (value);
  g_autofree char *path = NULL;

  if (value[0] == '\0')
    return g_strdup ("");

  if (is_confined && !is_inside (value))
    {
      g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_BAD_VALUE,
                   "%s is %s; a suite may only name files of its own folder: put it there, "
                   "or give the path with --set", key, shown);
      return NULL;
    }

  path = g_path_is_absolute (value) ? g_strdup (value) : g_build_filename (folder, value, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);

  g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_BAD_VALUE,
               "%s is %s; there is no such file or folder in %s", key, shown, folder);

  return NULL;
}

static char *
check_timeout (const char  *value,
               GError     **error)
{
  g_autofree char *shown = cvm_text_quote (value);
  gint64 ms;

  if (cvm_param_parse_duration (value, &ms) && ms > 0)
    return g_strdup (value);

  g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_BAD_VALUE, "Timeout is %s; allowed: "
               "seconds, or a number with s, m or h, from 1s to a week", shown);

  return NULL;
}

static char *
resolve_password (const char  *key,
                  const char  *value,
                  const char  *folder,
                  gboolean     is_confined,
                  GError     **error)
{
  g_autofree char *file = resolve_file (key, value + strlen (CVM_PASSWORD_FILE), folder,
                                        is_confined, error);

  return file != NULL ? g_strconcat (CVM_PASSWORD_FILE, file, NULL) : NULL;
}

char *
cvm_case_check (const CvmCase  *self,
                const char     *key,
                const char     *value,
                const char     *folder,
                gboolean        is_confined,
                GError        **error)
{
  const CvmParam *param = cvm_param_find (self->check->params, key);
  g_autoptr(GError) local = NULL;

  if (g_str_equal (key, "Timeout"))
    return check_timeout (value, error);

  if (param == NULL)
    {
      refuse_key (self, key, error);
      return NULL;
    }

  if (!cvm_param_validate (param, value, &local))
    {
      g_set_error_literal (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_BAD_VALUE, local->message);
      return NULL;
    }

  if (param->type == CVM_PARAM_FILE)
    return resolve_file (key, value, folder, is_confined, error);

  if (param->type == CVM_PARAM_PASSWORD && g_str_has_prefix (value, CVM_PASSWORD_FILE))
    return resolve_password (key, value, folder, is_confined, error);

  return g_strdup (value);
}

void
cvm_case_apply (CvmCase    *self,
                const char *key,
                const char *checked)
{
  if (g_str_equal (key, "Timeout"))
    cvm_param_parse_duration (checked, &self->timeout_ms);
  else
    g_hash_table_replace (self->values, g_strdup (key), g_strdup (checked));
}

CvmCase *
cvm_case_copy (const CvmCase *self)
{
  CvmCase *copy = g_new (CvmCase, 1);
  GHashTableIter iter;
  gpointer name, text;

  *copy = *self;
  copy->id = g_strdup (self->id);
  copy->title = g_strdup (self->title);
  copy->needs = g_strdupv (self->needs);
  copy->tags = g_strdupv (self->tags);
  copy->drivers = g_strdupv (self->drivers);
  copy->only = g_strdupv (self->only);
  copy->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, &text))
    g_hash_table_insert (copy->values, g_strdup (name), g_strdup (text));

  return copy;
}
