/* cvm-suite-resolve.c: default < suite < preset < set, and what is to run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-private.h"

#include "cvm-text.h"

#include <string.h>

/* "OPTION: there is no WHAT 'name'; did you mean … allowed: …" */
static gboolean
refuse_name (const char         *option,
             const char         *what,
             const char         *name,
             const char *const  *allowed,
             GError            **error)
{
  g_autofree char *shown = cvm_text_quote (name);
  g_autofree char *hint = cvm_suite_hint (name, allowed);

  g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_NO_SUCH_ID, "%s: there is no %s %s; %s",
               option, what, shown, hint);

  return FALSE;
}

static CvmCase *
find_case (CvmSuite    *self,
           const char  *option,
           const char  *id,
           GError     **error)
{
  CvmCase *item = cvm_suite_lookup (self, id);

  if (item == NULL)
    {
      g_autoptr(GPtrArray) ids = g_ptr_array_new ();

      for (guint i = 0; i < self->cases->len; i++)
        g_ptr_array_add (ids, ((CvmCase *)self->cases->pdata[i])->id);
      g_ptr_array_add (ids, NULL);

      refuse_name (option, "case", id, (const char *const *)ids->pdata, error);
    }

  return item;
}

static gboolean
apply_preset (CvmSuite    *self,
              const char  *preset,
              GError     **error)
{
  if (preset == NULL)
    return TRUE;

  if (!g_strv_contains ((const char *const *)self->presets, preset))
    return refuse_name ("--preset", "preset", preset, (const char *const *)self->presets, error);

  g_free (self->preset);
  self->preset = g_strdup (preset);
  for (guint i = 0; i < self->settings->len; i++)
    {
      const CvmSetting *setting = self->settings->pdata[i];

      if (g_str_equal (setting->preset, preset))
        cvm_case_apply (cvm_suite_lookup (self, setting->case_id), setting->key, setting->checked);
    }

  return TRUE;
}

/* SET is "ID.key=value"; a file's name is relative to where the user is. */
static gboolean
apply_set (CvmSuite    *self,
           const char  *set,
           GError     **error)
{
  const char *equals = strchr (set, '=');
  const char *dot = strchr (set, '.');
  g_autofree char *here = g_get_current_dir ();
  g_autofree char *id = NULL;
  g_autofree char *key = NULL;
  g_autofree char *checked = NULL;
  g_autofree char *noted = NULL;
  CvmCase *item;

  if (equals == NULL || dot == NULL || dot > equals)
    {
      g_autofree char *shown = cvm_text_quote (set);

      g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_BAD_VALUE,
                   "--set: %s is not understood; write ID.parameter=value or ID.Timeout=5m", shown);
      return FALSE;
    }

  id = g_strndup (set, dot - set);
  key = g_strndup (dot + 1, equals - dot - 1);
  item = find_case (self, "--set", id, error);
  if (item == NULL)
    return FALSE;

  checked = cvm_case_check (item, key, equals + 1, here, FALSE, error);
  if (checked == NULL)
    {
      g_prefix_error (error, "--set %s: ", id);
      return FALSE;
    }

  cvm_case_apply (item, key, checked);
  noted = g_strdup_printf ("%s.%s=%s", id, key, checked);
  cvm_suite_note_set (self, noted);

  return TRUE;
}

static gboolean
apply_sets (CvmSuite           *self,
            const char *const  *sets,
            GError            **error)
{
  for (gsize i = 0; sets != NULL && sets[i] != NULL; i++)
    {
      if (!apply_set (self, sets[i], error))
        return FALSE;
    }

  return TRUE;
}

gboolean
cvm_case_fill (CvmCase     *item,
               CvmKeyfile  *file,
               GError     **error)
{
  for (const CvmParam *p = item->check->params; p != NULL && p->name != NULL; p++)
    {
      if (g_hash_table_contains (item->values, p->name))
        continue;

      if (p->default_value == NULL)
        {
          cvm_keyfile_error_at (file, item->line, error,
                                "[%s %s] does not say '%s', which %s must know; add %s=… here, "
                                "or give --set %s.%s=…",
                                item->is_precondition ? "Precondition" : "Case", item->id, p->name,
                                item->check->id, p->name, item->id, p->name);
          return FALSE;
        }

      cvm_case_apply (item, p->name, p->default_value);
    }

  return TRUE;
}

static gboolean
fill (CvmSuite  *self,
      GError   **error)
{
  for (guint i = 0; i < self->cases->len; i++)
    {
      if (!cvm_case_fill (self->cases->pdata[i], self->file, error))
        return FALSE;
    }

  return TRUE;
}

/* Adds SUBTEST to those asked for. */
static void
add_only (CvmCase    *item,
          const char *subtest)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (item->only != NULL)
    g_strv_builder_addv (builder, (const char **)item->only);
  g_strv_builder_add (builder, subtest);

  g_strfreev (item->only);
  item->only = g_strv_builder_end (builder);
}

/* ONLY is "ID", "ID/N" or "ID/NAME"; the plain id asks for all of it. */
static gboolean
select_one (CvmSuite    *self,
            const char  *only,
            GHashTable  *whole,
            GError     **error)
{
  const char *slash = strchr (only, '/');
  g_autofree char *id = slash != NULL ? g_strndup (only, slash - only) : g_strdup (only);
  CvmCase *item = find_case (self, "--only", id, error);

  if (item == NULL)
    return FALSE;

  item->is_selected = TRUE;

  if (slash == NULL || slash[1] == '\0')
    g_hash_table_add (whole, item);
  else
    add_only (item, slash + 1);

  return TRUE;
}

/* Needs point backwards only: one pass from the end finds them all. What is needed is needed
 * whole. */
static void
select_needed (CvmSuite *self)
{
  for (guint i = self->cases->len; i-- > 0;)
    {
      CvmCase *item = self->cases->pdata[i];

      for (gsize j = 0; item->is_selected && item->needs[j] != NULL; j++)
        {
          CvmCase *needed = cvm_suite_lookup (self, item->needs[j]);

          needed->is_selected = TRUE;
          g_clear_pointer (&needed->only, g_strfreev);
        }
    }
}

static gboolean
select_only (CvmSuite           *self,
             const char *const  *only,
             GError            **error)
{
  g_autoptr(GHashTable) whole = g_hash_table_new (NULL, NULL);

  if (only == NULL || only[0] == NULL)
    return TRUE;

  for (guint i = 0; i < self->cases->len; i++)
    {
      CvmCase *item = self->cases->pdata[i];

      item->is_selected = item->is_precondition;
      g_clear_pointer (&item->only, g_strfreev);
    }

  for (gsize i = 0; only[i] != NULL; i++)
    {
      if (!select_one (self, only[i], whole, error))
        return FALSE;
    }

  for (guint i = 0; i < self->cases->len; i++)
    {
      CvmCase *item = self->cases->pdata[i];

      if (g_hash_table_contains (whole, item))
        g_clear_pointer (&item->only, g_strfreev);
    }

  select_needed (self);

  return TRUE;
}

CvmSuite *
cvm_suite_resolve (CvmSuite           *self,
                   const char         *preset,
                   const char *const  *sets,
                   const char *const  *only,
                   GError            **error)
{
  g_autoptr(CvmSuite) copy = cvm_suite_copy (self);

  if (!apply_preset (copy, preset, error) || !apply_sets (copy, sets, error) ||
      !fill (copy, error) || !select_only (copy, only, error))
    return NULL;

  return g_steal_pointer (&copy);
}
