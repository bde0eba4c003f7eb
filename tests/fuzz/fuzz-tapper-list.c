/* fuzz-tapper-list.c: any bytes as a Tapper server's list of reports
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-page.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static void
check_text (const char *text)
{
  g_assert_true (text == NULL || (g_utf8_validate (text, -1, NULL) &&
                                  strlen (text) <= CVM_TAPPER_TEXT_MAX &&
                                  strpbrk (text, "\n\r\t") == NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperListPage) page = cvm_tapper_list_page_read ((const char *)data, size, &error);

  g_assert_true ((page == NULL) == (error != NULL));
  for (guint i = 0; page != NULL && i < page->reports->len; i++)
    {
      const CvmTapperReport *report = page->reports->pdata[i];

      g_assert_cmpuint (report->id, >, 0);
      g_assert_nonnull (report->grade);
      g_assert_true (report->ratio <= 100);
      check_text (report->suite);
      check_text (report->machine);
      check_text (report->grade);
      check_text (report->group);
      check_text (report->owner);
    }

  return 0;
}
