/* test-film-reel.c: the pictures of a job by time, its checks among them, its log as lines
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-film-reel.h"

#include <glib/gstdio.h>

#include "cvm-file.h"
#include "cvm-film-marks.h"
#include "cvm-guest-keys.h"
#include "cvm-log-model.h"
#include "cvm-picture.h"
#include "cvm-serial-part.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static void
save_picture (const char *dir,
              const char *name,
              int         width,
              int         height)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autofree char *path = g_build_filename (dir, name, NULL);

  gdk_pixbuf_fill (pixbuf, 0x336699ff);
  g_assert_true (gdk_pixbuf_save (pixbuf, path, "png", NULL, NULL));
}

static void
keep_result (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static GAsyncResult *
wait_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static CvmFilmReel *
load (const char  *dir,
      gint64       end,
      CvmFilmReel *old)
{
  CvmFilmWish wish = { g_strdup (dir), NULL, SECOND, end * SECOND, 4, 48 };
  g_autoptr(GAsyncResult) result = NULL;
  CvmFilmReel *reel;

  cvm_film_reel_load_async (&wish, old, NULL, keep_result, &result);
  reel = cvm_film_reel_load_finish (wait_result (&result), NULL);
  g_assert_nonnull (reel);

  return reel;
}

static void
test_reel (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-reel-XXXXXX", NULL);
  g_autofree char *broken = g_build_filename (dir, "film-9000.png", NULL);
  g_autoptr(CvmFilmReel) reel = NULL;
  g_autoptr(CvmFilmReel) more = NULL;

  save_picture (dir, "film-2500.png", 720, 400);
  save_picture (dir, "film-4500.png", 100, 800);
  g_assert_true (g_file_set_contents (broken, "no picture", -1, NULL));

  reel = load (dir, 9, NULL);
  g_assert_cmpuint (reel->frames->len, ==, 3);
  g_assert_null (cvm_film_reel_find (reel, 2 * SECOND));
  g_assert_cmpint (cvm_film_reel_find (reel, 3 * SECOND)->time_us, ==, 2500000);
  g_assert_cmpint (cvm_film_reel_find (reel, 100 * SECOND)->time_us, ==, 9000000);

  /* slots end at 3, 5, 7 and 9 s; the last one's picture cannot be read */
  g_assert_cmpuint (reel->thumbs->len, ==, 4);
  g_assert_cmpint (gdk_pixbuf_get_height (reel->thumbs->pdata[1]), ==, 48);
  g_assert_true (reel->thumbs->pdata[1] == reel->thumbs->pdata[2]);
  g_assert_null (reel->thumbs->pdata[3]);
  g_assert_cmpint (gdk_pixbuf_get_width (reel->thumbs->pdata[0]), <=, 4 * 48);

  /* what was read once is not read again */
  more = load (dir, 9, reel);
  g_assert_true (more->thumbs->pdata[0] == reel->thumbs->pdata[0]);
  cvm_file_remove_tree (dir);
}

/* A file that says it has more pixels than any screen is not unpacked */
static void
test_bomb (void)
{
  static const guchar head[] =
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\2\0\0\0";
  g_autofree char *dir = g_dir_make_tmp ("cvm-reel-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "bomb.png", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, (const char *)head, sizeof head - 1, NULL));
  g_assert_null (cvm_picture_read (path, 10, 10, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  cvm_file_remove_tree (dir);
}

static CvmPoint *
add_point (CvmJobResult *job,
           const char   *path,
           gint64        begun,
           gint64        ms,
           gboolean      ok)
{
  CvmPoint *point = g_new0 (CvmPoint, 1);

  point->path = (char *)path;
  point->title = (char *)"title";
  point->is_begun = begun > 0;
  point->is_ended = ms >= 0;
  point->begun_us = begun * SECOND;
  point->ms = ms;
  point->ok = ok;
  point->outcome = ok ? CVM_OUTCOME_PASS : CVM_OUTCOME_FAIL;
  g_ptr_array_add (job->points, point);

  return point;
}

static void
test_marks (void)
{
  CvmJobResult job = { 0 };
  g_autoptr(GPtrArray) marks = NULL;

  job.points = g_ptr_array_new_with_free_func (g_free);
  add_point (&job, "1", 10, 2000, TRUE);
  add_point (&job, "2", 13, 1000, FALSE);
  add_point (&job, "3", 0, 0, TRUE);     /* skipped: it never began */
  add_point (&job, "4", 20, -1, FALSE);  /* runs */

  marks = cvm_film_marks_new (&job);
  g_assert_cmpuint (marks->len, ==, 3);
  g_assert_null (cvm_film_marks_find (marks, 9 * SECOND));
  g_assert_cmpstr (cvm_film_marks_find (marks, 12 * SECOND)->path, ==, "1");
  g_assert_cmpstr (cvm_film_marks_find (marks, 15 * SECOND)->path, ==, "2");
  g_assert_cmpstr (cvm_film_marks_find (marks, 99 * SECOND)->path, ==, "4");
  g_assert_cmpstr (cvm_film_marks_nearest (marks, 12 * SECOND + 1, 2 * SECOND)->path, ==, "1");
  g_assert_null (cvm_film_marks_nearest (marks, 50 * SECOND, 2 * SECOND));
  g_ptr_array_unref (job.points);
}

/* The part of a log that is shown, and the part that has a word */
static void
test_part (void)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-reel-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "serial.log", NULL);
  g_autofree char *times = g_strconcat (path, ".times", NULL);
  g_autofree char *filler = g_strnfill (3 * CVM_SERIAL_PART_MAX, '.');
  g_autoptr(GAsyncResult) at_end = NULL;
  g_autoptr(GAsyncResult) at_time = NULL;
  g_autoptr(GAsyncResult) found = NULL;
  g_autoptr(GAsyncResult) missed = NULL;
  g_autoptr(CvmSerialPart) part = NULL;
  g_autoptr(CvmSerialPart) early = NULL;
  g_autoptr(CvmSerialPart) word = NULL;
  g_autoptr(GError) error = NULL;

  /* across the edge of a block */
  memcpy (filler + CVM_SERIAL_PART_MAX - 3, "NEEDLE", 6);
  g_assert_true (g_file_set_contents (path, filler, -1, NULL));
  g_assert_true (g_file_set_contents (times, "1000 0\n2000 70\n", -1, NULL));

  cvm_serial_part_load_async (path, -1, 0, NULL, keep_result, &at_end);
  part = cvm_serial_part_finish (wait_result (&at_end), NULL);
  g_assert_cmpuint (part->start, ==, 2 * CVM_SERIAL_PART_MAX);
  g_assert_cmpuint (part->size, ==, 3 * CVM_SERIAL_PART_MAX);

  cvm_serial_part_load_async (path, -1, 1500 * 1000, NULL, keep_result, &at_time);
  early = cvm_serial_part_finish (wait_result (&at_time), NULL);
  g_assert_cmpuint (g_bytes_get_size (early->bytes), ==, 70);

  cvm_serial_part_search_async (path, "needle", part->start, NULL, keep_result, &found);
  word = cvm_serial_part_finish (wait_result (&found), NULL);
  g_assert_cmpuint (word->start, <=, CVM_SERIAL_PART_MAX - 3);
  g_assert_cmpuint (word->start + g_bytes_get_size (word->bytes), >=, CVM_SERIAL_PART_MAX + 3);

  cvm_serial_part_search_async (path, "haystack", part->start, NULL, keep_result, &missed);
  g_assert_null (cvm_serial_part_finish (wait_result (&missed), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  cvm_file_remove_tree (dir);
}

static void
add_log (GPtrArray  *records,
         const char *job,
         const char *kind,
         const char *text)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_LOG, job);

  record->kind = g_strdup (kind);
  record->text = g_strdup (text);
  g_ptr_array_add (records, record);
}

static void
test_log (void)
{
  g_autoptr(GPtrArray) records =
    g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  g_autoptr(CvmLogModel) model = cvm_log_model_new ();
  g_autofree char *line = NULL;
  GtkTreeIter iter;

  add_log (records, "01", "info", "an overlay was made");
  add_log (records, "02", "info", "of another job");
  add_log (records, NULL, "info", "of the run itself");
  add_log (records, "01", "guest-panic", "Kernel panic");
  g_ptr_array_add (records, cvm_record_new (CVM_RECORD_POINT, "01"));

  g_assert_cmpuint (cvm_log_model_add (model, records, 0, 2, "01"), ==, 2);
  g_assert_cmpuint (cvm_log_model_add (model, records, 2, 100, "01"), ==, 5);
  while (cvm_log_model_look (model, 1));
  g_assert_cmpuint (cvm_log_model_n_rows (model), ==, 3);

  cvm_log_model_set_filter (model, "KERNEL", FALSE);
  while (cvm_log_model_look (model, 100));
  g_assert_cmpuint (cvm_log_model_n_rows (model), ==, 1);
  g_assert_true (gtk_tree_model_get_iter_first (GTK_TREE_MODEL (model), &iter));
  gtk_tree_model_get (GTK_TREE_MODEL (model), &iter, CVM_LOG_COLUMN_LINE, &line, -1);
  g_assert_true (g_str_has_suffix (line, "  Kernel panic"));
  g_assert_false (gtk_tree_model_iter_next (GTK_TREE_MODEL (model), &iter));

  cvm_log_model_set_filter (model, "", TRUE);
  while (cvm_log_model_look (model, 100));
  g_assert_cmpuint (cvm_log_model_n_rows (model), ==, 1);
}

static void
test_keys (void)
{
  const CvmGuestChord *chord = cvm_guest_chord_find ("ctrl-alt-del");
  g_autoptr(GMenuModel) menu = cvm_guest_keys_new_menu ("display.send");

  g_assert_cmpuint (chord->keys[2], ==, GDK_KEY_Delete);
  g_assert_cmpuint (chord->keys[3], ==, 0);
  g_assert_null (cvm_guest_chord_find ("rm"));
  g_assert_cmpint (g_menu_model_get_n_items (menu), ==, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/film-reel/reel", test_reel);
  g_test_add_func ("/film-reel/bomb", test_bomb);
  g_test_add_func ("/film-reel/marks", test_marks);
  g_test_add_func ("/film-reel/part", test_part);
  g_test_add_func ("/film-reel/log", test_log);
  g_test_add_func ("/film-reel/keys", test_keys);

  return g_test_run ();
}
