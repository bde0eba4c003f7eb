/* fuzz-releases.c: what must hold for any bytes that come as a CernVM release page
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdint.h>
#include <string.h>

#include "cvm-catalogue-private.h"
#include "cvm-image-store.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static void
check_entry (const CvmCatalogueEntry *entry)
{
  g_assert_true (cvm_image_store_is_name (entry->name));
  g_assert_true (g_str_has_prefix (entry->catalogue, "page"));
  g_assert_true (g_ascii_isdigit (entry->version[0]));
  g_assert_true (g_str_equal (entry->arch, "x86_64") || g_str_equal (entry->arch, "i686"));
  g_assert_true (g_ascii_strncasecmp (entry->url, "http", 4) == 0);
  g_assert_true (g_utf8_validate (entry->url, -1, NULL) && strchr (entry->url, '\n') == NULL);
  g_assert_cmpint (entry->number, >=, 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_catalogue_entry_unref);
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

  cvm_releases_is_page ((const char *)data, size);
  cvm_releases_parse ((const char *)data, size, "page", entries, warnings);
  for (guint i = 0; i < entries->len; i++)
    check_entry (g_ptr_array_index (entries, i));
  for (guint i = 0; i < warnings->len; i++)
    g_assert_true (g_str_has_prefix (g_ptr_array_index (warnings, i), "page:"));
  g_assert_cmpuint (warnings->len, <=, CVM_CATALOGUE_MAX_WARNINGS + 1);

  cvm_catalogue_sort (entries);
  for (guint i = 1; i < entries->len; i++)
    {
      const CvmCatalogueEntry *newer = g_ptr_array_index (entries, i - 1);
      const CvmCatalogueEntry *older = g_ptr_array_index (entries, i);

      g_assert_cmpint (cvm_catalogue_compare_versions (newer->version, older->version), >=, 0);
    }

  return 0;
}
