/* cvm-catalogue-osinfo.c: the images that libosinfo knows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Its database costs 0.2 s and 60 MB, so that it is loaded by nothing but this. */
#include "cvm-catalogue-private.h"

#include <osinfo/osinfo.h>

#include "cvm-fetch-private.h"

static CvmCatalogueEntry *
make_entry (OsinfoOs    *os,
            OsinfoImage *image,
            const char  *url,
            const char  *file)
{
  CvmCatalogueEntry *entry = cvm_catalogue_entry_new ();
  const char *arch = osinfo_image_get_architecture (image);
  const char *known = arch != NULL ? cvm_catalogue_arch (arch) : NULL;

  entry->url = g_strdup (url);
  entry->version = g_strdup (osinfo_product_get_version (OSINFO_PRODUCT (os)));
  entry->arch = g_strdup (known != NULL ? known : arch);
  entry->type = g_strdup (osinfo_image_get_cloud_init (image) ? "cloud" : NULL);
  entry->release_id = g_strdup (osinfo_product_get_short_id (OSINFO_PRODUCT (os)));
  entry->catalogue = g_strdup (CVM_OSINFO_LOCATION);
  cvm_catalogue_describe (entry, file);

  return entry;
}

/* Images for containers and those packed for other programs are left out. */
static void
add_images (OsinfoOs  *os,
            GPtrArray *entries)
{
  g_autoptr(OsinfoImageList) images = osinfo_os_get_image_list (os);

  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (images)); i++)
    {
      OsinfoImage *image = OSINFO_IMAGE (osinfo_list_get_nth (OSINFO_LIST (images), i));
      const char *url = osinfo_image_get_url (image);
      g_autofree char *file = url != NULL && cvm_web_is_url (url) ? cvm_catalogue_file_name (url)
                                                                  : NULL;

      if (file != NULL && cvm_catalogue_is_image (file))
        g_ptr_array_add (entries, make_entry (os, image, url, file));
    }
}

GPtrArray *
cvm_osinfo_list (GError **error)
{
  g_autoptr(OsinfoLoader) loader = osinfo_loader_new ();
  g_autoptr(OsinfoOsList) systems = NULL;
  g_autoptr(GError) local = NULL;
  GPtrArray *entries;

  osinfo_loader_process_default_path (loader, &local);
  if (local != NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local),
                                  "Cannot read the database of libosinfo (osinfo-db): ");
      return NULL;
    }

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_catalogue_entry_unref);
  systems = osinfo_db_get_os_list (osinfo_loader_get_db (loader));
  for (int i = 0; i < osinfo_list_get_length (OSINFO_LIST (systems)); i++)
    add_images (OSINFO_OS (osinfo_list_get_nth (OSINFO_LIST (systems), i)), entries);

  return entries;
}
