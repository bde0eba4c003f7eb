/* fuzz-directory.c: what must hold for any bytes that come as a directory page
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdint.h>
#include <string.h>

#include "cvm-catalogue-private.h"
#include "cvm-image-store.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* Each name once, fit for a file; each URL such as can be fetched */
static void
check_links (GPtrArray  *links,
             const char *start)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < links->len; i++)
    {
      const CvmLink *link = g_ptr_array_index (links, i);

      g_assert_true (g_hash_table_add (seen, link->name));
      g_assert_true (link->name[0] != '\0' && link->name[0] != '.');
      g_assert_null (strchr (link->name, '/'));
      g_assert_true (g_str_has_prefix (link->url, start) ||
                     g_ascii_strncasecmp (link->url, "http", 4) == 0);
    }
}

static void
check_page (const char *bytes,
            gsize       len,
            const char *url,
            const char *start)
{
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) links = cvm_directory_parse (bytes, len, url, warnings);
  g_autoptr(GPtrArray) sums = NULL;
  g_autoptr(GPtrArray) entries = cvm_links_to_entries (links, &sums);

  check_links (links, start);
  g_assert_cmpuint (entries->len + sums->len, <=, links->len);
  for (guint i = 0; i < entries->len; i++)
    g_assert_true (cvm_image_store_is_name (
                     ((CvmCatalogueEntry *)g_ptr_array_index (entries, i))->name));
  g_assert_cmpuint (warnings->len, <=, CVM_CATALOGUE_MAX_WARNINGS + 1);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  cvm_directory_is_page ((const char *)data, size);
  check_page ((const char *)data, size, "http://h/d/", "http");
  check_page ((const char *)data, size, "/d/index.html", "/d/");

  return 0;
}
