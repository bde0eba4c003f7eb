/* test-film.c: which pictures of a guest's screen are kept, and found again
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-film.h"

#include <glib/gstdio.h>

#include "cvm-file.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

typedef struct
{
  char    *dir;
  CvmFilm *film;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->dir = g_dir_make_tmp ("cvm-film-XXXXXX", NULL);
  f->film = cvm_film_new (f->dir);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  cvm_film_free (f->film);
  cvm_file_remove_tree (f->dir);
  g_free (f->dir);
}

static gboolean
add (Fixture    *f,
     gint64      second,
     const char *picture)
{
  g_autoptr(GBytes) png = g_bytes_new (picture, strlen (picture));
  g_autoptr(GError) error = NULL;
  gboolean is_new = FALSE;

  g_assert_true (cvm_film_add (f->film, second * SECOND, png, &is_new, &error));
  g_assert_no_error (error);

  return is_new;
}

static void
test_changes (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GPtrArray) frames = NULL;
  g_autofree char *content = NULL;
  const CvmFilmFrame *frame;

  g_assert_true (cvm_film_is_due (f->film, 100 * SECOND));
  g_assert_true (add (f, 100, "BIOS"));
  g_assert_false (cvm_film_is_due (f->film, 100 * SECOND + SECOND / 2));
  g_assert_true (cvm_film_is_due (f->film, 101 * SECOND));
  g_assert_true (add (f, 101, "prompt"));
  g_assert_true (add (f, 102, "prompt_"));
  g_assert_false (add (f, 103, "prompt"));    /* the cursor blinks */
  g_assert_false (add (f, 104, "prompt_"));
  g_assert_true (add (f, 105, "login"));

  frames = cvm_film_list (f->dir);
  g_assert_cmpuint (frames->len, ==, 4);
  frame = frames->pdata[3];
  g_assert_cmpint (frame->time_us, ==, 105 * SECOND);
  g_assert_true (g_file_get_contents (frame->path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "login");
}

/* However long the job, and however much its screen moves */
static void
test_bounds (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GPtrArray) frames = NULL;
  const CvmFilmFrame *first, *last;
  gint64 gap = 0;

  for (gint64 second = 1; second <= 5000; second++)
    {
      g_autofree char *picture = g_strdup_printf ("%d", (int)second);

      if (cvm_film_is_due (f->film, second * SECOND))
        add (f, second, picture);
    }

  frames = cvm_film_list (f->dir);
  g_assert_cmpuint (frames->len, <=, CVM_FILM_MAX_FRAMES);
  g_assert_cmpuint (frames->len, >=, CVM_FILM_MAX_FRAMES / 3);
  first = frames->pdata[0];
  last = frames->pdata[frames->len - 1];
  g_assert_cmpint (first->time_us, ==, SECOND);
  g_assert_cmpint (last->time_us, >, 4900 * SECOND);
  for (guint i = 1; i < frames->len; i++)
    gap = MAX (gap, ((CvmFilmFrame *)frames->pdata[i])->time_us
                    - ((CvmFilmFrame *)frames->pdata[i - 1])->time_us);
  g_assert_cmpint (gap, <=, 64 * SECOND);
}

static void
test_bytes (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) frames = NULL;
  gsize size = 0;

  for (int i = 1; i <= 20; i++)
    {
      gsize len = CVM_FILM_MAX_BYTES / 8;
      guint8 *noise = g_malloc0 (len);
      g_autoptr(GBytes) png = NULL;
      gboolean is_new;

      noise[0] = i;
      png = g_bytes_new_take (noise, len);
      g_assert_true (cvm_film_add (f->film, i * SECOND, png, &is_new, NULL));
    }

  frames = cvm_film_list (f->dir);
  for (guint i = 0; i < frames->len; i++)
    {
      GStatBuf status;

      g_assert_cmpint (g_stat (((CvmFilmFrame *)frames->pdata[i])->path, &status), ==, 0);
      size += status.st_size;
    }
  g_assert_cmpuint (size, <=, CVM_FILM_MAX_BYTES);
  g_assert_cmpuint (frames->len, >=, 3);
}

static void
test_no_folder (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GBytes) png = g_bytes_new_static ("x", 1);
  g_autoptr(GPtrArray) frames = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_new;

  cvm_file_remove_tree (f->dir);
  g_assert_false (cvm_film_add (f->film, SECOND, png, &is_new, &error));
  g_assert_nonnull (error);
  frames = cvm_film_list (f->dir);
  g_assert_cmpuint (frames->len, ==, 0);
}

/* Only names that the film itself gives */
static void
test_foreign (Fixture       *f,
              gconstpointer  data)
{
  static const char *const names[] = {
    "film-.png", "film-12x.png", "film--5.png", "film-99999999999999999999.png", "film-5.png.part",
    "0003-ssh.png", "film-7.PNG", "film-7",
  };
  g_autoptr(GPtrArray) frames = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->dir, names[i], NULL);

      g_assert_true (g_file_set_contents (path, "", 0, NULL));
    }
  add (f, 9, "ours");

  frames = cvm_film_list (f->dir);
  g_assert_cmpuint (frames->len, ==, 1);
  g_assert_cmpint (((CvmFilmFrame *)frames->pdata[0])->time_us, ==, 9 * SECOND);
}

#define ADD(name, func) g_test_add ("/film/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("changes", test_changes);
  ADD ("bounds", test_bounds);
  ADD ("bytes", test_bytes);
  ADD ("no-folder", test_no_folder);
  ADD ("foreign", test_foreign);

  return g_test_run ();
}
