/* test-report-again.c: what of a report of anybody is chosen for a run here, and what is not here
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-again.h"

#include <string.h>

#include "cvm-result-from-tap.h"

static const CvmCheckInfo check = { "look", "Looks", "", NULL, 1000, FALSE };

static const CvmCheckInfo *
lookup (const char *id)
{
  return g_str_equal (id, check.id) ? &check : NULL;
}

static CvmOption *
add_option (GPtrArray  *options,
            const char *id)
{
  CvmOption *option = g_new0 (CvmOption, 1);

  option->id = g_strdup (id);
  option->path = g_strdup_printf ("/there/%s", id);
  option->title = g_strdup (id);
  option->is_usable = TRUE;
  g_ptr_array_add (options, option);

  return option;
}

static CvmChoices *
make_choices (void)
{
  static const char suite[] = "[Suite]\nName=Boots and answers\nVersion=1\n[Precondition start]\nCheck=look\n"
                              "[Case login]\nCheck=look\n[Case web]\nCheck=look\n";
  CvmChoices *choices = g_new0 (CvmChoices, 1);
  CvmHostOption *host = g_new0 (CvmHostOption, 1);

  choices->images = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_option_free);
  choices->suites = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_option_free);
  choices->hosts = g_ptr_array_new ();
  choices->parallel = 3;
  add_option (choices->images, "demo");
  add_option (choices->suites, "boots")->suite =
    cvm_suite_new_from_data (suite, sizeof suite - 1, "boots.suite", lookup, NULL);
  ((CvmOption *)choices->suites->pdata[0])->need = CVM_IMAGE_NEED_MUST;
  add_option (choices->suites, "broken")->is_usable = FALSE;
  g_assert_nonnull (((CvmOption *)choices->suites->pdata[0])->suite);
  host->uri = g_strdup ("qemu:///session");
  g_ptr_array_add (choices->hosts, host);

  return choices;
}

static void
choices_free (CvmChoices *self)
{
  CvmHostOption *host = self->hosts->pdata[0];

  g_ptr_array_unref (self->images);
  g_ptr_array_unref (self->suites);
  g_ptr_array_unref (self->hosts);
  g_free (host->uri);
  g_free (host);
  g_free (self);
}

/* "boots: login web/2; demo on qemu:///session" */
static char *
describe (const CvmOrder *order)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < order->suites->len; i++)
    {
      const CvmOrderSuite *suite = order->suites->pdata[i];
      g_autofree char *only = g_strjoinv (" ", suite->only);

      g_string_append_printf (text, "%s: %s; ", suite->suite, only);
    }
  for (guint i = 0; i < order->cells->len; i++)
    {
      const CvmOrderCell *cell = order->cells->pdata[i];

      g_string_append_printf (text, "%s on %s", cell->image != NULL ? cell->image : "none",
                              cell->host_uri != NULL ? cell->host_uri : "any");
    }

  return g_string_free (text, FALSE);
}

#define OURS "# image: demo\n# host: qemu:///session\n# suite: Boots and answers\n"

static const struct
{
  const char *name, *tap;
  const char *chosen;
  const char *missing;    /* a part of it; NULL: nothing is */
} rows[] = {
  { "ours", "1..3\n" OURS "ok 1 - start - S\nnot ok 2 - login - L\nok 3 - web - W\n",
    "boots: login; demo on qemu:///session", NULL },
  { "subtests", "1..1\n" OURS "    1..2\n    ok 1 - a\n    not ok 2 - b\nnot ok 1 - web - W\n",
    "boots: web/2; demo on qemu:///session", NULL },
  { "known-broken", "1..2\n" OURS "not ok 1 - login - L # TODO known\nnot ok 2 - web - W\n",
    "boots: web; demo on qemu:///session", NULL },
  { "by-headers", "1..1\n# Tapper-Suite-Name: Boots and answers\n# Tapper-CernVM-Name: demo\n"
    "not ok 1 - login - L\n", "boots: login; demo on qemu:///session", NULL },
  { "other-host", "1..1\n# image: demo\n# host: qemu+ssh://lab/system\n# suite: Boots and answers\n"
    "not ok 1 - web - W\n", "boots: web; demo on qemu:///session", NULL },
  { "no-image-here", "1..1\n# image: other\n# suite: Boots and answers\nnot ok 1 - web - W\n",
    "boots: web; ", "The image “other” is not here. Fetch or import it in Images" },
  { "no-suite-here", "1..1\n# image: demo\n# suite: Else\nnot ok 1 - web - W\n", "demo on qemu:///session",
    "The suite “Else” is not here. Put its file into Suites" },
  { "no-image-told", "1..1\n# suite: Boots and answers\nnot ok 1 - web - W\n",
    "boots: web; none on qemu:///session", "does not say which image it is of. Choose one." },
  { "unusable", "1..1\n# image: demo\n# suite: broken\nnot ok 1 - web - W\n", "demo on qemu:///session",
    "The suite “broken” is not here" },
  { "a-path", "1..1\n# image: ../../etc/passwd\n# suite: /etc/x.suite\nnot ok 1 - web - W\n", "",
    "The image “../../etc/passwd” is not here" },
  { "check-gone", "1..2\n" OURS "not ok 1 - gone - G\nnot ok 2 - web - W\n",
    "boots: web; demo on qemu:///session", "The suite here has no check “gone”; it is left out." },
  { "nameless", "1..2\n" OURS "not ok 1\nok 2 - web - W\n", "boots: ; demo on qemu:///session", NULL },
};

static void
test_settle (gconstpointer data)
{
  const typeof (rows[0]) *row = data;
  g_autoptr(GBytes) bytes = g_bytes_new_static (row->tap, strlen (row->tap));
  g_autoptr(CvmResult) result = cvm_result_from_tap_bytes (bytes, "a title", NULL, NULL);
  CvmChoices *choices = make_choices ();
  g_autoptr(CvmOrder) order = cvm_report_again_order (result);
  g_autofree char *missing = cvm_report_again_settle (order, choices);
  g_autofree char *chosen = describe (order);

  g_assert_true (cvm_report_again_has_failed (result));
  g_assert_cmpstr (chosen, ==, row->chosen);
  g_assert_true ((missing != NULL) == (row->missing != NULL));
  g_assert_true (missing == NULL || strstr (missing, row->missing) != NULL);
  g_assert_cmpuint (order->parallel, ==, 3);
  choices_free (choices);
}

static void
test_passed (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("1..1\nok 1\n", 10);
  g_autoptr(CvmResult) result = cvm_result_from_tap_bytes (bytes, "a title", NULL, NULL);

  g_assert_false (cvm_report_again_has_failed (result));
}

/* A report may name as much as it likes that is not here */
static void
test_much_missing (void)
{
  g_autoptr(CvmOrder) order = cvm_order_new ();
  CvmChoices *choices = make_choices ();
  g_autofree char *missing = NULL;

  for (guint i = 0; i < 900; i++)
    {
      g_autofree char *name = g_strdup_printf ("none-%u", i);

      cvm_order_add_suite (order, name);
      cvm_order_add_cell (order, name, NULL, NULL);
    }
  missing = cvm_report_again_settle (order, choices);

  g_assert_cmpuint (strlen (missing), <, 4000);
  choices_free (choices);
}

/* An archive of several jobs of one suite: what failed in any, each once */
static void
test_jobs (void)
{
  static const char *const jobs[] = { "web", "login", "web" };
  g_autoptr(CvmResult) result = cvm_result_new ();
  g_autoptr(CvmOrder) order = NULL;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_autofree char *id = g_strdup_printf ("%02" G_GSIZE_FORMAT, i + 1);
      g_autoptr(CvmRecord) begin = cvm_record_new (CVM_RECORD_JOB_BEGIN, id);
      g_autoptr(CvmRecord) planned = cvm_record_new (CVM_RECORD_CASE_PLANNED, id);
      g_autoptr(CvmRecord) end = cvm_record_new (CVM_RECORD_CASE_END, id);
      g_autoptr(CvmRecord) last = cvm_record_new (CVM_RECORD_JOB_END, id);

      begin->text = g_strdup ("Boots and answers");
      begin->name = g_strdup ("demo");
      begin->kind = g_strdup ("qemu:///session");
      planned->id = g_strdup (jobs[i]);
      planned->number = 1;
      end->id = g_strdup (jobs[i]);
      end->number = 1;
      end->outcome = CVM_OUTCOME_FAIL;
      last->status = CVM_STATUS_FAILED;
      cvm_result_add (result, begin);
      cvm_result_add (result, planned);
      cvm_result_add (result, end);
      cvm_result_add (result, last);
    }

  order = cvm_report_again_order (result);
  text = describe (order);
  g_assert_cmpstr (text, ==, "Boots and answers: web login; demo on qemu:///session");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/report-again/settle/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_settle);
    }
  g_test_add_func ("/report-again/much-missing", test_much_missing);
  g_test_add_func ("/report-again/passed", test_passed);
  g_test_add_func ("/report-again/jobs", test_jobs);

  return g_test_run ();
}
