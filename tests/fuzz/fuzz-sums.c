/* fuzz-sums.c: what must hold for any bytes that come as a checksum file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdint.h>
#include <string.h>

#include "cvm-catalogue-private.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) sums = cvm_sums_parse ((const char *)data, size, "sums", warnings);
  GHashTableIter iter;
  gpointer name, sum;

  g_hash_table_iter_init (&iter, sums);
  while (g_hash_table_iter_next (&iter, &name, &sum))
    {
      g_assert_null (strchr (name, '/'));
      g_assert_true (g_utf8_validate (name, -1, NULL));
      g_assert_true (strlen (sum) == 0 ||
                     (strlen (sum) == 64 && strspn (sum, "0123456789abcdef") == 64));
    }
  g_assert_cmpuint (warnings->len, <=, CVM_CATALOGUE_MAX_WARNINGS + 1);

  return 0;
}
