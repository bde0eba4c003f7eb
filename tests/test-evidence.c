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

/* What nobody printed is a text too */
static void
test_empty (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.log", NULL);
  g_autoptr(GBytes) bytes = NULL;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  bytes = cvm_evidence_read (path, 1000, NULL, NULL);
  g_assert_nonnull (g_bytes_get_data (bytes, NULL));
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 0);
  g_unlink (path);
  g_rmdir (dir);
}

/* A FIFO would be waited for until somebody writes, which nobody does */
static void
test_read (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "a.log", NULL);
  g_autofree char *fifo = g_build_filename (dir, "fifo", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) whole = NULL;
  g_autoptr(GBytes) part = NULL;

  g_assert_true (g_file_set_contents (path, "two lines\nof it\n", -1, NULL));
  whole = cvm_evidence_read (path, 1000, NULL, &error);
  part = cvm_evidence_read (path, 3, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole), "two lines\nof it\n", 16);
  g_assert_cmpmem (g_bytes_get_data (part, NULL), g_bytes_get_size (part), "two", 3);

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_null (cvm_evidence_read (fifo, 1000, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (cvm_evidence_read (dir, 1000, NULL, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  g_unlink (path);
  g_unlink (fifo);
  g_assert_null (cvm_evidence_read (path, 1000, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_rmdir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evidence/paths", test_paths);
  g_test_add_func ("/evidence/bad-jobs", test_bad_jobs);
  g_test_add_func ("/evidence/empty", test_empty);
  g_test_add_func ("/evidence/read", test_read);

  return g_test_run ();
}
