/* cvm-cli-catalogues.c: what catalogues list, for images list and images fetch
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>

#include "cvm-cli-images.h"
#include "cvm-cli-worker.h"
#include "cvm-param.h"
#include "cvm-wait.h"

#define LIMIT_MS 60000   /* for one catalogue */

void
cvm_cli_catalogue_options_clear (CvmCliCatalogueOptions *options)
{
  g_clear_pointer (&options->catalogues, g_strfreev);
  g_clear_pointer (&options->version, g_free);
  g_clear_pointer (&options->type, g_free);
  g_clear_pointer (&options->arch, g_free);
  g_clear_pointer (&options->hypervisor, g_free);
  g_clear_pointer (&options->release, g_free);
  g_clear_pointer (&options->timeout, g_free);
}

void
cvm_cli_catalogue_found_clear (CvmCliCatalogueFound *found)
{
  g_clear_pointer (&found->entries, g_ptr_array_unref);
  g_clear_pointer (&found->keyrings, g_ptr_array_unref);
  g_clear_pointer (&found->warnings, g_ptr_array_unref);
}

typedef struct
{
  CvmCatalogueFilter    filter;
  gint64                limit_ms;
  GCancellable         *cancellable;
  CvmCliCatalogueFound *found;
} Reading;

static gboolean
read_one (const Reading  *reading,
          const char     *location,
          const char     *keyring,
          GError        **error)
{
  CvmCliCatalogueFound *found = reading->found;
  g_auto(GStrv) warnings = NULL;
  g_autoptr(GPtrArray) entries = cvm_catalogue_read (location,
                                                     cvm_deadline_in_ms (reading->limit_ms),
                                                     reading->cancellable, &warnings, error);
  g_autoptr(GPtrArray) selected = NULL;

  if (entries == NULL)
    return FALSE;

  for (gsize i = 0; warnings[i] != NULL; i++)
    g_ptr_array_add (found->warnings, g_strdup (warnings[i]));

  selected = cvm_catalogue_select (entries, &reading->filter);
  for (guint i = 0; i < selected->len; i++)
    {
      g_ptr_array_add (found->entries, cvm_catalogue_entry_ref (selected->pdata[i]));
      g_ptr_array_add (found->keyrings, g_strdup (keyring));
    }

  return TRUE;
}

static gboolean
read_named (const Reading  *reading,
            char          **names,
            GPtrArray      *catalogues,
            GError        **error)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      const CvmCatalogue *known = cvm_catalogues_find (catalogues, names[i]);

      if (!read_one (reading, known != NULL ? known->location : names[i],
                     known != NULL ? known->keyring : NULL, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_settings (const Reading  *reading,
               GPtrArray      *catalogues,
               GError        **error)
{
  for (guint i = 0; i < catalogues->len; i++)
    {
      const CvmCatalogue *catalogue = g_ptr_array_index (catalogues, i);

      if (!read_one (reading, catalogue->location, catalogue->keyring, error))
        return FALSE;
    }

  if (catalogues->len > 0)
    return TRUE;

  g_set_error_literal (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NO_MATCH,
                       _("there is no catalogue; give one with --catalogue, or write "
                         "[Catalogue NAME] and Location=URL into settings.ini"));

  return FALSE;
}

gboolean
cvm_cli_catalogues_read (const CvmCliCatalogueOptions  *options,
                         const char                    *name,
                         GCancellable                  *cancellable,
                         CvmCliCatalogueFound          *found,
                         GError                       **error)
{
  Reading reading = {
    .filter = { name, options->version, options->type, options->arch, options->hypervisor,
                options->release },
    .limit_ms = LIMIT_MS,
    .cancellable = cancellable,
    .found = found,
  };
  g_autoptr(GPtrArray) catalogues = cvm_catalogues_load (error);

  found->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_catalogue_entry_unref);
  found->keyrings = g_ptr_array_new_with_free_func (g_free);
  found->warnings = g_ptr_array_new_with_free_func (g_free);

  if (catalogues == NULL)
    return FALSE;

  if (options->timeout != NULL && !cvm_param_parse_duration (options->timeout, &reading.limit_ms))
    {
      g_set_error_literal (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NO_MATCH,
                           _("--timeout takes a duration: 90, 90s, 5m"));
      return FALSE;
    }

  return options->catalogues != NULL
           ? read_named (&reading, options->catalogues, catalogues, error)
           : read_settings (&reading, catalogues, error);
}

/* images list --catalogue ---------------------------------------------------------------------- */

typedef struct
{
  const CvmCliCatalogueOptions *options;
  const char                   *name;
  CvmCliCatalogueFound          found;
} Listing;

static gboolean
read_in_worker (gpointer       data,
                GCancellable  *cancellable,
                GError       **error)
{
  Listing *listing = data;

  return cvm_cli_catalogues_read (listing->options, listing->name, cancellable, &listing->found,
                                  error);
}

static void
fill_entry (JsonObject              *object,
            const CvmCatalogueEntry *entry)
{
  json_object_set_string_member (object, "name", entry->name);
  json_object_set_string_member (object, "version", entry->version);
  json_object_set_string_member (object, "type", entry->type);
  json_object_set_string_member (object, "arch", entry->arch);
  json_object_set_string_member (object, "hypervisor", entry->hypervisor);
  json_object_set_string_member (object, "release", entry->release_id);
  json_object_set_string_member (object, "url", entry->url);
  json_object_set_string_member (object, "sha256", entry->sha256);
  json_object_set_string_member (object, "sha256_url", entry->sha256_url);
  json_object_set_string_member (object, "signature_url", entry->signature_url != NULL
                                                            ? entry->signature_url
                                                            : entry->sums_signature_url);
  json_object_set_string_member (object, "catalogue", entry->catalogue);
}

int
cvm_cli_catalogues_list (const CvmCliCatalogueOptions *options,
                         const char                   *name,
                         gboolean                      is_newest,
                         gboolean                      is_json)
{
  static const char *const columns[] = { "name", "version", "type", "arch", "hypervisor", "release",
                                         "url", NULL };
  Listing listing = { options, name, { NULL } };
  g_autoptr(JsonArray) list = json_array_new ();
  g_autoptr(GError) error = NULL;
  gboolean is_read = cvm_cli_work (read_in_worker, &listing, &error);
  GPtrArray *entries = listing.found.entries;

  for (guint i = 0; i < listing.found.warnings->len; i++)
    cvm_cli_message ("%s", (const char *)listing.found.warnings->pdata[i]);

  for (guint i = 0; is_read && i < (is_newest ? MIN (entries->len, 1) : entries->len); i++)
    fill_entry (cvm_cli_list_add (list), entries->pdata[i]);
  cvm_cli_catalogue_found_clear (&listing.found);

  if (!is_read)
    return cvm_cli_fail (error);

  cvm_cli_list_print (list, is_json, columns);

  return CVM_STATUS_PASSED;
}
