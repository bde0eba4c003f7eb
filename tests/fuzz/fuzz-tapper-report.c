/* fuzz-tapper-report.c: any bytes as the page of a report, and as a file that is sent as text
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
  g_autoptr(CvmTapperReport) report = cvm_tapper_report_page_read (7, (const char *)data, size,
                                                                   &error);
  g_autoptr(CvmTapperReport) copy = report != NULL ? cvm_tapper_report_copy (report) : NULL;
  g_autoptr(GBytes) mended = cvm_tapper_bytes_mend (g_bytes_new (data, size));

  g_assert_true ((report == NULL) == (error != NULL));
  g_assert_cmpuint (g_bytes_get_size (mended), <=, size);
  for (guint i = 0; report != NULL && i < report->files->len; i++)
    {
      const CvmTapperFile *file = report->files->pdata[i];

      g_assert_cmpuint (file->id, >, 0);
      g_assert_true (*file->name != '\0' && g_utf8_validate (file->name, -1, NULL));
    }

  return 0;
}
