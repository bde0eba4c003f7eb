/* fuzz-tapper-greeting.c: any bytes as a receiver's greeting, and as an answer of the reports API
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-confirm.h"
#include "cvm-tapper-greeting.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* An id is what stands at the end of the line, and nothing else does. */
static void
check_greeting (const char *line,
                gsize       len)
{
  guint64 id = 0;
  const char *digits;
  g_autofree char *text = NULL;

  if (!cvm_tapper_greeting_read (line, len, &id))
    return;

  digits = (const char *)memrchr (line, ' ', len) + 1;
  text = g_strndup (digits, len - (gsize)(digits - line));
  g_assert_cmpuint (id, >, 0);
  g_assert_cmpuint (id, <=, G_MAXINT64);
  g_assert_cmpuint (g_ascii_strtoull (text, NULL, 10), ==, id);
}

static void
check_answer (const char *text,
              gsize       len)
{
  g_autoptr(GError) error = NULL;
  CvmTapperNumbers numbers = { .total = 7 };
  gboolean is_found = TRUE;
  gboolean is_read = cvm_tapper_confirm_read (text, len, 1, &is_found, &numbers, &error);

  g_assert_true (is_read == (error == NULL));
  g_assert_true (is_read || !is_found);
  if (!is_found)
    g_assert_cmpuint (numbers.total, ==, 7);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  check_greeting ((const char *)data, size);
  check_answer ((const char *)data, size);

  return 0;
}
