/* cvm-film-reel.h: the pictures of a job by time, and small ones of as many as are shown
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: immutable once it is loaded. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "cvm-film.h"

typedef struct
{
  char      *folder;      /* job-NN/frames */
  GPtrArray *more;        /* of CvmFilmFrame: pictures beside the film's; or NULL */
  gint64     begin_us, end_us;
  guint      n_slots;     /* small ones, evenly over that time */
  int        height;      /* of a small one */
} CvmFilmWish;

typedef struct
{
  GPtrArray  *frames;     /* of CvmFilmFrame, by time */
  GPtrArray  *thumbs;     /* of GdkPixbuf, one a slot; NULL: nothing was seen yet */
  GHashTable *by_path;    /* the same, by path: what the next load need not read */
} CvmFilmReel;

void         cvm_film_reel_unref       (CvmFilmReel          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmFilmReel, cvm_film_reel_unref)

/**
 * cvm_film_reel_load_async:
 * @old: (nullable): of an earlier load
 *
 * Off the main thread; takes WISH's strings and array. What cannot be read is left out.
 */
void         cvm_film_reel_load_async  (const CvmFilmWish    *wish,
                                        CvmFilmReel          *old,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);

CvmFilmReel *cvm_film_reel_load_finish (GAsyncResult         *result,
                                        GError              **error);

/**
 * cvm_film_reel_find:
 *
 * What was seen at TIME_US; NULL: nothing yet
 */
const CvmFilmFrame *cvm_film_reel_find (CvmFilmReel          *self,
                                        gint64                time_us);
