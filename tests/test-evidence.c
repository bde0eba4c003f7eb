/* test-evidence.c: what of a job's files is read, and where it may lie
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-evidence.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static const struct
{
  const char *path, *found;
} paths[] = {
  { "logs/a.log", "/run/job-01/logs/a.log" },
  { "a..b.log", "/run/job-01/a..b.log" },
  { "/etc/passwd", NULL },
  { "../../etc/passwd", NULL },
  { "logs/../../x", NULL },
  { "..", NULL },
};

static const char *const bad_jobs[] = { "01/../../x", "..", "", "/etc" };

static void
test_paths (void)
{
  CvmJobResult job = { .id = (char *)"01" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_EVIDENCE, "01");
      g_autofree char *found = NULL;

      record->path = g_strdup (paths[i].path);
      found = cvm_evidence_dup_path (&job, "/run", record);
      g_assert_cmpstr (found, ==, paths[i].found);
    }
}

static void
test_bad_jobs (void)
{
  g_autoptr(CvmRecord) record = cvm_record_new (CVM_RECORD_EVIDENCE, "01");

  record->path = g_strdup ("a.log");
  for (gsize i = 0; i < G_N_ELEMENTS (bad_jobs); i++)
    {
      CvmJobResult job = { .id = (char *)bad_jobs[i] };

      g_assert_null (cvm_evidence_dup_path (&job, "/run", record));
    }
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  GAsyncResult **loaded = data;

  *loaded = g_object_ref (result);
}

static char *
load (const char  *path,
      gsize        max,
      gboolean    *is_cut,
      GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_evidence_load_async (path, max, NULL, on_loaded, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return cvm_evidence_load_finish (result, is_cut, error);
}

static const struct
{
  const char *bytes;
  gsize       max;
  const char *text;
  gboolean    is_cut;
} texts[] = {
  { "two lines\r\nof it\n", 1000, "two lines\nof it\n", FALSE },
  { "two lines\n", 10, "two lines\n", FALSE },
  { "two lines\n", 3, "two", TRUE },
  { "\x1b[1mbold", 1000, "\xef\xbf\xbd[1mbold", FALSE },
  { "", 1000, "", FALSE },            /* what nobody printed is a text too */
};

static void
test_load (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.log", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;
      gboolean is_cut = !texts[i].is_cut;

      g_assert_true (g_file_set_contents (path, texts[i].bytes, -1, NULL));
      text = load (path, texts[i].max, &is_cut, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, texts[i].text);
      g_assert_cmpint (is_cut, ==, texts[i].is_cut);
    }

  g_unlink (path);
  g_rmdir (dir);
}

/* A FIFO would be waited for until somebody writes, which nobody does */
static void
test_no_file (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.log", NULL);
  g_autofree char *fifo = g_build_filename (dir, "fifo", NULL);
  g_autoptr(GError) error = NULL;
  gboolean is_cut = TRUE;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (load (fifo, 1000, &is_cut, &error));
  g_assert_nonnull (error);
  g_assert_false (is_cut);
  g_clear_error (&error);
  g_assert_null (load (dir, 1000, &is_cut, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (load (path, 1000, &is_cut, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);

  g_unlink (fifo);
  g_rmdir (dir);
}

static void
test_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_cut;

  cvm_evidence_load_async ("/dev/null", 1000, cancellable, on_loaded, &result);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  g_assert_null (cvm_evidence_load_finish (result, &is_cut, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evidence/paths", test_paths);
  g_test_add_func ("/evidence/bad-jobs", test_bad_jobs);
  g_test_add_func ("/evidence/load", test_load);
  g_test_add_func ("/evidence/no-file", test_no_file);
  g_test_add_func ("/evidence/cancelled", test_cancelled);

  return g_test_run ();
}
