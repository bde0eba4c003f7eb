/* fuzz-report.c: any bytes as TAP, and what the reports of it must be
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <libxml/parser.h>
#include <stdint.h>
#include <string.h>

#include "cvm-json.h"
#include "cvm-report.h"
#include "cvm-result-tap.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static guint
count (const GPtrArray *points)
{
  guint n = 0;

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];

      g_assert_true (point->is_ended && point->title != NULL && point->path != NULL);
      n += 1 + count (point->children);
    }

  return n;
}

static void
check_junit (CvmResult *result)
{
  g_autofree char *text = cvm_report_to_string (cvm_report_junit_write, result);
  xmlDoc *doc = xmlReadMemory (text, (int)strlen (text), NULL, NULL,
                               XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_HUGE);
  const CvmJobResult *job = cvm_result_job (result, 0);
  g_autofree char *tests = NULL;
  xmlChar *told;

  g_assert_nonnull (doc);
  tests = g_strdup_printf ("%u", count (job->points) + (job->why != NULL));
  told = xmlGetProp (xmlDocGetRootElement (doc), BAD_CAST "tests");
  g_assert_cmpstr ((const char *)told, ==, tests);
  xmlFree (told);
  xmlFreeDoc (doc);
}

static void
check_json (CvmResult *result)
{
  g_autofree char *text = cvm_report_json (result);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = cvm_json_parse (text, strlen (text), G_MAXSIZE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
}

static void
check_html (CvmResult *result)
{
  g_autofree char *text = cvm_report_to_string (cvm_report_html_write, result);

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strstr (text, "<script"));
  g_assert_true (g_str_has_suffix (text, "</html>\n"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autoptr(CvmResultTap) tap = NULL;

  tap = cvm_result_tap_new (result, cvm_result_tap_add_job (result, "fuzz", 0, 0));
  cvm_result_tap_feed (tap, (const char *)data, size / 2);
  cvm_result_tap_feed (tap, (const char *)data + size / 2, size - size / 2);
  cvm_result_tap_end (tap);
  cvm_result_tap_finish (result, "fuzz");

  check_junit (result);
  check_json (result);
  check_html (result);

  return 0;
}
