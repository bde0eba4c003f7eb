/* cvm-suite.c: a suite, and what can be asked of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-private.h"

#include "cvm-paths.h"
#include "cvm-text.h"

#include <stdlib.h>
#include <string.h>

G_DEFINE_QUARK (cvm-suite-error-quark, cvm_suite_error)
G_DEFINE_FINAL_TYPE (CvmSuite, cvm_suite, G_TYPE_OBJECT)

static void
cvm_suite_finalize (GObject *object)
{
  CvmSuite *self = CVM_SUITE (object);

  g_free (self->path);
  g_free (self->folder);
  g_clear_object (&self->file);
  g_free (self->id);
  g_free (self->name);
  g_free (self->version);
  g_free (self->description);
  g_free (self->sha256);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->cases);
  g_strfreev (self->presets);
  g_clear_pointer (&self->settings, g_ptr_array_unref);
  g_free (self->preset);
  g_ptr_array_unref (self->sets);

  G_OBJECT_CLASS (cvm_suite_parent_class)->finalize (object);
}

static void
cvm_suite_class_init (CvmSuiteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_suite_finalize;
}

static void
cvm_suite_init (CvmSuite *self)
{
  self->cases = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_case_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->sets = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->sets, NULL);
}

void
cvm_suite_add_case (CvmSuite *self,
                    CvmCase  *item)
{
  g_ptr_array_add (self->cases, item);
  g_hash_table_insert (self->by_id, item->id, item);
}

void
cvm_suite_note_set (CvmSuite   *self,
                    const char *set)
{
  gsize key_len = strcspn (set, "=") + 1;

  for (guint i = 0; i + 1 < self->sets->len; i++)
    if (strncmp (self->sets->pdata[i], set, key_len) == 0)
      {
        g_ptr_array_remove_index (self->sets, i);
        break;
      }

  g_ptr_array_insert (self->sets, (int)self->sets->len - 1, g_strdup (set));
}

CvmSuite *
cvm_suite_copy_empty (CvmSuite *self)
{
  CvmSuite *copy = g_object_new (CVM_TYPE_SUITE, NULL);

  copy->path = g_strdup (self->path);
  copy->folder = g_strdup (self->folder);
  copy->file = g_object_ref (self->file);
  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->version = g_strdup (self->version);
  copy->description = g_strdup (self->description);
  copy->sha256 = g_strdup (self->sha256);
  copy->timeout_ms = self->timeout_ms;
  copy->presets = g_strdupv (self->presets);
  copy->settings = g_ptr_array_ref (self->settings);
  copy->preset = g_strdup (self->preset);
  for (guint i = 0; i + 1 < self->sets->len; i++)
    cvm_suite_note_set (copy, self->sets->pdata[i]);

  return copy;
}

CvmSuite *
cvm_suite_copy (CvmSuite *self)
{
  CvmSuite *copy = cvm_suite_copy_empty (self);

  for (guint i = 0; i < self->cases->len; i++)
    cvm_suite_add_case (copy, cvm_case_copy (self->cases->pdata[i]));

  return copy;
}

char *
cvm_suite_find (const char  *name_or_path,
                GError     **error)
{
  g_auto(GStrv) dirs = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *places = NULL;

  if (strchr (name_or_path, '/') != NULL || g_str_has_suffix (name_or_path, ".suite"))
    return g_strdup (name_or_path);

  file = g_strconcat (name_or_path, ".suite", NULL);
  path = cvm_paths_find ("suites", file);
  if (path != NULL)
    return g_steal_pointer (&path);

  shown = cvm_text_quote (name_or_path);
  dirs = cvm_paths_dirs ("suites");
  places = g_strjoinv (", ", dirs);
  g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_NO_SUCH_ID,
               "There is no suite %s; name one of 'suites list', or the path of a .suite file "
               "(looked in %s)", shown, places);

  return NULL;
}

const char *
cvm_suite_get_path (CvmSuite *self)
{
  return self->path;
}

const char *
cvm_suite_get_id (CvmSuite *self)
{
  return self->id;
}

const char *
cvm_suite_get_name (CvmSuite *self)
{
  return self->name;
}

const char *
cvm_suite_get_version (CvmSuite *self)
{
  return self->version;
}

const char *
cvm_suite_get_description (CvmSuite *self)
{
  return self->description;
}

const char *
cvm_suite_get_sha256 (CvmSuite *self)
{
  return self->sha256;
}

gint64
cvm_suite_get_timeout_ms (CvmSuite *self)
{
  return self->timeout_ms;
}

char **
cvm_suite_get_presets (CvmSuite *self)
{
  return self->presets;
}

const char *
cvm_suite_get_preset (CvmSuite *self)
{
  return self->preset;
}

const char *const *
cvm_suite_get_sets (CvmSuite *self)
{
  return (const char *const *)self->sets->pdata;
}

guint
cvm_suite_n_cases (CvmSuite *self)
{
  return self->cases->len;
}

const CvmCase *
cvm_suite_case (CvmSuite *self,
                guint     index)
{
  g_return_val_if_fail (index < self->cases->len, NULL);

  return self->cases->pdata[index];
}

CvmCase *
cvm_suite_lookup (CvmSuite   *self,
                  const char *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

const CvmCase *
cvm_suite_find_case (CvmSuite   *self,
                     const char *id)
{
  return cvm_suite_lookup (self, id);
}

/* Lies directly in a suites folder: of the user's, of the build tree, or installed */
static gboolean
is_trusted (CvmSuite *self)
{
  g_auto(GStrv) dirs = cvm_paths_dirs ("suites");
  g_autofree char *folder = realpath (self->folder, NULL);

  for (gsize i = 0; folder != NULL && dirs[i] != NULL; i++)
    {
      g_autofree char *dir = realpath (dirs[i], NULL);

      if (g_strcmp0 (dir, folder) == 0)
        return TRUE;
    }

  return FALSE;
}

/* What a case runs: the first word of its argv */
static char *
dup_program (const CvmCase *item)
{
  for (const CvmParam *p = item->check->params; p != NULL && p->name != NULL; p++)
    {
      const char *text = g_hash_table_lookup (item->values, p->name);

      if (p->type == CVM_PARAM_ARGV && text != NULL)
        {
          g_auto(GStrv) argv = cvm_param_parse_list (text);

          return cvm_text_quote (argv[0] != NULL ? argv[0] : "");
        }
    }

  return g_strdup ("a program");
}

/* The first case that runs a program here and was not known to be harmless, or NULL */
static const CvmCase *
find_exec (CvmSuite *self)
{
  if (is_trusted (self))
    return NULL;

  for (guint i = 0; i < self->cases->len; i++)
    {
      const CvmCase *item = self->cases->pdata[i];

      if (item->is_selected && item->check->runs_on_host)
        return item;
    }

  return NULL;
}

char *
cvm_suite_dup_program (CvmSuite *self)
{
  const CvmCase *item = find_exec (self);

  return item != NULL ? dup_program (item) : NULL;
}

gboolean
cvm_suite_check_exec (CvmSuite  *self,
                      gboolean   allow_exec,
                      GError   **error)
{
  const CvmCase *item = allow_exec ? NULL : find_exec (self);
  g_autofree char *own = NULL;
  g_autofree char *program = NULL;

  if (item == NULL)
    return TRUE;

  own = cvm_paths_config ("suites");
  program = dup_program (item);
  g_set_error (error, CVM_SUITE_ERROR, CVM_SUITE_ERROR_EXEC_DENIED,
               "%s:%u: [%s] runs %s on this host; read the suite, then allow it with "
               "--allow-exec, or move it to %s", cvm_keyfile_get_name (self->file), item->line,
               item->id, program, own);

  return FALSE;
}
