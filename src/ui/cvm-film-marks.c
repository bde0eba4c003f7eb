/* cvm-film-marks.c: when each check of a job ended, and how
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-film-marks.h"

static void
mark_free (gpointer data)
{
  CvmFilmMark *self = data;

  g_free (self->path);
  g_free (self->title);
  g_free (self);
}

GPtrArray *
cvm_film_marks_new (const CvmJobResult *job)
{
  GPtrArray *marks = g_ptr_array_new_with_free_func (mark_free);

  for (guint i = 0; i < job->points->len; i++)
    {
      const CvmPoint *point = job->points->pdata[i];
      CvmFilmMark *mark;

      if (!point->is_begun || point->begun_us == 0)
        continue;

      mark = g_new0 (CvmFilmMark, 1);
      mark->path = g_strdup (point->path);
      mark->title = g_strdup (point->title);
      mark->begin_us = point->begun_us;
      mark->time_us = point->is_ended ? point->begun_us + point->ms * 1000 : 0;
      mark->state = cvm_point_state_of (point);
      g_ptr_array_add (marks, mark);
    }

  return marks;
}

const CvmFilmMark *
cvm_film_marks_find (GPtrArray *marks,
                     gint64     time_us)
{
  const CvmFilmMark *found = NULL;

  for (guint i = 0; i < marks->len; i++)
    {
      const CvmFilmMark *mark = marks->pdata[i];

      if (mark->begin_us <= time_us)
        found = mark;
    }

  return found;
}

const CvmFilmMark *
cvm_film_marks_nearest (GPtrArray *marks,
                        gint64     time_us,
                        gint64     within_us)
{
  const CvmFilmMark *found = NULL;

  for (guint i = 0; i < marks->len; i++)
    {
      const CvmFilmMark *mark = marks->pdata[i];
      gint64 apart_us = ABS (mark->time_us - time_us);

      if (mark->time_us != 0 && apart_us <= within_us)
        {
          within_us = apart_us;
          found = mark;
        }
    }

  return found;
}
