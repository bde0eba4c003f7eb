/* test-result-from-tap.c: TAP, or an archive of it, as the result that a run has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result-from-tap.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-tap-archive.h"

#define FIRST  "1..2\nok 1 - a\nnot ok 2 - b\n"
#define SECOND "1..1\nok 1 - c\n"

static GBytes *
make_archive (void)
{
  g_autoptr(GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr(CvmTapArchiveWriter) writer = cvm_tap_archive_writer_new (out);
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_tap_archive_writer_add (writer, "t/first.t", FIRST, strlen (FIRST),
                                             1000000, 3000000, &error));
  g_assert_true (cvm_tap_archive_writer_add (writer, "t/second.t", SECOND, strlen (SECOND), 0, 0,
                                             &error));
  g_assert_true (cvm_tap_archive_writer_close (writer, 1000000, 3000000, &error));
  g_assert_true (g_output_stream_close (out, NULL, &error));

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

/* "title 1: suite passed/failed of planned; …" */
static char *
tell (CvmResult *result)
{
  GString *told = g_string_new (cvm_result_get_title (result));

  g_assert_true (cvm_result_is_ended (result));
  g_string_append_printf (told, " %d", (int)cvm_result_get_status (result));
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);

      g_string_append_printf (told, "; %s %u/%u of %u", job->suite, job->passed, job->failed,
                              job->planned);
    }

  return g_string_free (told, FALSE);
}

typedef struct
{
  const char *name;
  const char *bytes;   /* NULL: the archive */
  gsize       cut;     /* only so many of them; 0: all */
  const char *told;    /* NULL: it fails */
} Case;

static const Case cases[] = {
  { "stream", FIRST, 0, "x 1; x 1/1 of 2" },
  { "passing-stream", SECOND, 0, "x 0; x 1/0 of 1" },
  { "empty", "", 0, "x 1; x 0/0 of 0" },
  { "no-tap", "\x01\x02 this is\0 no TAP", 18, "x 1; x 0/0 of 0" },
  { "archive", NULL, 0, "x 1; t/first.t 1/1 of 2; t/second.t 1/0 of 1" },
  { "cut-archive", NULL, 100, NULL },
  { "only-gzip", "\x1f\x8b", 2, NULL },
};

static void
test_bytes (gconstpointer data)
{
  const Case *self = data;
  g_autoptr(GBytes) whole = self->bytes == NULL ? make_archive () : NULL;
  g_autoptr(GBytes) plain =
    self->bytes != NULL ? g_bytes_new_static (self->bytes, self->cut > 0 ? self->cut
                                                                         : strlen (self->bytes))
                        : g_bytes_new_from_bytes (whole, 0, self->cut > 0
                                                            ? self->cut : g_bytes_get_size (whole));
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmResult) result = cvm_result_from_tap_bytes (plain, "x", NULL, &error);
  g_autofree char *told = result != NULL ? tell (result) : NULL;

  g_assert_cmpstr (told, ==, self->told);
  if (self->told == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  else
    g_assert_no_error (error);
}

/* An archive's times are those of its jobs */
static void
test_times (void)
{
  g_autoptr(GBytes) bytes = make_archive ();
  g_autoptr(CvmResult) result = cvm_result_from_tap_bytes (bytes, "x", NULL, NULL);

  g_assert_cmpint (cvm_result_job (result, 0)->begun_us, ==, 1000000);
  g_assert_cmpint (cvm_result_job (result, 0)->ended_us, ==, 3000000);
}

/* A stream longer than what is read at once: the same points as if it came whole */
static void
test_long (void)
{
  g_autoptr(GString) text = g_string_new ("1..60000\n");
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(CvmResult) result = NULL;
  g_autofree char *told = NULL;

  for (guint i = 1; i <= 60000; i++)
    g_string_append_printf (text, "%sok %u - point %u\n", i % 100 == 0 ? "not " : "", i, i);
  bytes = g_bytes_new (text->str, text->len);
  result = cvm_result_from_tap_bytes (bytes, "x", NULL, NULL);
  told = tell (result);
  g_assert_cmpstr (told, ==, "x 1; x 59400/600 of 60000");
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_set_object ((GAsyncResult **)data, result);
}

/* What reading FILE off the main thread says */
static CvmResult *
read_file (GFile         *file,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GAsyncResult) done = NULL;

  cvm_result_from_tap_file_async (file, cancellable, on_read, &done);
  while (done == NULL)
    g_main_context_iteration (NULL, TRUE);

  return cvm_result_from_tap_file_finish (done, error);
}

static void
test_file (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "odd \xff.tap", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFile) folder = g_file_new_for_path (dir);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmResult) result = NULL;

  g_assert_null (read_file (file, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, FIRST, -1, NULL));
  result = read_file (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (cvm_result_get_title (result), -1, NULL));
  g_assert_cmpuint (cvm_result_job (result, 0)->failed, ==, 1);

  g_cancellable_cancel (cancellable);
  g_assert_null (read_file (file, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  g_assert_null (read_file (folder, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_remove (path);
  g_rmdir (dir);
}

/* Nobody will ever write into it, and nobody waits for that */
static void
test_fifo (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "fifo", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  g_assert_null (read_file (file, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_remove (path);
  g_rmdir (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/result-from-tap/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_bytes);
    }
  g_test_add_func ("/result-from-tap/times", test_times);
  g_test_add_func ("/result-from-tap/long", test_long);
  g_test_add_func ("/result-from-tap/file", test_file);
  g_test_add_func ("/result-from-tap/fifo", test_fifo);

  return g_test_run ();
}
