/* cvm-film.c: pictures of a guest's screen over time, few enough to keep
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-film.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PREFIX      "film-"
#define SUFFIX      ".png"
#define LIST_MAX    10000   /* files of a folder that are looked at */
#define DIGITS_MAX  15

typedef struct
{
  gint64 time_ms;
  gsize  size;
} Kept;

struct _CvmFilm
{
  char   *folder;
  GArray *kept;       /* of Kept */
  gsize   bytes;      /* of all of them */
  gint64  gap_ms;
  GBytes *last[2];    /* the latest first; or NULL */
};

CvmFilm *
cvm_film_new (const char *folder)
{
  CvmFilm *self = g_new0 (CvmFilm, 1);

  self->folder = g_strdup (folder);
  self->kept = g_array_new (FALSE, FALSE, sizeof (Kept));
  self->gap_ms = CVM_FILM_GAP_MS;

  return self;
}

void
cvm_film_free (CvmFilm *self)
{
  g_free (self->folder);
  g_array_unref (self->kept);
  g_clear_pointer (&self->last[0], g_bytes_unref);
  g_clear_pointer (&self->last[1], g_bytes_unref);
  g_free (self);
}

static char *
path_of (CvmFilm *self,
         gint64   time_ms)
{
  g_autofree char *name = g_strdup_printf (PREFIX "%" G_GINT64_FORMAT SUFFIX, time_ms);

  return g_build_filename (self->folder, name, NULL);
}

static void
thin (CvmFilm *self)
{
  guint n = 0;

  for (guint i = 0; i < self->kept->len; i++)
    {
      Kept *frame = &g_array_index (self->kept, Kept, i);
      g_autofree char *path = path_of (self, frame->time_ms);

      if (i % 2 == 0)
        {
          g_array_index (self->kept, Kept, n++) = *frame;
          continue;
        }

      g_unlink (path);
      self->bytes -= frame->size;
    }

  g_array_set_size (self->kept, n);
  self->gap_ms *= 2;
}

gboolean
cvm_film_is_due (CvmFilm *self,
                 gint64   time_us)
{
  if (self->kept->len == 0)
    return TRUE;

  return time_us / 1000 - g_array_index (self->kept, Kept, self->kept->len - 1).time_ms
         >= self->gap_ms;
}

static gboolean
is_known (CvmFilm *self,
          GBytes  *png)
{
  return (self->last[0] != NULL && g_bytes_equal (self->last[0], png))
         || (self->last[1] != NULL && g_bytes_equal (self->last[1], png));
}

static void
remember (CvmFilm *self,
          GBytes  *png)
{
  g_clear_pointer (&self->last[1], g_bytes_unref);
  self->last[1] = self->last[0];
  self->last[0] = g_bytes_ref (png);
}

/* Renamed into its place, so that nobody sees half of it. It need not be on the disk at once: a
 * picture is no result. */
static gboolean
write_whole (const char  *path,
             GBytes      *png,
             GError     **error)
{
  g_autofree char *part = g_strconcat (path, ".part", NULL);

  if (!g_file_set_contents_full (part, g_bytes_get_data (png, NULL), g_bytes_get_size (png),
                                 G_FILE_SET_CONTENTS_NONE, 0600, error))
    {
      g_unlink (part);
      return FALSE;
    }

  if (g_rename (part, path) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
               g_strerror (errno));
  g_unlink (part);

  return FALSE;
}

gboolean
cvm_film_add (CvmFilm   *self,
              gint64     time_us,
              GBytes    *png,
              gboolean  *is_new,
              GError   **error)
{
  Kept frame = { time_us / 1000, g_bytes_get_size (png) };
  g_autofree char *path = path_of (self, frame.time_ms);

  *is_new = !is_known (self, png);
  if (!*is_new)
    return TRUE;

  if (!write_whole (path, png, error))
    return FALSE;

  remember (self, png);
  g_array_append_val (self->kept, frame);
  self->bytes += frame.size;
  while (self->kept->len > 1
         && (self->kept->len > CVM_FILM_MAX_FRAMES || self->bytes > CVM_FILM_MAX_BYTES))
    thin (self);

  return TRUE;
}

void
cvm_film_frame_free (CvmFilmFrame *self)
{
  g_free (self->path);
  g_free (self);
}

/* The time in NAME, ms; -1: it is no frame's */
static gint64
time_of (const char *name)
{
  gsize n;

  if (!g_str_has_prefix (name, PREFIX))
    return -1;

  name += strlen (PREFIX);
  n = strspn (name, "0123456789");
  if (n == 0 || n > DIGITS_MAX || strcmp (name + n, SUFFIX) != 0)
    return -1;

  return g_ascii_strtoll (name, NULL, 10);
}

static int
by_time (gconstpointer a,
         gconstpointer b)
{
  const CvmFilmFrame *one = *(CvmFilmFrame *const *)a;
  const CvmFilmFrame *other = *(CvmFilmFrame *const *)b;

  return (one->time_us > other->time_us) - (one->time_us < other->time_us);
}

GPtrArray *
cvm_film_list (const char *folder)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_film_frame_free);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  for (guint i = 0; dir != NULL && i < LIST_MAX && (name = g_dir_read_name (dir)) != NULL; i++)
    {
      gint64 time_ms = time_of (name);
      CvmFilmFrame *frame;

      if (time_ms < 0)
        continue;

      frame = g_new (CvmFilmFrame, 1);
      frame->time_us = time_ms * 1000;
      frame->path = g_build_filename (folder, name, NULL);
      g_ptr_array_add (frames, frame);
    }

  g_ptr_array_sort (frames, by_time);

  return frames;
}
