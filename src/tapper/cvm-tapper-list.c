/* cvm-tapper-list.c: the reports of a server, page by page, the newest first
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * No way to ask a server gives "the next N reports". So it is asked for windows of time, from now
 * backwards; their size follows how many reports came of the last one. Windows begin and end at
 * whole hours or days, since a server keeps the answer to every question of the API for ever. */
#include "cvm-tapper-browse-private.h"

#include "cvm-tapper-error.h"
#include "cvm-wait.h"

#define SECOND_US    G_USEC_PER_SEC
#define HOUR_US      (3600 * G_GINT64_CONSTANT (1000000))
#define DAY_US       (24 * HOUR_US)
#define FIRST_STEP   2     /* an hour */
#define FEW          100   /* of a window: the next is larger … */
#define MANY         1000  /* … or smaller */
#define DAYS_MAX     32    /* of one web page */

static const gint64 steps_us[] = {
  60 * SECOND_US, 600 * SECOND_US, HOUR_US, 4 * HOUR_US,
  DAY_US, 4 * DAY_US, 16 * DAY_US, 64 * DAY_US,
};

struct _CvmTapperList
{
  CvmTapperBrowse *browse;
  CvmTapperFilter  filter;
  gint64           now_us;
  gint64           to_us;     /* all that is newer was read */
  guint            step;      /* of the API: index in steps_us */
  gint64           n_days;    /* of a web page */
  gboolean         is_5;
  GPtrArray       *rest;      /* read, and not given yet */
  gboolean         is_over;
};

static gint64
floor_to (gint64 time_us,
          gint64 step_us)
{
  return time_us - time_us % step_us;
}

/**
 * cvm_tapper_list_new:
 *
 * Nothing is asked before the first cvm_tapper_list_next().
 */
CvmTapperList *
cvm_tapper_list_new (CvmTapperBrowse       *browse,
                     const CvmTapperFilter *filter)
{
  CvmTapperList *self = g_new0 (CvmTapperList, 1);

  self->browse = cvm_tapper_browse_ref (browse);
  self->filter = *filter;
  self->filter.suite = g_strdup (filter->suite);
  self->filter.machine = g_strdup (filter->machine);
  self->filter.owner = g_strdup (filter->owner);
  self->filter.grade = g_strdup (filter->grade);
  self->filter.from_us = MAX (filter->from_us, 0);
  self->now_us = g_get_real_time ();

  /* A server's clock may be ahead of ours. */
  self->to_us = filter->to_us > 0 ? filter->to_us
                : floor_to (self->now_us, HOUR_US) + HOUR_US + DAY_US;
  self->step = FIRST_STEP;
  self->n_days = 1;
  self->rest = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_report_free);

  return self;
}

void
cvm_tapper_list_free (CvmTapperList *self)
{
  if (self == NULL)
    return;

  cvm_tapper_browse_free (self->browse);
  g_free (self->filter.suite);
  g_free (self->filter.machine);
  g_free (self->filter.owner);
  g_free (self->filter.grade);
  g_ptr_array_unref (self->rest);
  g_free (self);
}

/* Windows ------------------------------------------------------------------------------------ */

/* The next window by WAY, all before to_us */
static CvmTapperWindow
place_window (CvmTapperList *self,
              CvmTapperWay   way)
{
  gint64 newest_us = MIN (self->to_us - 1, self->now_us);
  CvmTapperWindow window = { .filter = &self->filter, .to_us = self->to_us, .is_5 = self->is_5 };

  if (way == CVM_TAPPER_WAY_API)
    {
      window.from_us = floor_to (newest_us, steps_us[self->step]);
    }
  else if (way == CVM_TAPPER_WAY_WEB)
    {
      window.to_us = MIN (self->to_us, floor_to (newest_us, DAY_US) + DAY_US);
      window.from_us = floor_to (newest_us, DAY_US) - (self->n_days - 1) * DAY_US;
      window.from_us = MAX (window.from_us, floor_to (self->filter.from_us, DAY_US));
    }
  else
    {
      window.from_us = self->filter.from_us;
    }
  window.from_us = MAX (window.from_us, 0);

  return window;
}

/* How much to ask for next, after N reports */
static void
adapt (CvmTapperList *self,
       CvmTapperWay   way,
       guint          n)
{
  if (n < FEW && self->step + 1 < G_N_ELEMENTS (steps_us))
    self->step++;
  else if (n > MANY && self->step > 0)
    self->step--;

  /* 3.x is asked for one day each. */
  if (way != CVM_TAPPER_WAY_WEB || !self->is_5)
    return;

  if (n < FEW)
    self->n_days = MIN (self->n_days * 2, DAYS_MAX);
  else if (n > MANY)
    self->n_days = MAX (self->n_days / 2, 1);
}

static void
take_window (CvmTapperList   *self,
             CvmTapperWay     way,
             CvmTapperWindow *window)
{
  guint n = window->reports->len;

  g_ptr_array_extend_and_steal (self->rest, g_steal_pointer (&window->reports));
  self->to_us = window->from_us;
  self->is_5 = window->is_5;
  self->is_over = window->from_us <= self->filter.from_us;
  adapt (self, way, n);
}

static gboolean
is_too_much (const GError *error)
{
  return g_error_matches (error, CVM_TAPPER_ERROR, CVM_TAPPER_ERROR_NO_ANSWER) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

/* Less is asked for where an answer has become too large, or took too long for the server */
static gboolean
shrink (CvmTapperList *self,
        CvmTapperWay   way)
{
  if (way == CVM_TAPPER_WAY_API && self->step > 0)
    {
      self->step--;
      return TRUE;
    }

  if (way == CVM_TAPPER_WAY_WEB && self->n_days > 1)
    {
      self->n_days /= 2;
      return TRUE;
    }

  return FALSE;
}

static gboolean
try_window (CvmTapperBrowse  *browse,
            CvmTapperWay      way,
            gpointer          data,
            gint64            deadline_us,
            GCancellable     *cancellable,
            GError          **error)
{
  CvmTapperList *self = data;

  while (TRUE)
    {
      CvmTapperWindow window = place_window (self, way);
      g_autoptr(GError) local = NULL;

      if (cvm_tapper_window_read (&window, browse->server, way, deadline_us, cancellable, &local))
        {
          take_window (self, way, &window);
          return TRUE;
        }

      if (!is_too_much (local) || !cvm_deadline_check (deadline_us, cancellable, NULL) ||
          !shrink (self, way))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

/* Pages -------------------------------------------------------------------------------------- */

/**
 * cvm_tapper_list_next:
 * @n: reports of a page
 *
 * Reads on until there are @n, and no further. What was given is not kept.
 *
 * Returns: (element-type CvmTapperReport) (transfer full): the newest first; fewer than @n at the
 *   list's end, none behind it. %NULL with an error, after which it may be tried again: nothing
 *   is lost.
 */
GPtrArray *
cvm_tapper_list_next (CvmTapperList  *self,
                      guint           n,
                      gint64          deadline_us,
                      GCancellable   *cancellable,
                      GError        **error)
{
  g_autoptr(GPtrArray) page = NULL;

  while (self->rest->len < n && !self->is_over)
    {
      if (!cvm_tapper_ways_try (self->browse, CVM_TAPPER_WAY_RSS, try_window, self, deadline_us,
                                cancellable, error))
        return NULL;
    }

  page = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_tapper_report_free);
  for (guint i = 0; i < MIN (n, self->rest->len); i++)
    g_ptr_array_add (page, g_steal_pointer (&self->rest->pdata[i]));
  if (page->len > 0)
    g_ptr_array_remove_range (self->rest, 0, page->len);

  return g_steal_pointer (&page);
}

/* For a window ------------------------------------------------------------------------------- */

typedef struct
{
  CvmTapperList *list;
  guint          n;
  gint64         deadline_us;
} Next;

static void
next_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Next *next = data;
  GError *error = NULL;
  GPtrArray *page = cvm_tapper_list_next (next->list, next->n, next->deadline_us, cancellable,
                                          &error);

  if (page != NULL)
    g_task_return_pointer (task, page, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * cvm_tapper_list_next_async:
 *
 * The same in a thread. @self must live, and must not be used, until the callback.
 */
void
cvm_tapper_list_next_async (CvmTapperList       *self,
                            guint                n,
                            gint64               deadline_us,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Next next = { .list = self, .n = n, .deadline_us = deadline_us };

  g_task_set_source_tag (task, cvm_tapper_list_next_async);
  g_task_set_check_cancellable (task, FALSE);   /* the list says whether it was read */
  g_task_set_task_data (task, g_memdup2 (&next, sizeof next), g_free);
  g_task_run_in_thread (task, next_in_thread);
}

GPtrArray *
cvm_tapper_list_next_finish (GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
