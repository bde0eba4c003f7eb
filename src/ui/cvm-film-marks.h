/* cvm-film-marks.h: when each check of a job ended, and how
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-point-state.h"

typedef struct
{
  char          *path;        /* "3" */
  char          *title;
  gint64         begin_us;
  gint64         time_us;     /* its end, or 0 while it runs */
  CvmPointState  state;
} CvmFilmMark;

/**
 * cvm_film_marks_new:
 *
 * Of CvmFilmMark, of the cases that began, by their begin
 */
GPtrArray         *cvm_film_marks_new     (const CvmJobResult *job);

/**
 * cvm_film_marks_find:
 *
 * The check that ran at TIME_US, or ran last; NULL: none yet
 */
const CvmFilmMark *cvm_film_marks_find    (GPtrArray          *marks,
                                           gint64              time_us);

/**
 * cvm_film_marks_nearest:
 *
 * The one that ended nearest to TIME_US, at most WITHIN_US away; or NULL
 */
const CvmFilmMark *cvm_film_marks_nearest (GPtrArray          *marks,
                                           gint64              time_us,
                                           gint64              within_us);
