/* fuzz-tapper-rss.c: any bytes as a Tapper server's RSS
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-page.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reports = cvm_tapper_rss_read ((const char *)data, size, &error);

  g_assert_true ((reports == NULL) == (error != NULL));
  for (guint i = 0; reports != NULL && i < reports->len; i++)
    {
      const CvmTapperReport *report = reports->pdata[i];

      g_assert_cmpuint (report->id, >, 0);
      g_assert_true (report->ratio <= 100);
      g_assert_true (report->suite == NULL || g_utf8_validate (report->suite, -1, NULL));
    }

  return 0;
}
