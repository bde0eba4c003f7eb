/* fuzz-disk.c: any bytes as what qemu-img tells of a disk, and as an OVF
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-disk.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = size > 0 ? (const char *)data : "";   /* libFuzzer gives no bytes as NULL */
  g_autoptr(GError) info_error = NULL;
  g_autoptr(GError) ovf_error = NULL;
  g_auto(GStrv) names = cvm_disk_read_ovf (text, size, &ovf_error);
  guint64 virtual_size = cvm_disk_read_info (text, size, &info_error);

  g_assert_true ((virtual_size == 0) == (info_error != NULL));
  g_assert_cmpuint (virtual_size, <=, G_MAXINT64);
  g_assert_true ((names == NULL) == (ovf_error != NULL));
  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    g_assert_true (g_utf8_validate (names[i], -1, NULL));

  return 0;
}
