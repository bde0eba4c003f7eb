/* cvm-catalogue-settings.c: the catalogues of the user's settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-paths.h"

#define KIND     "Catalogue"
#define MAX_NAME 64

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

static CvmKeyfile *
load_settings (GError **error)
{
  g_autofree char *path = cvm_paths_config ("settings.ini");
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot make %s: %s", folder,
                   g_strerror (errno));
      return NULL;
    }

  return g_file_test (path, G_FILE_TEST_EXISTS) ? cvm_keyfile_load (path, error)
                                                : cvm_keyfile_new_from_data ("", 0, path, error);
}

gboolean
cvm_catalogues_set (const char  *name,
                    const char  *location,
                    const char  *keyring,
                    GError     **error)
{
  g_autoptr(CvmKeyfile) file = NULL;
  g_autofree char *text = NULL;
  gsize len;

  if (location != NULL && !cvm_catalogues_check (name, location, error))
    return FALSE;

  file = load_settings (error);
  if (file == NULL)
    return FALSE;

  if (location != NULL)
    {
      cvm_keyfile_set (file, KIND, name, "Location", location);
      cvm_keyfile_set (file, KIND, name, "Keyring", keyring);
    }
  else
    {
      cvm_keyfile_remove_group (file, KIND, name);
    }
  text = cvm_keyfile_to_data (file, &len);

  return cvm_file_write (cvm_keyfile_get_name (file), text, (gssize)len, 0600, error);
}
