/* cvm-film-reel.c: the pictures of a job by time, and small ones of as many as are shown
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-film-reel.h"

#include <gio/gio.h>

#include "cvm-picture.h"

#define SLOTS_MAX 200

typedef struct
{
  CvmFilmWish  wish;
  CvmFilmReel *old;
} Load;

static void
load_free (gpointer data)
{
  Load *self = data;

  g_free (self->wish.folder);
  g_clear_pointer (&self->wish.more, g_ptr_array_unref);
  g_clear_pointer (&self->old, cvm_film_reel_unref);
  g_free (self);
}

static void
reel_clear (gpointer data)
{
  CvmFilmReel *self = data;

  g_ptr_array_unref (self->frames);
  g_ptr_array_unref (self->thumbs);
  g_hash_table_unref (self->by_path);
}

static CvmFilmReel *
reel_ref (CvmFilmReel *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
cvm_film_reel_unref (CvmFilmReel *self)
{
  g_atomic_rc_box_release_full (self, reel_clear);
}

static void
unref_if_any (gpointer object)
{
  g_clear_object (&object);
}

static int
by_time (gconstpointer a,
         gconstpointer b)
{
  const CvmFilmFrame *one = *(CvmFilmFrame *const *)a;
  const CvmFilmFrame *other = *(CvmFilmFrame *const *)b;

  return (one->time_us > other->time_us) - (one->time_us < other->time_us);
}

static void
add_more (CvmFilmReel *self,
          GPtrArray   *more)
{
  for (guint i = 0; more != NULL && i < more->len; i++)
    {
      const CvmFilmFrame *frame = more->pdata[i];
      CvmFilmFrame *copy = g_new (CvmFilmFrame, 1);

      copy->time_us = frame->time_us;
      copy->path = g_strdup (frame->path);
      g_ptr_array_add (self->frames, copy);
    }

  g_ptr_array_sort (self->frames, by_time);
}

static GdkPixbuf *
find_thumb (CvmFilmReel *self,
            const Load  *load,
            const char  *path)
{
  GdkPixbuf *thumb = g_hash_table_lookup (self->by_path, path);

  if (thumb == NULL && load->old != NULL)
    thumb = g_hash_table_lookup (load->old->by_path, path);
  thumb = thumb != NULL ? g_object_ref (thumb)
                        : cvm_picture_read (path, 4 * load->wish.height, load->wish.height, NULL);
  if (thumb != NULL)
    g_hash_table_replace (self->by_path, g_strdup (path), g_object_ref (thumb));

  return thumb;
}

static void
fill_slots (CvmFilmReel  *self,
            const Load   *load,
            GCancellable *cancellable)
{
  const CvmFilmWish *wish = &load->wish;
  guint n = MIN (wish->n_slots, SLOTS_MAX);

  for (guint i = 0; i < n && !g_cancellable_is_cancelled (cancellable); i++)
    {
      gint64 edge_us = wish->begin_us + (wish->end_us - wish->begin_us) * (i + 1) / n;
      const CvmFilmFrame *frame = cvm_film_reel_find (self, edge_us);

      g_ptr_array_add (self->thumbs, frame != NULL ? find_thumb (self, load, frame->path) : NULL);
    }
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Load *load = data;
  CvmFilmReel *self = g_atomic_rc_box_new0 (CvmFilmReel);

  self->frames = cvm_film_list (load->wish.folder);
  self->thumbs = g_ptr_array_new_with_free_func (unref_if_any);
  self->by_path = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  add_more (self, load->wish.more);
  fill_slots (self, load, cancellable);
  g_task_return_pointer (task, self, (GDestroyNotify)cvm_film_reel_unref);
}

void
cvm_film_reel_load_async (const CvmFilmWish   *wish,
                          CvmFilmReel         *old,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  load->wish = *wish;
  load->old = old != NULL ? reel_ref (old) : NULL;
  g_task_set_source_tag (task, cvm_film_reel_load_async);
  g_task_set_task_data (task, load, load_free);
  g_task_run_in_thread (task, load_in_thread);
}

CvmFilmReel *
cvm_film_reel_load_finish (GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

const CvmFilmFrame *
cvm_film_reel_find (CvmFilmReel *self,
                    gint64       time_us)
{
  guint low = 0, high = self->frames->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const CvmFilmFrame *frame = self->frames->pdata[middle];

      if (frame->time_us > time_us)
        high = middle;
      else
        low = middle + 1;
    }

  return low > 0 ? self->frames->pdata[low - 1] : NULL;
}
