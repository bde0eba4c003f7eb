/* cvm-catalogue-settings.c: the catalogues of the user's settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue.h"

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-paths.h"

#define KIND "Catalogue"

static void
catalogue_free (CvmCatalogue *self)
{
  g_free (self->name);
  g_free (self->location);
  g_free (self->keyring);
  g_free (self);
}

static gboolean
load_key (CvmCatalogue           *self,
          CvmKeyfile             *file,
          const CvmKeyfileEntry  *entry,
          GError                **error)
{
  if (g_str_equal (entry->key, "Location") && entry->value[0] != '\0')
    self->location = g_strdup (entry->value);
  else if (g_str_equal (entry->key, "Keyring") && entry->value[0] != '\0')
    self->keyring = cvm_file_beside (cvm_keyfile_get_name (file), entry->value);
  else
    cvm_keyfile_error_at (file, entry->line, error, "a catalogue has no key '%s', or it is empty; "
                          "allowed: Location, Keyring", entry->key);

  return error == NULL || *error == NULL;
}

static CvmCatalogue *
load_group (CvmKeyfile  *file,
            guint        group,
            GError     **error)
{
  const CvmKeyfileGroup *head = cvm_keyfile_group (file, group);
  CvmCatalogue *self = g_new0 (CvmCatalogue, 1);
  g_autoptr(GError) local = NULL;

  self->name = g_strdup (head->id);
  for (guint i = 0; i < cvm_keyfile_n_entries (file, group) && local == NULL; i++)
    load_key (self, file, cvm_keyfile_entry (file, group, i), &local);

  if (local == NULL && self->location == NULL)
    cvm_keyfile_error_at (file, head->line, &local, "[Catalogue %s] needs a Location=, a URL or a "
                          "folder", head->id);
  if (local == NULL)
    return self;

  g_propagate_error (error, g_steal_pointer (&local));
  catalogue_free (self);

  return NULL;
}

GPtrArray *
cvm_catalogues_load (GError **error)
{
  g_autoptr(GPtrArray) catalogues = g_ptr_array_new_with_free_func ((GDestroyNotify)catalogue_free);
  g_autofree char *path = cvm_paths_config ("settings.ini");
  g_autoptr(CvmKeyfile) file = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&catalogues);

  file = cvm_keyfile_load (path, error);
  for (guint i = 0; file != NULL && i < cvm_keyfile_n_groups (file); i++)
    {
      CvmCatalogue *catalogue;

      if (!g_str_equal (cvm_keyfile_group (file, i)->kind, KIND))
        continue;

      catalogue = load_group (file, i, error);
      if (catalogue == NULL)
        return NULL;
      g_ptr_array_add (catalogues, catalogue);
    }

  return file != NULL ? g_steal_pointer (&catalogues) : NULL;
}

const CvmCatalogue *
cvm_catalogues_find (GPtrArray  *catalogues,
                     const char *name)
{
  for (guint i = 0; i < catalogues->len; i++)
    {
      const CvmCatalogue *catalogue = g_ptr_array_index (catalogues, i);

      if (g_str_equal (catalogue->name, name))
        return catalogue;
    }

  return NULL;
}
