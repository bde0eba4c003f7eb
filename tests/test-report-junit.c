/* test-report-junit.c: a result as JUnit's XML
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <string.h>

#include "cvm-report.h"
#include "cvm-result-tap.h"

static CvmResult *
result_of (const char *tap,
           gsize       len)
{
  CvmResult *result = cvm_result_new ();
  g_autoptr(CvmResultTap) reader = NULL;

  reader = cvm_result_tap_new (result, cvm_result_tap_add_job (result, "t/a.t", 0, 0));
  cvm_result_tap_feed (reader, tap, len);
  cvm_result_tap_end (reader);
  cvm_result_tap_finish (result, "a.tap");

  return result;
}

/* Elements, the attributes each may and must have, and what may be in it: Jenkins' junit-10.xsd */
typedef struct
{
  const char *name;
  const char *must;
  const char *may;
  const char *children;
} Element;

static const Element elements[] = {
  { "testsuites", "", " name time tests failures errors ", " testsuite " },
  { "testsuite", "name tests",
    " name tests failures errors group time skipped timestamp hostname id package file log url version ",
    " testsuite properties testcase system-out system-err " },
  { "properties", "", " ", " property " },
  { "property", "name value", " name value ", " " },
  { "testcase", "name classname", " name assertions time timestamp status classname class file line ",
    " skipped error failure system-out system-err " },
  { "skipped", "", " type message ", " " },
  { "error", "", " type message ", " " },
  { "failure", "", " type message ", " " },
  { "system-out", "", " ", " " },
};

static const Element *
element_of (const xmlNode *node)
{
  for (gsize i = 0; i < G_N_ELEMENTS (elements); i++)
    if (g_str_equal (elements[i].name, node->name))
      return &elements[i];

  g_error ("<%s> is not JUnit", node->name);
}

static gboolean
has_word (const char *words,
          const void *word)
{
  g_autofree char *spaced = g_strdup_printf (" %s ", (const char *)word);

  return strstr (words, spaced) != NULL;
}

static void
assert_element (xmlNode *node)
{
  const Element *element = element_of (node);
  g_auto(GStrv) must = g_strsplit (element->must, " ", -1);

  for (guint i = 0; must[i] != NULL && *must[i] != '\0'; i++)
    g_assert_true (xmlHasProp (node, BAD_CAST must[i]) != NULL);
  for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    g_assert_true (has_word (element->may, attribute->name));

  for (xmlNode *child = node->children; child != NULL; child = child->next)
    if (child->type == XML_ELEMENT_NODE)
      {
        g_assert_true (has_word (element->children, child->name));
        assert_element (child);
      }
}

static char *
evaluate (xmlDoc     *doc,
          const char *expression)
{
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

  return value;
}

static xmlDoc *
parse (CvmResult *result)
{
  g_autofree char *text = cvm_report_to_string (cvm_report_junit_write, result);
  xmlDoc *doc = xmlReadMemory (text, (int)strlen (text), NULL, NULL, XML_PARSE_NONET);

  if (doc == NULL)
    g_error ("not well-formed: %s", text);

  g_assert_true (g_str_has_prefix (text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "));
  assert_element (xmlDocGetRootElement (doc));

  return doc;
}

typedef struct
{
  const char *name;
  const char *tap;
  const char *expression;
  const char *value;
} Case;

#define NESTED "1..2\n    ok 1 - x.y\n        not ok 1 - deep\n        1..1\n    not ok 2 - z\n    1..2\n" \
               "not ok 1 - a.b - c\nok 2 - d\n"

static const Case cases[] = {
  { "counts", "1..4\nok 1\nnot ok 2\nok 3 # SKIP a\nnot ok 4 # TODO b\n",
    "concat(//testsuite/@tests, /testsuites/@tests, //testsuite/@failures, //@errors[1], "
    "//testsuite/@skipped)", "44102" },
  { "name", "1..1\nok 1 - a\n", "concat(/*/@name, '|', //testsuite/@name, '|', //testcase/@classname)",
    "a.tap|t/a.t|t/a_t" },
  { "id-title", "1..1\nok 1 - login - Log in\n", "//testcase/@name", "login - Log in" },
  { "no-name", "1..1\nok\n", "//testcase/@name", "point 1" },
  { "same-names", "1..4\nok 1 - a\nok 2 - a (2)\nok 3 - a\nok 4 - a\n",
    "concat(//testcase[1]/@name, '|', //testcase[3]/@name, '|', //testcase[4]/@name)",
    "a|a (3)|a (4)" },
  { "failure", "1..1\nnot ok 1 - a\n  ---\n  reason: broke\n  got: 1\n  ...\n# more\n",
    "concat(//failure/@message, '|', //failure/@type, '|', //failure)",
    "broke|not ok|broke\n\ngot: 1\noutput: # more\n" },
  { "failure-without-reason", "1..1\nnot ok 1 - a\n", "//failure/@message", "not ok" },
  { "cancelled", "1..1\nnot ok 1\n  ---\n  reason: cancelled\n  ...\n",
    "concat(count(//failure), //error/@message, //testsuite/@errors)", "0cancelled1" },
  { "skip", "1..1\nok 1 # SKIP no disk\n", "//skipped/@message", "no disk" },
  { "todo", "1..1\nnot ok 1 # TODO soon\n", "//skipped/@message", "TODO soon" },
  { "todo-passed", "1..1\nok 1 # TODO soon\n", "count(//skipped)", "0" },
  { "output", "1..1\nok 1 - a\n# said\n", "//testcase/system-out", "output: # said\n" },
  { "before", "hello\n1..1\nok 1 - a\n", "//testsuite/system-out", "hello\n" },
  { "time", "1..2\nok 1\n  ---\n  duration_ms: 1234.5\n  ...\nok 2 # time=70ms\n",
    "concat(//testcase[1]/@time, ' ', //testcase[2]/@time, ' ', //testsuite/@time)",
    "1.235 0.070 1.305" },
  { "nested-classes", NESTED,
    "concat(//testcase[@name='z']/@classname, '|', //testcase[@name='deep']/@classname)",
    "t/a_t.a_b - c|t/a_t.a_b - c.z" },
  { "nested-count", NESTED, "concat(//testsuite/@tests, //testsuite/@failures)", "53" },
  { "bail-out", "1..2\nok 1\nBail out! <power>\n", "//testcase[@name='the whole job']/error",
    "it bailed out: <power>; planned 2, run 1" },
  { "skip-all", "1..0 # SKIP no net\n",
    "concat(//testsuite/@tests, //property[@name='skipped']/@value, count(//error))", "0no net0" },
  { "markup", "1..1\nnot ok 1 - <script>\"&'\n# ]]> <b>\n",
    "concat(//testcase/@name, '|', //failure)", "<script>\"&'|not ok\n\noutput: # ]]> <b>\n" },
  { "controls", "1..1\nnot ok 1 - a\x1b[31mb\x01\x7f\n# \x08\n",
    "concat(//testcase/@name, '|', //failure)", "a\\x1b[31mb\\x01\\x7f|not ok\n\noutput: # \\x08\n" },
  { "no-characters", "1..1\nnot ok 1 - \xef\xbf\xbe\xc2\x85\n", "//testcase/@name", "\\xfffe\\x85" },
};

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autoptr(CvmResult) result = result_of (self->tap, strlen (self->tap));
  xmlDoc *doc = parse (result);
  g_autofree char *value = evaluate (doc, self->expression);

  g_assert_cmpstr (value, ==, self->value);
  xmlFreeDoc (doc);
}

/* Whatever bytes a guest gives, it is XML */
static void
test_hostile (void)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed (7);

  for (guint round = 0; round < 200; round++)
    {
      g_autoptr(GString) tap = g_string_new ("not ok 1 - ");
      g_autoptr(CvmResult) result = NULL;

      for (guint i = 0; i < 300; i++)
        g_string_append_c (tap, (char)(g_rand_boolean (rand) ? g_rand_int_range (rand, 0, 256)
                                                             : "\n#<&- "[g_rand_int_range (rand, 0, 6)]));
      result = result_of (tap->str, tap->len);
      xmlFreeDoc (parse (result));
    }
}

/* A run of ours, as it is while it is on: what has no end is an error */
static void
test_run (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", "report", "dead.jsonl", NULL);
  g_autoptr(CvmResult) result = cvm_result_new_from_journal (path, NULL);
  xmlDoc *doc = parse (result);
  g_autofree char *name = evaluate (doc, "//testsuite/@name");
  g_autofree char *error = evaluate (doc, "//testcase[error]/error/@message");
  g_autofree char *begun = evaluate (doc, "//testsuite/@timestamp");

  g_assert_nonnull (strstr (name, " on qemu:///session: "));
  g_assert_cmpstr (error, ==, "it came to no end");
  g_assert_true (g_str_has_prefix (begun, "2026-11-21T"));
  g_assert_cmpuint (strlen (begun), ==, strlen ("2026-11-21T07:25:13"));
  xmlFreeDoc (doc);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/report-junit/case/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/report-junit/hostile", test_hostile);
  g_test_add_func ("/report-junit/run", test_run);

  return g_test_run ();
}
