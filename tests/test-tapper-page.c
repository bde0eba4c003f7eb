/* test-tapper-page.c: reports read from web pages, RSS and JSON as servers send them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-page.h"

#include <string.h>

#include "cvm-tapper-json.h"

/* As a 5.0.15 server sent it */
#define HEAD "<html><head><title>Tapper - Reports</title></head><body>" \
  "<table id=\"idx_reportlist\" class=\"reportlist\"><thead><tr><th>ID</th><th>Created At (GMT)</th>" \
  "<th>Suite</th><th>Machine</th><th>Success</th><th>Ratio</th><th>Grouped by</th><th>Owner</th>" \
  "</tr></thead><tbody>\n"
#define TAIL "</tbody></table></body></html>"
#define ROW_5(id) \
  "<tr class=\"justgroupmember\">\n" \
  "      <td><div class=\"plus idlist\"></div>\n" \
  "          <a title=\"Click to show details\" href=\"/tapper/reports/id/" id "\">r" id "</a></td>\n" \
  "      <td>2026-11-21 06:59</td>\n" \
  "      <td><div class=\"plus suite\"></div><a title=\"Click to show reports of suite " \
  "'Tapper-Deployment'\" key=\"suite\">Tapper-Deployment</a></td>\n" \
  "      <td><div class=\"plus host\"></div><a title=\"Click to show reports on 'cernvm-host' \" " \
  "key=\"host\">cernvm-host</a></td>\n" \
  "      <td class=\"pass\"><div class=\"plus success\"></div><a key=\"success\">PASS</a></td>\n" \
  "      <td><div class=\"sratio dbggreen\" style=\"width:50px\"></div>" \
  "<div class=\"sratio dbgred\" style=\"width:0px\"></div></td>\n    </tr>\n"
#define ROW_3 \
  "<tr><td><a title=\"Click to show details\" href=\"/tapper/reports/id/12\">r12</a></td>" \
  "<td>2011-05-03 10:11</td><td><a href=\"/tapper/reports/suite/CernVM\">CernVM</a></td>" \
  "<td><a href=\"/tapper/reports/host/h\">h</a></td>" \
  "<td class=\"fail\"><a title=\"66.67% - Click to show\" href=\"/tapper/reports/success/66\">FAIL</a>" \
  "</td><td><div class=\"sratio dbggreen\" style=\"width:33px\"></div></td><td>run-7</td><td>ann</td></tr>"

#define TIME_0659 G_GINT64_CONSTANT (1795244340000000)   /* 2026-11-21 06:59 UTC */

static CvmTapperListPage *
read_list (const char *text)
{
  g_autoptr(GError) error = NULL;
  CvmTapperListPage *page = cvm_tapper_list_page_read (text, strlen (text), &error);

  g_assert_no_error (error);

  return page;
}

static void
test_list_5 (void)
{
  g_autoptr(CvmTapperListPage) page = read_list (HEAD ROW_5 ("1") ROW_5 ("4294967299") TAIL);
  const CvmTapperReport *report;

  g_assert_true (page->is_5);
  g_assert_cmpuint (page->reports->len, ==, 2);
  report = page->reports->pdata[0];
  g_assert_cmpuint (report->id, ==, 1);
  g_assert_cmpint (report->created_us, ==, TIME_0659);
  g_assert_cmpstr (report->suite, ==, "Tapper-Deployment");
  g_assert_cmpstr (report->machine, ==, "cernvm-host");
  g_assert_cmpstr (report->grade, ==, "PASS");
  g_assert_cmpfloat (report->ratio, ==, 100.0);
  g_assert_null (report->group);
  g_assert_cmpint (report->total, ==, CVM_TAPPER_UNKNOWN);
  report = page->reports->pdata[1];
  g_assert_cmpuint (report->id, ==, G_GUINT64_CONSTANT (4294967299));
}

static void
test_list_3 (void)
{
  g_autoptr(CvmTapperListPage) page = read_list ("<table class=\"reportlist\">" ROW_3 "</table>");
  const CvmTapperReport *report = page->reports->pdata[0];

  g_assert_false (page->is_5);
  g_assert_cmpuint (page->reports->len, ==, 1);
  g_assert_cmpuint (report->id, ==, 12);
  g_assert_cmpstr (report->suite, ==, "CernVM");
  g_assert_cmpstr (report->grade, ==, "FAIL");
  g_assert_cmpfloat (report->ratio, ==, 66.67);
  g_assert_cmpstr (report->group, ==, "run-7");
  g_assert_cmpstr (report->owner, ==, "ann");
}

/* What may stand before a row that is right: the row is found, and nothing else */
static const struct { const char *name, *before; } hostile_lists[] = {
  { "unclosed", "<tr><td><table><tr><td><b><i>" },
  { "unclosed-row", "<tr><td><a href='/tapper/reports/id/7'>r7" },
  { "script", "<script>'<tr><td><a href=\"/tapper/reports/id/666\">x</a>'</script>" },
  { "script-unclosed-string", "<script>if (a < '</b') x = \"</td></script>" },
  { "comment", "<!-- <tr><td><a href=\"/tapper/reports/id/666\">x</a> -->" },
  { "other-link", "<tr><td><a href=\"/tapper/testruns/id/7\">7</a></td><td></td><td></td><td></td>"
                  "<td>PASS</td></tr>" },
  { "id-zero", "<tr><td><a href=\"/tapper/reports/id/0\">x</a><td><td><td><td>PASS</tr>" },
  { "id-huge", "<tr><td><a href=\"/reports/id/99999999999999999999\"><td><td><td><td>PASS</tr>" },
  { "id-word", "<tr><td><a href=\"/reports/id/7x\"><td><td><td><td>PASS</tr>" },
  { "second-column", "<tr><td>x<td><a href=\"/reports/id/7\"><td><td><td>PASS</tr>" },
  { "no-value", "<tr><td title=><a href></td></tr>\n" },
  { "script-open", "<SCRIPT><tr><td></SCRIPT x" },
  { "angle", "<tr <td < <<<a>>" },
};

static void
test_hostile_list (gconstpointer data)
{
  const typeof (hostile_lists[0]) *c = data;
  g_autofree char *text = g_strconcat (HEAD, c->before, ROW_5 ("1"), TAIL, NULL);
  g_autoptr(CvmTapperListPage) page = read_list (text);
  const CvmTapperReport *report;

  g_assert_cmpuint (page->reports->len, ==, 1);
  report = page->reports->pdata[0];
  g_assert_cmpuint (report->id, ==, 1);
  g_assert_cmpstr (report->suite, ==, "Tapper-Deployment");
}

/* 10 MB in one cell, 200 000 rows, 5 million open tags: bounded, and soon over */
static void
test_large_list (void)
{
  g_autofree char *cell = g_strnfill (10 * 1000 * 1000, 'A');
  g_autofree char *row = g_strconcat (HEAD "<tr><td><a href=\"/reports/id/5\">r5</a></td><td></td><td>",
                                      cell, "</td><td>m</td><td>PASS</td><td>", NULL);
  g_autoptr(CvmTapperListPage) page = read_list (row);
  const CvmTapperReport *report = page->reports->pdata[0];
  g_autoptr(GString) many = g_string_new (HEAD);
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (strlen (report->suite), >, 900);
  g_assert_cmpuint (strlen (report->suite), <=, CVM_TAPPER_TEXT_MAX);

  for (guint i = 1; i <= CVM_TAPPER_REPORTS_MAX + 1; i++)
    g_string_append_printf (many, "<tr><td><a href=/reports/id/%u><td><td><td><td>PASS", i);
  g_assert_null (cvm_tapper_list_page_read (many->str, many->len, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);

  g_string_assign (many, HEAD);
  for (guint i = 0; i < 500000; i++)
    g_string_append (many, "<b></i><a \"=");
  g_clear_pointer (&page, cvm_tapper_list_page_free);
  page = read_list (many->str);
  g_assert_cmpuint (page->reports->len, ==, 0);
}

static void
test_no_list (void)
{
  static const char *const pages[] = { "", "No such report", "<html><form>Login</form></html>" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (cvm_tapper_list_page_read (pages[i], strlen (pages[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

static const struct { const char *name, *cell, *text; } texts[] = {
  { "entities", "a &amp; b &lt;c&gt; &quot;&#39;&#x41;&apos;", "a & b <c> \"'A'" },
  { "nbsp", "&nbsp;a&nbsp;&nbsp; b&#160;", "a b" },
  { "unknown-entity", "&nosuch; &amp &; &#; &#x; &", "&nosuch; &amp &; &#; &#x; &" },
  { "no-character", "&#0;&#xD800;&#x110000;", "&#0;&#xD800;&#x110000;" },
  { "once", "&amp;amp;", "&amp;" },
  { "twice-encoded", "\xc3\x83\xc2\xbc", "\xc3\xbc" },
  { "once-encoded", "\xc3\xbc", "\xc3\xbc" },
  { "wide", "\xe2\x9c\x93", "\xe2\x9c\x93" },
  { "wide-twice", "\xc3\xa2\xc2\x9c\xc2\x93", "\xe2\x9c\x93" },
  { "no-utf8", "a\xff" "b", "a\xef\xbf\xbd" "b" },
  { "lines", " a\r\n\t b ", "a b" },
};

static void
test_text (gconstpointer data)
{
  const typeof (texts[0]) *c = data;
  g_autofree char *text = g_strconcat (HEAD "<tr><td><a href=\"/reports/id/5\">r5</a></td><td></td><td>",
                                       c->cell, "</td><td></td><td>PASS</td></tr>" TAIL, NULL);
  g_autoptr(CvmTapperListPage) page = read_list (text);
  const CvmTapperReport *report = page->reports->pdata[0];

  g_assert_cmpstr (report->suite, ==, c->text);
}

/* The page of a report ----------------------------------------------------------------------- */

#define REPORT_PAGE \
  "<h3>Report 7: <strong><a href=\"/tapper/reports/suite/CernVM\">CernVM</a></strong></h3>\n" \
  "<h4>Reportgroup</h4><table class=\"reportlist\">" ROW_3 "</table>" \
  "<ul class=\"post_info\">\n<li class=\"date\">report id: <strong>7</strong></li>\n" \
  "<li class=\"date\">2026-11-21 06:59 GMT</li>\n<li class=\"meta\">cpu: x os: y</li>\n" \
  "<li class=\"meta\">Host: '<strong>cernvm-host</strong>' (a (big) one)</li>\n</ul>\n" \
  "<div id=\"summary\" class=\"failed\"><a href=\"#\">FAILED</a></div>\n<table class=\"detail\">" \
  "<tr class=\"test-run failed\" id=\"section-000\"><td><ul class=\"test-out\">" \
  "<li class=\"cmt\"># Tapper-Suite-Version: 1.001&nbsp;</li>\n" \
  "<li class=\"cmt\"># Tapper-reportgroup-arbitrary: run-1&nbsp;</li>\n" \
  "<li id=\"t0\" class=\"tst k\">ok - # Tapper-Suite-Version: no&nbsp;</li></ul></td></tr></table>\n" \
  "</body>\n</html>\n<a href=\"/tapper/reports/tap/7\">raw TAP report</a>\n" \
  "<h4>Attachments</h4>\n<table class=\"reportfile\">\n" \
  "<tr><td><a href=\"/tapper/reportfile/id/3#reports/id/7\">console.log</a></td><td>text/plain</td>" \
  "<td>2026-11-21 06:59:30</td></tr>\n" \
  "<tr><td><a href=\"/tapper/reportfile/id/4#reports/id/7\">../../etc/passwd</a></td><td>plain</td></tr>\n" \
  "<tr><td><a href=\"/tapper/reports/id/9\">no file</a></td><td>plain</td></tr>\n</table>\n</div>"

static void
test_report_page (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmTapperReport) report = cvm_tapper_report_page_read (7, REPORT_PAGE,
                                                                   strlen (REPORT_PAGE), &error);
  const CvmTapperFile *file;

  g_assert_no_error (error);
  g_assert_cmpstr (report->suite, ==, "CernVM");
  g_assert_cmpstr (report->version, ==, "1.001");
  g_assert_cmpstr (report->machine, ==, "cernvm-host");
  g_assert_cmpstr (report->description, ==, "a (big) one");
  g_assert_cmpstr (report->grade, ==, "FAIL");
  g_assert_cmpstr (report->group, ==, "run-1");
  g_assert_cmpint (report->created_us, ==, TIME_0659);
  g_assert_cmpuint (report->files->len, ==, 2);
  file = report->files->pdata[0];
  g_assert_cmpuint (file->id, ==, 3);
  g_assert_cmpstr (file->name, ==, "console.log");
  g_assert_cmpstr (file->type, ==, "text/plain");
  g_assert_cmpint (file->created_us, ==, TIME_0659 + 30 * G_USEC_PER_SEC);
  file = report->files->pdata[1];
  g_assert_cmpuint (file->id, ==, 4);
  g_assert_cmpstr (file->name, ==, "../../etc/passwd");
  g_assert_cmpint (file->created_us, ==, 0);
}

static const struct { const char *name, *page; int code; } no_pages[] = {
  { "missing", "No such report", G_IO_ERROR_NOT_FOUND },
  { "unparsed", "No such testsuite with id: ", G_IO_ERROR_NOT_FOUND },
  { "empty", "", G_IO_ERROR_INVALID_DATA },
  { "other", "<h3>Report 8: <strong>x</strong></h3>", G_IO_ERROR_INVALID_DATA },
  { "login", "<h3>Login</h3>", G_IO_ERROR_INVALID_DATA },
};

static void
test_no_page (gconstpointer data)
{
  const typeof (no_pages[0]) *c = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_tapper_report_page_read (7, c->page, strlen (c->page), &error));
  g_assert_error (error, G_IO_ERROR, c->code);
}

static void
test_missing (void)
{
  static const struct { const char *body; gboolean is_missing; } rows[] = {
    { "Error: No report 9.", TRUE }, { "Error: File with id 9 does not exist.", TRUE },
    { "No such report", TRUE }, { "No such testsuite with id: ", TRUE },
    { "1..1\nok\n# Error: No report 9.", FALSE }, { "", FALSE }, { "Error: No re", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (cvm_tapper_page_is_missing (rows[i].body, strlen (rows[i].body)), ==,
                     rows[i].is_missing);
}

/* RSS ---------------------------------------------------------------------------------------- */

#define ITEM(title) \
  "<item><title>" title "</title><link>http://h/tapper/reports/id/1</link>" \
  "<pubDate>Sat, 21 Nov 2026 06:59:00 -0000</pubDate></item>"

static const struct { const char *name, *item, *grade, *suite, *machine; double ratio; } items[] = {
  { "plain", ITEM ("PASS 100.00% Tapper-Deployment @ cernvm-host"), "PASS", "Tapper-Deployment",
    "cernvm-host", 100 },
  { "cdata", ITEM ("<![CDATA[FAIL 66.67% a<b> @ h]]>"), "FAIL", "a<b>", "h", 66.67 },
  { "at-in-suite", ITEM ("FAIL 0.00% a @ b @ h"), "FAIL", "a @ b", "h", 0 },
  { "unparsed", ITEM (" %  @ "), "", "", "", CVM_TAPPER_UNKNOWN },
  { "no-title", ITEM (""), "", NULL, NULL, CVM_TAPPER_UNKNOWN },
  { "huge-ratio", ITEM ("PASS 1e999% a @ h"), "PASS", "1e999% a", "h", CVM_TAPPER_UNKNOWN },
};

static void
test_item (gconstpointer data)
{
  const typeof (items[0]) *c = data;
  g_autofree char *text = g_strconcat ("<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>x"
                                       "</title><link>http://h/tapper/reports/id/9</link>",
                                       c->item, "</channel></rss>", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reports = cvm_tapper_rss_read (text, strlen (text), &error);
  const CvmTapperReport *report;

  g_assert_no_error (error);
  g_assert_cmpuint (reports->len, ==, 1);
  report = reports->pdata[0];
  g_assert_cmpuint (report->id, ==, 1);
  g_assert_cmpint (report->created_us, ==, TIME_0659);
  g_assert_cmpstr (report->grade, ==, c->grade);
  g_assert_cmpstr (report->suite, ==, c->suite);
  g_assert_cmpstr (report->machine, ==, c->machine);
  g_assert_cmpfloat (report->ratio, ==, c->ratio);
}

static void
test_no_rss (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_tapper_rss_read ("<html>", 6, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* JSON --------------------------------------------------------------------------------------- */

static void
test_json (void)
{
  static const char text[] =
    "[ { \"total\" : 2, \"passed\":\"1\", \"failed\":1,\"skipped\":0,\"todo\":-1,\"id\":42,"
    "\"suite_name\":\"S\",\"suite_version\":\"1.001\",\"machine_name\":null,\"success_ratio\":\"50.00\","
    "\"successgrade\":\"FAIL\",\"created_at\":\"2026-11-21 06:59:00\",\"reportgroup_arbitrary_id\":\"r\","
    "\"starttime_test_program\":null,\"groupstats\":{\"a\":[1]},\"peerhost\":\"127.0.0.1\"},"
    "{\"id\":\"43\",\"suite_name\":5,\"total\":99999999999,\"success_ratio\":100.0,"
    "\"reportgroup_testrun_id\":7}, {\"id\":0}, {\"suite_name\":\"x\"}, 5, null ]\n\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reports = cvm_tapper_json_read (text, strlen (text), &error);
  const CvmTapperReport *report;

  g_assert_no_error (error);
  g_assert_cmpuint (reports->len, ==, 2);
  report = reports->pdata[0];
  g_assert_cmpuint (report->id, ==, 42);
  g_assert_cmpint (report->total, ==, 2);
  g_assert_cmpint (report->passed, ==, 1);
  g_assert_cmpint (report->todo, ==, CVM_TAPPER_UNKNOWN);
  g_assert_cmpint (report->parse_errors, ==, CVM_TAPPER_UNKNOWN);
  g_assert_cmpstr (report->suite, ==, "S");
  g_assert_null (report->machine);
  g_assert_cmpfloat (report->ratio, ==, 50.0);
  g_assert_cmpint (report->created_us, ==, TIME_0659);
  g_assert_cmpint (report->started_us, ==, 0);
  g_assert_cmpstr (report->group, ==, "r");
  report = reports->pdata[1];
  g_assert_cmpuint (report->id, ==, 43);
  g_assert_cmpstr (report->suite, ==, "5");
  g_assert_cmpint (report->total, ==, CVM_TAPPER_UNKNOWN);
  g_assert_cmpstr (report->group, ==, "7");
}

static const struct { const char *name, *text; gboolean is_empty; } jsons[] = {
  { "no-match", "\n", TRUE },
  { "nothing", "", TRUE },
  { "empty-array", "[]", TRUE },
  { "object", "{\"id\":1}", FALSE },
  { "off", "Template Toolkit is not enabled\n", FALSE },
  { "cut", "[ { \"id\" : 1", FALSE },
  { "deep", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", FALSE },
};

static void
test_json_odd (gconstpointer data)
{
  const typeof (jsons[0]) *c = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reports = cvm_tapper_json_read (c->text, strlen (c->text), &error);

  if (c->is_empty)
    g_assert_cmpuint (reports->len, ==, 0);
  else
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* Times, texts, merging ---------------------------------------------------------------------- */

static void
test_time (void)
{
  static const struct { const char *text; gint64 time_us; } rows[] = {
    { "2026-11-21 06:59:00", TIME_0659 }, { "2026-11-21T06:59:00", TIME_0659 },
    { "2026-11-21 06:59", TIME_0659 }, { "2026-11-21 06:59 GMT", TIME_0659 },
    { "2026-13-21 06:59", 0 }, { "2026-11-21", 0 }, { "", 0 }, { NULL, 0 },
    { "0000-00-00 00:00:00", 0 }, { "0226-11-21 06:59:00", 0 }, { "report id: 1234567", 0 }, { "yesterday, or so", 0 },
  };
  g_autofree char *text = cvm_tapper_time_format (TIME_0659);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (cvm_tapper_time_parse (rows[i].text), ==, rows[i].time_us);
  g_assert_cmpstr (text, ==, "2026-11-21 06:59:00");
  g_assert_null (cvm_tapper_time_format (0));
}

static void
test_bytes (void)
{
  static const struct { const char *sent, *file; } rows[] = {
    { "1..1\nok \xc3\x83\xc2\xbc\n", "1..1\nok \xc3\xbc\n" }, { "1..1\nok \xc3\xbc\n", "1..1\nok \xc3\xbc\n" },
    { "a\r\n \x1b\n", "a\r\n \x1b\n" }, { "\xff\xfe", "\xff\xfe" }, { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GBytes) file = cvm_tapper_bytes_mend (g_bytes_new (rows[i].sent, strlen (rows[i].sent)));
      gsize len;
      const char *data = g_bytes_get_data (file, &len);

      g_assert_cmpmem (data, len, rows[i].file, strlen (rows[i].file));
    }
}

static void
test_merge (void)
{
  g_autoptr(CvmTapperReport) page = cvm_tapper_report_page_read (7, REPORT_PAGE,
                                                                 strlen (REPORT_PAGE), NULL);
  g_autoptr(CvmTapperReport) report = cvm_tapper_report_new (7);
  g_autoptr(CvmTapperReport) copy = NULL;

  report->total = 3;
  report->suite = g_strdup ("mine");
  cvm_tapper_report_merge (report, page);
  copy = cvm_tapper_report_copy (report);
  g_assert_cmpstr (copy->suite, ==, "mine");
  g_assert_cmpstr (copy->version, ==, "1.001");
  g_assert_cmpint (copy->total, ==, 3);
  g_assert_cmpint (copy->created_us, ==, TIME_0659);
  g_assert_cmpuint (copy->files->len, ==, 2);
  g_assert_false (cvm_tapper_report_passed (copy));
}

#define ADD_ROWS(prefix, rows, test) \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) \
    { \
      g_autofree char *path = g_strconcat ("/tapper-page/" prefix "/", rows[i].name, NULL); \
      g_test_add_data_func (path, &rows[i], test); \
    }

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tapper-page/list-5", test_list_5);
  g_test_add_func ("/tapper-page/list-3", test_list_3);
  ADD_ROWS ("hostile", hostile_lists, test_hostile_list);
  g_test_add_func ("/tapper-page/large", test_large_list);
  g_test_add_func ("/tapper-page/no-list", test_no_list);
  ADD_ROWS ("text", texts, test_text);
  g_test_add_func ("/tapper-page/report", test_report_page);
  ADD_ROWS ("no-page", no_pages, test_no_page);
  g_test_add_func ("/tapper-page/missing", test_missing);
  ADD_ROWS ("rss", items, test_item);
  g_test_add_func ("/tapper-page/no-rss", test_no_rss);
  g_test_add_func ("/tapper-page/json", test_json);
  ADD_ROWS ("json", jsons, test_json_odd);
  g_test_add_func ("/tapper-page/time", test_time);
  g_test_add_func ("/tapper-page/bytes", test_bytes);
  g_test_add_func ("/tapper-page/merge", test_merge);

  return g_test_run ();
}
