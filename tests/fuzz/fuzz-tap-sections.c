/* fuzz-tap-sections.c: what must hold for any bytes that come as a Tapper report
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tap-sections.h"
#include "cvm-tap-verdict.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

typedef struct
{
  CvmTapSections *sections;
  CvmTapVerdict  *verdict;
} Ears;

static void
on_event (const CvmTapEvent *event,
          gpointer           user_data)
{
  Ears *ears = user_data;

  cvm_tap_sections_take (event, ears->sections);
  cvm_tap_verdict_take (event, ears->verdict);
}

static void
check_headers (const CvmTapHeaders *headers)
{
  for (guint i = 0; i < cvm_tap_headers_get_n (headers); i++)
    {
      const char *key = cvm_tap_headers_get_key (headers, i);
      const char *value = cvm_tap_headers_get_value (headers, i);

      g_assert_true (*key != '\0' && *value != '\0');
      g_assert_true (g_utf8_validate (value, -1, NULL));
      g_assert_true (cvm_tap_headers_lookup (headers, key) == value);
    }
}

/* prove's own `ok`, of which there is at most one a section, is no point. */
static void
check_sections (const CvmTapSections *sections,
                guint64               run)
{
  guint n = cvm_tap_sections_get_n (sections);
  guint64 total = 0;

  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, CVM_TAP_SECTIONS_MAX + 1);
  for (guint i = 0; i < n; i++)
    {
      const CvmTapSection *section = cvm_tap_sections_get (sections, i);

      g_assert_cmpuint (section->passed + section->failed, ==, section->run);
      g_assert_true (section->has_plan || section->planned == 0);
      g_assert_true (*section->name != '\0' && strpbrk (section->name, " \t\r\n") == NULL);
      check_headers (section->headers);
      total += section->run;
    }

  g_assert_cmpuint (total, <=, run);
  g_assert_cmpuint (total + n, >=, run);
  check_headers (cvm_tap_sections_get_headers (sections));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(CvmTapSections) sections = cvm_tap_sections_new ();
  g_autoptr(CvmTapVerdict) verdict = cvm_tap_verdict_new ();
  Ears ears = { sections, verdict };
  g_autoptr(CvmTapReader) reader = cvm_tap_reader_new (on_event, &ears);

  cvm_tap_reader_feed (reader, (const char *)data, size);
  cvm_tap_reader_end (reader);
  cvm_tap_sections_end (sections);
  check_sections (sections, cvm_tap_verdict_end (verdict)->run);

  return 0;
}
