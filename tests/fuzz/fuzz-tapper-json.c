/* fuzz-tapper-json.c: any bytes as the answer of a Tapper server's reports API
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-json.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* What is kept of a report is read as the same report. */
static void
check_kept (const CvmTapperReport *report)
{
  g_autofree char *text = cvm_tapper_json_write (&report, 1);
  g_autoptr(GPtrArray) reports = cvm_tapper_json_read (text, strlen (text), NULL);
  const CvmTapperReport *kept;

  g_assert_true (reports != NULL && reports->len == 1);
  kept = reports->pdata[0];
  g_assert_true (kept->id == report->id && kept->total == report->total &&
                 kept->ratio == report->ratio && kept->created_us == report->created_us &&
                 (kept->suite == NULL) == (report->suite == NULL) &&
                 (kept->files == NULL) == (report->files == NULL));
  g_assert_true (kept->files == NULL || kept->files->len == report->files->len);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reports = cvm_tapper_json_read ((const char *)data, size, &error);

  g_assert_true ((reports == NULL) == (error != NULL));
  for (guint i = 0; reports != NULL && i < reports->len; i++)
    {
      const CvmTapperReport *report = reports->pdata[i];

      g_assert_cmpuint (report->id, >, 0);
      g_assert_true (report->ratio <= 100);
      g_assert_cmpint (report->total, >=, CVM_TAPPER_UNKNOWN);
      g_assert_true (report->suite == NULL || g_utf8_validate (report->suite, -1, NULL));
      check_kept (report);
    }

  return 0;
}
