/* test-report-html.c: a result as a page for a person
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <string.h>

#include "cvm-report.h"
#include "cvm-result-tap.h"

static char *
page_of (const char *tap)
{
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autoptr(CvmResultTap) reader = NULL;

  reader = cvm_result_tap_new (result, cvm_result_tap_add_job (result, "t/a.t", 0, 0));
  cvm_result_tap_feed (reader, tap, strlen (tap));
  cvm_result_tap_end (reader);
  cvm_result_tap_finish (result, "<a>.tap");

  return cvm_report_to_string (cvm_report_html_write, result);
}

static int
count_of (const char *text,
          const char *part)
{
  gsize len = strlen (part);
  int n = 0;

  for (const char *p = text; *p != '\0'; p++)
    n += strncmp (p, part, len) == 0;   /* strstr () asks for the text's length each time */

  return n;
}

/* Each of these is closed as often as it is opened */
static void
assert_balanced (const char *page)
{
  static const char *const names[] = { "html", "head", "body", "style", "title", "main", "section",
                                       "ul", "li", "details", "summary", "div", "pre", "dl", "dt",
                                       "dd", "span", "p", "h1", "h2", "b", "header" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *plain = g_strdup_printf ("<%s>", names[i]);
      g_autofree char *with = g_strdup_printf ("<%s ", names[i]);
      g_autofree char *end = g_strdup_printf ("</%s>", names[i]);

      if (count_of (page, plain) + count_of (page, with) != count_of (page, end))
        g_error ("<%s> is not balanced in %s", names[i], page);
    }
}

static char *
evaluate (const char *page,
          const char *expression)
{
  htmlDocPtr doc = htmlReadMemory (page, (int)strlen (page), NULL, "UTF-8",
                                   HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
  xmlXPathContext *context = xmlXPathNewContext (doc);
  xmlXPathObject *object = xmlXPathEvalExpression (BAD_CAST expression, context);
  xmlChar *text;
  char *value;

  g_assert_nonnull (object);
  text = xmlXPathCastToString (object);
  value = g_strdup ((char *)text);
  xmlFree (text);
  xmlXPathFreeObject (object);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);

  return value;
}

typedef struct
{
  const char *name;
  const char *tap;
  const char *expression;
  const char *value;
} Case;

#define FAILURE "(//h2[.='What failed']/following-sibling::*)"

static const Case cases[] = {
  { "title", "1..1\nok 1\n", "concat(//title, '|', //h1)", "<a>.tap|<a>.tap" },
  { "passed", "1..1\nok 1\n", "concat(//div[@class='sum passed']/b, count(//h2))", "Passed1" },
  { "failed", "1..2\nok 1\nnot ok 2\n",
    "normalize-space(//div[@class='sum failed'])", "Failed1 passed1 failed0 skipped" },
  { "nothing", "1..0 # SKIP x\n", "//div[@class='sum none']/b", "Nothing was tested" },
  { "failures-first", "1..2\nok 1 - a\nnot ok 2 - b\n",
    "concat(//h2[1], '|', (//h2)[last()])", "What failed|t/a.t" },
  { "failure-open", "1..1\nnot ok 1 - b\n# why\n",
    "concat(count(" FAILURE "[self::details][@open]), " FAILURE "//dd)", "1# why" },
  { "where", "1..1\n    not ok 1 - x\n    1..1\nnot ok 1 - a\n",
    "concat(" FAILURE "[1]/span[1], normalize-space(" FAILURE "[1]/div))", "✘in a" },
  { "pass-closed", "1..1\nok 1 - a\n# said\n", "concat(count(//details), count(//details[@open]))", "10" },
  { "long-output", "1..1\nnot ok 1 - a\n# x\n# <y>\n", "(//pre)[1]", "# x\n# <y>" },
  { "words", "1..3\nok 1 - a # SKIP no\nnot ok 2 - b # TODO later\nok 3\n",
    "concat(//li[1]//span[@class='soft'], '|', //li[2]//span[@class='soft'], '|', //li[3]/span/@title)",
    "skipped: no|to do: later|passed" },
  { "bail-out", "1..2\nok 1\nBail out! fire\n", FAILURE "[1]",
    "it bailed out: fire; planned 2, run 1" },
  { "markup", "1..1\nnot ok 1 - <script>alert(1)</script><img src=x onerror=y>\n# <b>&amp;\n",
    "concat(count(//script), count(//img), count(//*[@onerror]))", "000" },
  { "controls", "1..1\nok 1 - \x1b[31mred\x01\n", "normalize-space(//li)", "✔ \\x1b[31mred\\x01" },
};

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autofree char *page = page_of (self->tap);
  g_autofree char *value = evaluate (page, self->expression);

  assert_balanced (page);
  g_assert_cmpstr (value, ==, self->value);
}

/* One file without a script, which asks nobody for anything */
static void
test_alone (void)
{
  g_autofree char *page = page_of ("1..1\nnot ok 1 - <script>x</script>\n"
                                   "# <link href=\"http://x\"> </pre></details>\n");
  static const char *const never[] = { "<script", "<link", "<img", "<iframe", " href=", " src=", "@import",
                                       "url(", " on" "click=" };

  for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
    {
      const char *found = strstr (page, never[i]);

      if (found != NULL && strncmp (found, " href=&quot;", 12) != 0)
        g_error ("%s: %.60s", never[i], found);
    }

  g_assert_nonnull (strstr (page, "&lt;script&gt;x&lt;/script&gt;"));
  g_assert_nonnull (strstr (page, "default-src 'none'"));
  g_assert_nonnull (strstr (page, "prefers-color-scheme:dark"));
  g_assert_nonnull (strstr (page, "@media print"));
  assert_balanced (page);
}

/* Of very many, those that failed are all there */
static void
test_many (void)
{
  g_autoptr(GString) tap = g_string_new ("1..50001\n");
  g_autofree char *page = NULL;

  for (guint i = 1; i <= 50000; i++)
    g_string_append_printf (tap, "ok %u - passed\n", i);
  g_string_append (tap, "not ok 50001 - the last\n");
  page = page_of (tap->str);

  g_assert_cmpint (count_of (page, "passed</li>"), ==, CVM_REPORT_HTML_MAX);
  g_assert_nonnull (strstr (page, "and 30000 more, none of which failed"));
  g_assert_cmpint (count_of (page, "the last"), ==, 2);
  g_assert_cmpuint (strlen (page), <, 4 * 1024 * 1024);
  assert_balanced (page);
}

static void
test_many_failures (void)
{
  g_autoptr(GString) tap = g_string_new ("1..2000\n");
  g_autofree char *page = NULL;

  for (guint i = 1; i <= 2000; i++)
    g_string_append_printf (tap, "not ok %u\n", i);
  page = page_of (tap->str);

  g_assert_nonnull (strstr (page, "1500 more are told below"));
  g_assert_cmpint (count_of (page, "<li class=\"fail\">"), ==, 2000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/report-html/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/report-html/alone", test_alone);
  g_test_add_func ("/report-html/many", test_many);
  g_test_add_func ("/report-html/many-failures", test_many_failures);

  return g_test_run ();
}
