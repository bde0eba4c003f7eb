/* cvm-catalogue-settings.c: the catalogues of the user's settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue.h"

#include <string.h>

#include "cvm-config.h"
#include "cvm-file.h"
#include "cvm-paths.h"

#define FILE_NAME "settings.ini"
#define KIND      "Catalogue"
#define MAX_NAME  64

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
  g_autofree char *path = cvm_paths_config (FILE_NAME);
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

/* Writing ------------------------------------------------------------------------------------ */

static gboolean
refuse (GError     **error,
        const char  *why)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, why);

  return FALSE;
}

static gboolean
is_name (const char *name)
{
  gsize len = strlen (name);

  return len > 0 && len <= MAX_NAME && g_ascii_isalnum (name[0]) &&
         strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == len;
}

gboolean
cvm_catalogues_check (const char  *name,
                      const char  *location,
                      GError     **error)
{
  g_autoptr(GUri) uri = NULL;

  if (!is_name (name))
    return refuse (error, "a name has letters, digits, '.', '_' and '-', and begins with one of "
                   "the first two; at most 64");
  if (g_str_equal (location, "osinfo:") || location[0] == '/')
    return TRUE;

  uri = g_uri_parse (location, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL || (!g_str_equal (g_uri_get_scheme (uri), "https") &&
                      !g_str_equal (g_uri_get_scheme (uri), "http") &&
                      !g_str_equal (g_uri_get_scheme (uri), "file")))
    return refuse (error, "an address is https://…, http://…, the path of a folder, or osinfo:");
  if (g_uri_get_userinfo (uri) != NULL)
    return refuse (error, "an address must not have a password in it: anybody could read it");

  return g_str_equal (g_uri_get_scheme (uri), "file") ||
         (g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0') ||
         refuse (error, "the address names no server");
}

static gboolean
put (CvmKeyfile  *file,
     gpointer     data,
     GError     **error)
{
  const CvmCatalogue *catalogue = data;

  if (catalogue->location != NULL)
    {
      cvm_keyfile_set (file, KIND, catalogue->name, "Location", catalogue->location);
      cvm_keyfile_set (file, KIND, catalogue->name, "Keyring", catalogue->keyring);
    }
  else
    {
      cvm_keyfile_remove_group (file, KIND, catalogue->name);
    }

  return TRUE;
}

gboolean
cvm_catalogues_set (const char  *name,
                    const char  *location,
                    const char  *keyring,
                    GError     **error)
{
  CvmCatalogue catalogue = { (char *)name, (char *)location, (char *)keyring };

  return (location == NULL || cvm_catalogues_check (name, location, error)) &&
         cvm_config_edit (FILE_NAME, put, &catalogue, error);
}
