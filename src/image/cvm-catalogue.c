/* cvm-catalogue.c: places that list images
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-catalogue-private.h"

#include <string.h>

#include "cvm-fetch-private.h"
#include "cvm-text.h"
#include "cvm-wait.h"

#define MAX_SUMS 4      /* lists of sums that are read for a page */

G_DEFINE_QUARK (cvm-catalogue-error-quark, cvm_catalogue_error)

CvmCatalogueEntry *
cvm_catalogue_entry_new (void)
{
  CvmCatalogueEntry *self = g_new0 (CvmCatalogueEntry, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->size = -1;

  return self;
}

CvmCatalogueEntry *
cvm_catalogue_entry_ref (CvmCatalogueEntry *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
cvm_catalogue_entry_unref (CvmCatalogueEntry *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->name);
  g_free (self->version);
  g_free (self->type);
  g_free (self->arch);
  g_free (self->hypervisor);
  g_free (self->release_id);
  g_free (self->url);
  g_free (self->sha256);
  g_free (self->sha256_url);
  g_free (self->signature_url);
  g_free (self->sums_url);
  g_free (self->sums_signature_url);
  g_free (self->catalogue);
  g_free (self);
}

CvmCatalogueEntry *
cvm_catalogue_entry_for (const char  *location,
                         GError     **error)
{
  g_autofree char *file = cvm_catalogue_file_name (location);
  g_autofree char *shown = NULL;
  CvmCatalogueEntry *entry;

  if (file == NULL)
    {
      shown = cvm_text_quote (location);
      g_set_error (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NOT_ONE,
                   "%s does not end in a file's name", shown);
      return NULL;
    }

  entry = cvm_catalogue_entry_new ();
  entry->url = g_strdup (location);
  cvm_catalogue_describe (entry, file);

  return entry;
}

/* Selecting ------------------------------------------------------------------------------------ */

static gboolean
is_pattern (const char *text)
{
  return strpbrk (text, "*?") != NULL;
}

static gboolean
matches (const char *wanted,
         const char *value)
{
  if (wanted == NULL)
    return TRUE;
  if (value == NULL)
    return FALSE;

  return is_pattern (wanted) ? g_pattern_match_simple (wanted, value)
                             : g_ascii_strcasecmp (wanted, value) == 0;
}

static gboolean
matches_name (const char *wanted,
              const char *name)
{
  g_autofree char *lower = NULL;
  g_autofree char *lower_name = NULL;

  if (wanted == NULL || is_pattern (wanted))
    return matches (wanted, name);

  lower = g_ascii_strdown (wanted, -1);
  lower_name = g_ascii_strdown (name, -1);

  return strstr (lower_name, lower) != NULL;
}

static const char *
hypervisor_for (const char *wanted)
{
  if (wanted != NULL && g_ascii_strcasecmp (wanted, "qemu") == 0)
    return "kvm";
  if (wanted != NULL && g_ascii_strcasecmp (wanted, "virtualbox") == 0)
    return "vbox";

  return wanted;
}

static gboolean
is_selected (const CvmCatalogueEntry  *entry,
             const CvmCatalogueFilter *filter)
{
  const char *arch = filter->arch != NULL ? cvm_catalogue_arch (filter->arch) : NULL;

  return matches_name (filter->name, entry->name) &&
         matches (filter->version, entry->version) && matches (filter->type, entry->type) &&
         matches (arch != NULL ? arch : filter->arch, entry->arch) &&
         matches (hypervisor_for (filter->hypervisor), entry->hypervisor) &&
         matches (filter->release_id, entry->release_id);
}

static GPtrArray *
new_entries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_catalogue_entry_unref);
}

GPtrArray *
cvm_catalogue_select (GPtrArray                *entries,
                      const CvmCatalogueFilter *filter)
{
  GPtrArray *selected = new_entries ();

  for (guint i = 0; i < entries->len; i++)
    {
      CvmCatalogueEntry *entry = g_ptr_array_index (entries, i);

      if (is_selected (entry, filter))
        g_ptr_array_add (selected, cvm_catalogue_entry_ref (entry));
    }

  return selected;
}

/* Reading -------------------------------------------------------------------------------------- */

typedef struct
{
  gint64        deadline_us;
  GCancellable *cancellable;
  GPtrArray    *warnings;
} Reading;

static void
apply_sums (GPtrArray         *entries,
            GHashTable        *sums,
            const CvmSumsLink *list)
{
  for (guint i = 0; i < entries->len; i++)
    {
      CvmCatalogueEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *file = cvm_catalogue_file_name (entry->url);
      const char *sum = file != NULL ? g_hash_table_lookup (sums, file) : NULL;

      if (sum == NULL || sum[0] == '\0' || entry->sha256 != NULL)
        continue;

      entry->sha256 = g_strdup (sum);
      entry->sums_url = g_strdup (list->url);
      entry->sums_signature_url = g_strdup (list->signature_url);
    }
}

/* A list that cannot be read now must be read before anything is fetched. */
static void
promise_sums (GPtrArray         *entries,
              const CvmSumsLink *list)
{
  for (guint i = 0; i < entries->len; i++)
    {
      CvmCatalogueEntry *entry = g_ptr_array_index (entries, i);

      if (entry->sha256_url == NULL)
        entry->sha256_url = g_strdup (list->url);
    }
}

static gboolean
read_sums (GPtrArray          *entries,
           const CvmSumsLink  *list,
           Reading            *reading,
           GError            **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(GBytes) page = cvm_web_read_page (list->url, CVM_CATALOGUE_MAX_PAGE,
                                              reading->deadline_us, reading->cancellable, NULL,
                                              &local);
  g_autoptr(GHashTable) sums = NULL;
  const char *text;
  gsize len;

  if (page == NULL)
    {
      if (!cvm_deadline_check (reading->deadline_us, reading->cancellable, error))
        return FALSE;

      cvm_catalogue_warn (reading->warnings, list->url, 0, "%s", local->message);
      promise_sums (entries, list);
      return TRUE;
    }

  text = g_bytes_get_data (page, &len);
  sums = cvm_sums_parse (text, len, list->url, reading->warnings);
  apply_sums (entries, sums, list);

  return TRUE;
}

static GPtrArray *
entries_of_links (GPtrArray  *links,
                  const char *location,
                  Reading    *reading,
                  GError    **error)
{
  g_autoptr(GPtrArray) sums = NULL;
  g_autoptr(GPtrArray) entries = cvm_links_to_entries (links, &sums);

  for (guint i = 0; i < sums->len && i < MAX_SUMS && entries->len > 0; i++)
    {
      if (!read_sums (entries, g_ptr_array_index (sums, i), reading, error))
        return NULL;
    }

  for (guint i = 0; i < entries->len; i++)
    {
      CvmCatalogueEntry *entry = g_ptr_array_index (entries, i);

      entry->catalogue = g_strdup (location);
    }

  return g_steal_pointer (&entries);
}

static GPtrArray *
read_folder (const char  *path,
             Reading     *reading,
             GError     **error)
{
  g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_link_free);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr(GDir) dir = g_dir_open (absolute, 0, error);
  const char *name;

  if (dir == NULL)
    return NULL;

  while ((name = g_dir_read_name (dir)) != NULL && links->len < CVM_CATALOGUE_MAX_ENTRIES)
    {
      g_autofree char *file = g_build_filename (absolute, name, NULL);
      g_autofree char *checked = cvm_catalogue_file_name (file);

      if (checked != NULL && g_file_test (file, G_FILE_TEST_IS_REGULAR))
        cvm_links_add (links, name, file);
    }

  return entries_of_links (links, absolute, reading, error);
}

static GPtrArray *
fail_not_one (const char  *location,
              const char  *why,
              GPtrArray   *warnings,
              GError     **error)
{
  if (warnings->len > 0)
    g_set_error (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NOT_ONE, "%s lists no image: %s",
                 location, (const char *)g_ptr_array_index (warnings, 0));
  else
    g_set_error (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NOT_ONE, "%s %s", location, why);

  return NULL;
}

static GPtrArray *
parse_page (GBytes      *page,
            const char  *url,
            Reading     *reading,
            GError     **error)
{
  gsize len;
  const char *text = g_bytes_get_data (page, &len);

  if (len > 0 && cvm_releases_is_page (text, len))
    {
      g_autoptr(GPtrArray) entries = new_entries ();

      cvm_releases_parse (text, len, url, entries, reading->warnings);
      return g_steal_pointer (&entries);
    }

  if (len > 0 && cvm_directory_is_page (text, len))
    {
      g_autoptr(GPtrArray) links = cvm_directory_parse (text, len, url, reading->warnings);

      return entries_of_links (links, url, reading, error);
    }

  return fail_not_one (url, "is no catalogue: neither lines of releases, nor a page with links to "
                       "images, nor a folder", reading->warnings, error);
}

static GPtrArray *
read_page (const char  *location,
           Reading     *reading,
           GError     **error)
{
  g_autofree char *url = NULL;
  g_autoptr(GBytes) page = cvm_web_read_page (location, CVM_CATALOGUE_MAX_PAGE,
                                              reading->deadline_us, reading->cancellable, &url,
                                              error);

  return page != NULL ? parse_page (page, url, reading, error) : NULL;
}

static GPtrArray *
read_any (const char  *location,
          Reading     *reading,
          GError     **error)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;

  if (g_str_equal (location, CVM_OSINFO_LOCATION))
    return cvm_osinfo_list (error);

  file = cvm_web_is_url (location) ? NULL : g_file_new_for_commandline_arg (location);
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR))
    return read_folder (path, reading, error);

  return read_page (location, reading, error);
}

GPtrArray *
cvm_catalogue_read (const char     *location,
                    gint64          deadline_us,
                    GCancellable   *cancellable,
                    char         ***warnings,
                    GError        **error)
{
  g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  Reading reading = { deadline_us, cancellable, told };
  g_autoptr(GPtrArray) entries = read_any (location, &reading, error);

  if (entries != NULL && entries->len == 0)
    {
      g_clear_pointer (&entries, g_ptr_array_unref);
      fail_not_one (location, "lists no image", told, error);
    }
  if (entries != NULL)
    cvm_catalogue_sort (entries);

  if (warnings != NULL)
    {
      g_ptr_array_add (told, NULL);
      *warnings = (char **)g_ptr_array_steal (told, NULL);
    }

  return g_steal_pointer (&entries);
}

/* Sums that lie beside the file ---------------------------------------------------------------- */

gboolean
cvm_catalogue_resolve (CvmCatalogueEntry  *entry,
                       gint64              deadline_us,
                       GCancellable       *cancellable,
                       GError            **error)
{
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *file = cvm_catalogue_file_name (entry->url);
  g_autoptr(GHashTable) sums = NULL;
  g_autoptr(GBytes) page = NULL;
  const char *text, *sum;
  gsize len;

  if (entry->sha256 != NULL || entry->sha256_url == NULL || file == NULL)
    return TRUE;

  page = cvm_web_read_page (entry->sha256_url, CVM_CATALOGUE_MAX_PAGE, deadline_us, cancellable,
                            NULL, error);
  if (page == NULL)
    return FALSE;

  text = g_bytes_get_data (page, &len);
  sums = cvm_sums_parse (text, len, entry->sha256_url, warnings);
  sum = g_hash_table_lookup (sums, file);
  if (sum == NULL)
    sum = g_hash_table_lookup (sums, "");

  if (sum != NULL && sum[0] != '\0')
    {
      entry->sha256 = g_strdup (sum);
      return TRUE;
    }

  g_set_error (error, CVM_CATALOGUE_ERROR, CVM_CATALOGUE_ERROR_NOT_ONE,
               "%s gives no SHA-256 of %s%s%s", entry->sha256_url, file,
               warnings->len > 0 ? ": " : "",
               warnings->len > 0 ? (const char *)g_ptr_array_index (warnings, 0) : "");

  return FALSE;
}
