/* cvm-film.h: pictures of a guest's screen over time, few enough to keep
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: one at a time; what was kept may be listed from any.
 * Trust:   the pictures come from a guest. Their number and size are bounded; who opens them looks
 *          at their size first.
 *
 * Each is a file frames/film-T.png of the job's folder, T being milliseconds since 1970: the names
 * are the index, so that none can be lost or contradict the files. */
#pragma once

#include <gio/gio.h>

#define CVM_FILM_MAX_FRAMES 240
#define CVM_FILM_MAX_BYTES  (32 * 1024 * 1024)
#define CVM_FILM_GAP_MS     1000    /* between two, until there are too many */

typedef struct _CvmFilm CvmFilm;

typedef struct
{
  gint64  time_us;   /* UTC */
  char   *path;
} CvmFilmFrame;

/**
 * cvm_film_new:
 * @folder: job-NN/frames, which is there
 */
CvmFilm   *cvm_film_new     (const char *folder);
void       cvm_film_free    (CvmFilm    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmFilm, cvm_film_free)

/**
 * cvm_film_is_due:
 *
 * A picture of that time would not be too soon after the last one
 */
gboolean   cvm_film_is_due  (CvmFilm    *self,
                             gint64      time_us);

/**
 * cvm_film_add:
 * @is_new: (out): it is none of the last two, between which a cursor may blink; so it was kept
 *
 * Keeps it. When there are too many, every second one goes, and later ones come half as often.
 */
gboolean   cvm_film_add     (CvmFilm    *self,
                             gint64      time_us,
                             GBytes     *png,
                             gboolean   *is_new,
                             GError    **error);

void       cvm_film_frame_free (CvmFilmFrame *self);

/**
 * cvm_film_list:
 *
 * What is in FOLDER, of CvmFilmFrame, by time; blocks on the disk. Never fails: what is not there
 * has no frames.
 */
GPtrArray *cvm_film_list    (const char *folder);
