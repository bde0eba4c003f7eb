/* test-report-json.c: a result for programs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "cvm-json.h"
#include "cvm-report.h"

static const char *const goldens[] = { "mixed", "dead" };

static char *
golden_file (const char *name,
             const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_test_build_filename (G_TEST_DIST, "golden", "report", file, NULL);
}

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = cvm_json_parse (text, strlen (text), G_MAXSIZE, &error);

  g_assert_no_error (error);

  return node;
}

/* The same values as in the file written by hand; the same bytes each time */
static void
test_golden (gconstpointer data)
{
  g_autofree char *journal = golden_file (data, ".jsonl");
  g_autofree char *path = golden_file (data, ".json");
  g_autofree char *text = NULL;
  g_autoptr(CvmResult) result = cvm_result_new_from_journal (journal, NULL);
  g_autofree char *json = cvm_report_json (result);
  g_autofree char *again = cvm_report_json (result);
  g_autoptr(JsonNode) node = parse (json);
  g_autoptr(JsonNode) wanted = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  wanted = parse (text);

  if (!json_node_equal (node, wanted))
    g_error ("not as in %s: %s", path, json);

  g_assert_cmpstr (again, ==, json);
  g_assert_true (g_str_has_suffix (json, "}\n"));
}

static void
test_empty (void)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autofree char *json = cvm_report_json (result);
  g_autoptr(JsonNode) node = parse (json);
  g_autoptr(JsonNode) wanted = parse ("{\"title\":null,\"ended\":false,\"status\":null,\"jobs\":[]}");

  g_assert_true (json_node_equal (node, wanted));
}

/* Whatever bytes a guest gives and however deep its subtests are, it is JSON that our own reader
 * takes */
static void
test_hostile (void)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autoptr(GString) path = g_string_new ("1");
  g_autoptr(CvmRecord) begin = cvm_record_new (CVM_RECORD_JOB_BEGIN, "01");
  g_autoptr(CvmRecord) planned = cvm_record_new (CVM_RECORD_CASE_PLANNED, "01");
  g_autoptr(CvmRecord) fact = cvm_record_new (CVM_RECORD_FACT, "01");
  g_autoptr(CvmRecord) point = cvm_record_new (CVM_RECORD_POINT, "01");
  g_autofree char *json = NULL;
  g_autoptr(JsonNode) node = NULL;

  for (guint depth = 1; depth < CVM_RESULT_MAX_DEPTH; depth++)
    g_string_append (path, ".1");

  planned->number = point->number = 1;
  fact->name = g_strdup ("\xff\x1f\"");
  fact->text = g_strdup ("\xe2\x82");
  point->path = g_strdup (path->str);
  point->text = g_strdup ("caf\xe9 \x01\x1f\x7f\\");
  cvm_record_add_detail (point, "\xfe", "\xed\xa0\x80");
  cvm_result_add (result, begin);
  cvm_result_add (result, planned);
  cvm_result_add (result, fact);
  cvm_result_add (result, point);

  json = cvm_report_json (result);
  node = parse (json);
  g_assert_nonnull (strstr (json, "caf\\\\xe9 \\u0001\\u001f"));
  g_assert_nonnull (strstr (json, "\"1.1.1.1"));
  g_assert_nonnull (strstr (json, "\\\\xed\\\\xa0\\\\x80"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (goldens); i++)
    {
      g_autofree char *path = g_strconcat ("/report-json/golden/", goldens[i], NULL);

      g_test_add_data_func (path, goldens[i], test_golden);
    }

  g_test_add_func ("/report-json/empty", test_empty);
  g_test_add_func ("/report-json/hostile", test_hostile);

  return g_test_run ();
}
