/* test-export.c: a run's folder as a file for others, whole or not at all
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-export.h"

#include <glib/gstdio.h>

#include "cvm-file.h"

#define LINE(rest) "{\"v\":1,\"seq\":1,\"t\":\"2026-11-21T07:25:13.000007Z\",\"job\":" rest "}\n"
#define JOB(id) \
  LINE ("\"" id "\",\"type\":\"job.begin\",\"image\":\"demo\",\"host\":\"test:///default\",\"suite\":\"S\",\"points\":1") \
  LINE ("\"" id "\",\"type\":\"case.planned\",\"number\":1,\"id\":\"one\",\"title\":\"The <first>\",\"precondition\":false") \
  LINE ("\"" id "\",\"type\":\"case.end\",\"number\":1,\"id\":\"one\",\"outcome\":\"pass\",\"ms\":5") \
  LINE ("\"" id "\",\"type\":\"job.end\",\"status\":0")
#define BEGIN LINE ("null,\"type\":\"run.begin\",\"title\":\"Night\",\"version\":\"0.1\",\"jobs\":1")
/* A guest was kept for tries, and the program was killed */
#define CUT_OFF \
  LINE ("\"01\",\"type\":\"job.begin\",\"image\":\"demo\",\"host\":\"test:///default\",\"suite\":\"S\",\"points\":0") \
  LINE ("\"01\",\"type\":\"case.planned\",\"number\":1,\"id\":\"one\",\"title\":\"First\",\"precondition\":false") \
  LINE ("\"01\",\"type\":\"case.end\",\"number\":1,\"id\":\"one\",\"outcome\":\"pass\",\"ms\":5")
#define END   LINE ("null,\"type\":\"run.end\",\"status\":0")

static const struct
{
  const char     *name, *journal;
  CvmExportFormat format;
  const char     *begins, *has;   /* NULL: it fails, and says HAS */
} cases[] = {
  { "html",  BEGIN JOB ("01") END, CVM_EXPORT_HTML,  "<!DOCTYPE html>", "The &lt;first&gt;" },
  { "junit", BEGIN JOB ("01") END, CVM_EXPORT_JUNIT, "<?xml", "The &lt;first&gt;" },
  { "json",  BEGIN JOB ("01") END, CVM_EXPORT_JSON,  "{", "The <first>" },
  { "tap",   BEGIN JOB ("01") END, CVM_EXPORT_TAP,   "TAP version 13\n1..1\n", "\nok 1 - one - The <first>\n" },
  { "tap-jobs", BEGIN JOB ("01") JOB ("02") END, CVM_EXPORT_TAP, "TAP version 13\n1..2\n", "    ok 1 - one" },
  { "tap-cut-off", BEGIN CUT_OFF, CVM_EXPORT_TAP, "TAP version 13\n1..1\n", "\nok 1 - one - First\n" },
  { "damaged", BEGIN "no record\n" END, CVM_EXPORT_TAP, NULL, "journal.jsonl:2" },
  { "damaged-html", BEGIN "no record\n" END, CVM_EXPORT_HTML, NULL, "journal.jsonl:2" },
};

static void
on_done (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static gboolean
export (const char       *dir,
        const char       *path,
        CvmExportFormat   format,
        GError          **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_export_async (dir, path, format, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return cvm_export_finish (result, error);
}

/* What was there before stays where the new one cannot be made */
static void
test_export (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autofree char *dir = g_dir_make_tmp ("cvm-export-XXXXXX", NULL);
  g_autofree char *journal = g_build_filename (dir, "journal.jsonl", NULL);
  g_autofree char *path = g_build_filename (dir, "out", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_done;

  g_assert_true (g_file_set_contents (journal, c->journal, -1, NULL));
  g_assert_true (g_file_set_contents (path, "old", -1, NULL));
  is_done = export (dir, path, c->format, &error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  if (c->begins == NULL)
    {
      g_assert_false (is_done);
      g_assert_nonnull (strstr (error->message, c->has));
      g_assert_cmpstr (text, ==, "old");
    }
  else
    {
      g_assert_no_error (error);
      g_assert_true (g_str_has_prefix (text, c->begins));
      g_assert_nonnull (strstr (text, c->has));
    }
  cvm_file_remove_tree (dir);
}

static void
test_no_place (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-export-XXXXXX", NULL);
  g_autofree char *journal = g_build_filename (dir, "journal.jsonl", NULL);
  g_autofree char *path = g_build_filename (dir, "absent", "out", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (journal, BEGIN JOB ("01") END, -1, NULL));
  g_assert_false (export (dir, path, CVM_EXPORT_JSON, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  cvm_file_remove_tree (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/export/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_export);
    }
  g_test_add_func ("/export/no-place", test_no_place);

  return g_test_run ();
}
