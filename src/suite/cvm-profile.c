/* cvm-profile.c: what to run on what, kept in a file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-profile.h"

#include <string.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-text.h"

static gboolean
take_entry (CvmProfile             *self,
            CvmKeyfile             *file,
            const CvmKeyfileEntry  *entry,
            GError                **error)
{
  const struct { const char *key; char **field; } fields[] = {
    { "Suite", &self->suite }, { "Host", &self->host }, { "Hypervisor", &self->hypervisor },
    { "Receiver", &self->receiver },
  };
  g_autofree char *shown = cvm_text_quote (entry->key);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (!g_str_equal (fields[i].key, entry->key))
        continue;

      *fields[i].field = g_strdup (entry->value);
      return TRUE;
    }

  cvm_keyfile_error_at (file, entry->line, error, "[Profile] has no key %s; allowed: Suite, Host, "
                        "Hypervisor, Receiver", shown);

  return FALSE;
}

static gboolean
read_group (CvmProfile     *self,
            CvmKeyfile     *file,
            guint           index,
            GStrvBuilder   *sets,
            GError        **error)
{
  const CvmKeyfileGroup *group = cvm_keyfile_group (file, index);
  gboolean is_profile = g_str_equal (group->kind, "Profile");
  g_autofree char *shown = cvm_text_quote (group->kind);

  if (!is_profile && !g_str_equal (group->kind, "Set"))
    {
      cvm_keyfile_error_at (file, group->line, error,
                            "there is no kind of group %s; allowed: [Profile], [Set]", shown);
      return FALSE;
    }

  for (guint i = 0; i < cvm_keyfile_n_entries (file, index); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (file, index, i);
      g_autofree char *set = g_strconcat (entry->key, "=", entry->value, NULL);

      if (!is_profile)
        g_strv_builder_add (sets, set);
      else if (!take_entry (self, file, entry, error))
        return FALSE;
    }

  return TRUE;
}

/* A file's name is relative to the profile's folder, another word is a suite's name */
static void
place_suite (CvmProfile *self,
             const char *path)
{
  char *beside;

  if (!g_str_has_suffix (self->suite, ".suite"))
    return;

  beside = cvm_file_beside (path, self->suite);
  g_free (self->suite);
  self->suite = beside;
}

CvmProfile *
cvm_profile_load (const char  *path,
                  GError     **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, error);
  g_autoptr(CvmProfile) self = g_new0 (CvmProfile, 1);
  g_autoptr(GStrvBuilder) sets = g_strv_builder_new ();

  if (file == NULL)
    return NULL;

  for (guint i = 0; i < cvm_keyfile_n_groups (file); i++)
    if (!read_group (self, file, i, sets, error))
      return NULL;

  if (self->suite == NULL || *self->suite == '\0')
    {
      cvm_keyfile_error_at (file, 1, error,
                            "the profile names no suite; write [Profile] and Suite=FILE.suite");
      return NULL;
    }

  place_suite (self, path);
  self->sets = g_strv_builder_end (sets);

  return g_steal_pointer (&self);
}

void
cvm_profile_free (CvmProfile *self)
{
  g_free (self->suite);
  g_free (self->host);
  g_free (self->hypervisor);
  g_free (self->receiver);
  g_strfreev (self->sets);
  g_free (self);
}
