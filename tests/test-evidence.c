/* test-evidence.c: what of a job's files is read, and where it may lie
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-evidence.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#define FILES_MAX 4

static const struct
{
  const char *id, *path, *kind;
  const char *found, *name;      /* NULL: it is not listed */
  gboolean    is_text;
} records[] = {
  { "boot-log", "logs/boot-log-dmesg.log", "text/plain", "/run/job-01/logs/boot-log-dmesg.log",
    "dmesg.log", TRUE },
  { "other", "logs/other.log", "text/plain", NULL, NULL, FALSE },
  { NULL, "domain.xml", "application/xml", NULL, NULL, FALSE },
  { "boot-log", NULL, "text/plain", NULL, NULL, FALSE },
  { "boot-log", "/etc/passwd", "text/plain", NULL, NULL, FALSE },
  { "boot-log", "../../etc/passwd", "text/plain", NULL, NULL, FALSE },
  { "boot-log", "logs/../../x", "text/plain", NULL, NULL, FALSE },
  { "boot-log", "..", "text/plain", NULL, NULL, FALSE },
  { "boot-log", "a..b.log", NULL, "/run/job-01/a..b.log", "a..b.log", FALSE },
  { "boot-log", "frames/0001-boot-log.png", "image/png", "/run/job-01/frames/0001-boot-log.png",
    "Screen", FALSE },
  { "boot-log", "boot-log-", "text/html", "/run/job-01/boot-log-", "boot-log-", TRUE },
  { "boot-log", "too-many.log", "text/plain", NULL, NULL, FALSE },
};

static const char *const bad_jobs[] = { "01/../../x", "..", "", "/etc" };

static void
fill (GPtrArray *evidence)
{
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      CvmRecord *record = cvm_record_new (CVM_RECORD_EVIDENCE, "01");

      record->id = g_strdup (records[i].id);
      record->path = g_strdup (records[i].path);
      record->kind = g_strdup (records[i].kind);
      g_ptr_array_add (evidence, record);
    }
}

static void
test_list (void)
{
  g_autoptr(GPtrArray) evidence =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  CvmJobResult job = { .id = (char *)"01", .evidence = evidence };
  g_autoptr(GPtrArray) files = NULL;
  guint n = 0;

  fill (evidence);
  files = cvm_evidence_list (&job, "/run", "boot-log", FILES_MAX);
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    {
      const CvmEvidence *file;

      if (records[i].found == NULL)
        continue;

      g_assert_cmpuint (n, <, files->len);
      file = files->pdata[n++];
      g_assert_cmpstr (file->path, ==, records[i].found);
      g_assert_cmpstr (file->name, ==, records[i].name);
      g_assert_cmpint (file->is_text, ==, records[i].is_text);
    }
  g_assert_cmpuint (files->len, ==, n);
}

/* A point that is no case has none: not what belongs to the job as a whole */
static void
test_no_case (void)
{
  g_autoptr(GPtrArray) evidence =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  CvmJobResult job = { .id = (char *)"01", .evidence = evidence };
  g_autoptr(GPtrArray) files = NULL;

  fill (evidence);
  files = cvm_evidence_list (&job, "/run", NULL, G_MAXUINT);
  g_assert_cmpuint (files->len, ==, 0);
}

static void
test_bad_jobs (void)
{
  g_autoptr(GPtrArray) evidence =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);

  fill (evidence);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_jobs); i++)
    {
      CvmJobResult job = { .id = (char *)bad_jobs[i], .evidence = evidence };
      g_autoptr(GPtrArray) files = cvm_evidence_list (&job, "/run", "boot-log", G_MAXUINT);

      g_assert_cmpuint (files->len, ==, 0);
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
      char       **source,
      GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  cvm_evidence_load_async (path, max, NULL, on_loaded, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  *source = cvm_evidence_load_dup_source (result);

  return cvm_evidence_load_finish (result, is_cut, error);
}

static const struct
{
  const char *bytes;
  gsize       max;
  const char *text;
  gboolean    is_cut;
  const char *source;      /* NULL: as the text */
} texts[] = {
  { "two lines\r\nof it\n", 1000, "two lines\nof it\n", FALSE, "two lines\r\nof it\n" },
  { "two lines\n", 10, "two lines\n", FALSE },
  { "two lines\n", 3, "two", TRUE },
  { "\x1b[1mbold", 1000, "\xef\xbf\xbd[1mbold", FALSE, "\x1b[1mbold" },
  { "no \xff", 1000, "no \xef\xbf\xbd", FALSE },
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
      g_autofree char *source = NULL;
      gboolean is_cut = !texts[i].is_cut;

      g_assert_true (g_file_set_contents (path, texts[i].bytes, -1, NULL));
      text = load (path, texts[i].max, &is_cut, &source, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, texts[i].text);
      g_assert_cmpint (is_cut, ==, texts[i].is_cut);
      g_assert_cmpstr (source, ==, texts[i].source != NULL ? texts[i].source : texts[i].text);
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
  g_autofree char *source = NULL;      /* of no file there is none */
  gboolean is_cut = TRUE;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (load (fifo, 1000, &is_cut, &source, &error));
  g_assert_nonnull (error);
  g_assert_false (is_cut);
  g_clear_error (&error);
  g_assert_null (load (dir, 1000, &is_cut, &source, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (load (path, 1000, &is_cut, &source, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (source);

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
  g_test_add_func ("/evidence/list", test_list);
  g_test_add_func ("/evidence/no-case", test_no_case);
  g_test_add_func ("/evidence/bad-jobs", test_bad_jobs);
  g_test_add_func ("/evidence/load", test_load);
  g_test_add_func ("/evidence/no-file", test_no_file);
  g_test_add_func ("/evidence/cancelled", test_cancelled);

  return g_test_run ();
}
