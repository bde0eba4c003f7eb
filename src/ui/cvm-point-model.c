/* cvm-point-model.c: a job's points as rows of a tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-model.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-point-state.h"

typedef struct
{
  CvmPointState state;
  guint         ended, total;
  gint64        ms;
} Summary;

typedef struct
{
  const char   *path;
  CvmPointState state;
  const char   *number;
  char         *title;
  char         *time;
  gboolean      is_final;
} Row;

GtkTreeStore *
cvm_point_model_new (void)
{
  return gtk_tree_store_new (7, G_TYPE_STRING, G_TYPE_INT, G_TYPE_STRING, G_TYPE_STRING,
                             G_TYPE_STRING, G_TYPE_BOOLEAN, G_TYPE_BOOLEAN);
}

static void
set_row (GtkTreeStore *store,
         GtkTreeIter  *iter,
         const Row    *row)
{
  g_autofree char *title = NULL;
  g_autofree char *time = NULL;
  int state;
  gboolean is_final;

  gtk_tree_model_get (GTK_TREE_MODEL (store), iter, CVM_POINT_COLUMN_TITLE, &title,
                      CVM_POINT_COLUMN_TIME, &time, CVM_POINT_COLUMN_STATE, &state,
                      CVM_POINT_COLUMN_IS_FINAL, &is_final, -1);
  if (g_strcmp0 (title, row->title) == 0 && g_strcmp0 (time, row->time) == 0
      && state == (int)row->state && is_final == row->is_final)
    return;

  gtk_tree_store_set (store, iter, CVM_POINT_COLUMN_PATH, row->path,
                      CVM_POINT_COLUMN_STATE, (int)row->state, CVM_POINT_COLUMN_NUMBER, row->number,
                      CVM_POINT_COLUMN_TITLE, row->title, CVM_POINT_COLUMN_TIME, row->time,
                      CVM_POINT_COLUMN_IS_POINT, row->path != NULL,
                      CVM_POINT_COLUMN_IS_FINAL, row->is_final, -1);
}

static char *
describe_wait (const CvmPoint *point,
               gint64          now_us)
{
  g_autofree char *what = cvm_format_line (point->waiting);
  g_autofree char *since = cvm_format_clock ((now_us - point->begun_us) / 1000);
  g_autofree char *limit = cvm_format_clock (point->limit_ms);

  if (point->limit_ms <= 0)
    return g_strdup_printf (_("waiting %s: %s"), since, what);

  return g_strdup_printf (_("waiting %s of %s: %s"), since, limit, what);
}

static char *
describe_title (const CvmPoint *point,
                CvmPointState   state,
                gint64          now_us)
{
  g_autofree char *title = cvm_format_line (point->title != NULL ? point->title : "");
  g_autofree char *more = NULL;

  if (state == CVM_POINT_STATE_RUNNING && point->waiting != NULL)
    more = describe_wait (point, now_us);
  else if (state == CVM_POINT_STATE_SKIPPED && point->reason != NULL)
    more = cvm_format_line (point->reason);

  if (more == NULL)
    return g_markup_escape_text (title, -1);

  return g_markup_printf_escaped (state == CVM_POINT_STATE_RUNNING
                                  ? "%s\n<span size=\"small\" alpha=\"65%%\">%s</span>"
                                  : "%s <span alpha=\"65%%\">— %s</span>", title, more);
}

static char *
describe_time (const CvmPoint *point,
               CvmPointState   state,
               gint64          now_us)
{
  if (state == CVM_POINT_STATE_RUNNING && point->begun_us > 0)
    {
      /* whole seconds: a tenth that jumps once a second would look broken */
      gint64 s = MAX (now_us - point->begun_us, 0) / G_USEC_PER_SEC;

      return s < 60 ? g_strdup_printf (_("%d s"), (int)s) : cvm_format_duration (s * 1000);
    }
  if (!point->is_ended || state == CVM_POINT_STATE_SKIPPED || (point->id == NULL && point->ms <= 0))
    return g_strdup ("");

  return cvm_format_duration (point->ms);
}

static void update_points (GtkTreeStore *store,
                           GtkTreeIter  *parent,
                           GPtrArray    *points,
                           int           precondition,
                           gint64        now_us);

static void
update_point (GtkTreeStore   *store,
              GtkTreeIter    *iter,
              const CvmPoint *point,
              gint64          now_us)
{
  CvmPointState state = cvm_point_state_of (point);
  const char *dot = strrchr (point->path, '.');
  g_autofree char *title = describe_title (point, state, now_us);
  g_autofree char *time = describe_time (point, state, now_us);
  Row row = { point->path, state, dot != NULL ? dot + 1 : point->path, title, time,
              point->is_ended };

  update_points (store, iter, point->children, -1, now_us);
  set_row (store, iter, &row);
}

/* PRECONDITION: TRUE or FALSE chooses among the points, -1 takes all */
static void
update_points (GtkTreeStore *store,
               GtkTreeIter  *parent,
               GPtrArray    *points,
               int           precondition,
               gint64        now_us)
{
  GtkTreeModel *model = GTK_TREE_MODEL (store);
  GtkTreeIter iter;
  gboolean has_row = gtk_tree_model_iter_children (model, &iter, parent);

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];
      gboolean is_final = FALSE;

      if (precondition >= 0 && point->is_precondition != precondition)
        continue;

      if (has_row)
        gtk_tree_model_get (model, &iter, CVM_POINT_COLUMN_IS_FINAL, &is_final, -1);
      else
        gtk_tree_store_append (store, &iter, parent);

      if (!is_final)
        update_point (store, &iter, point, now_us);

      has_row = has_row && gtk_tree_model_iter_next (model, &iter);
    }
}

static Summary
summarize (GPtrArray *points,
           gboolean   precondition)
{
  Summary sum = { CVM_POINT_STATE_PASSED, };
  gboolean is_running = FALSE;
  guint skipped = 0;

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];
      CvmPointState state = cvm_point_state_of (point);

      if (point->is_precondition != precondition)
        continue;

      sum.total++;
      sum.ended += point->is_ended;
      sum.ms += point->ms;
      is_running |= state == CVM_POINT_STATE_RUNNING;
      skipped += state == CVM_POINT_STATE_SKIPPED;
      if (state == CVM_POINT_STATE_FAILED || state == CVM_POINT_STATE_CANCELLED)
        sum.state = state;
    }

  if (is_running || (sum.ended > 0 && sum.ended < sum.total))
    sum.state = CVM_POINT_STATE_RUNNING;
  else if (sum.ended == 0)
    sum.state = CVM_POINT_STATE_PENDING;
  else if (skipped == sum.total)
    sum.state = CVM_POINT_STATE_SKIPPED;

  return sum;
}

static void
update_group (GtkTreeStore       *store,
              GtkTreeIter        *iter,
              const CvmJobResult *job,
              gboolean            precondition,
              gint64              now_us)
{
  Summary sum = summarize (job->points, precondition);
  g_autofree char *title = g_strdup (precondition ? _("Preconditions") : _("Cases"));
  g_autofree char *took = cvm_format_duration (sum.ms);
  g_autofree char *time = sum.ended == sum.total
                          ? g_strdup (sum.state == CVM_POINT_STATE_SKIPPED ? "" : took)
                          : g_strdup_printf (_("%u of %u"), sum.ended, sum.total);
  Row row = { NULL, sum.state, "", title, time, FALSE };

  update_points (store, iter, job->points, precondition, now_us);
  set_row (store, iter, &row);
}

void
cvm_point_model_update (GtkTreeStore       *store,
                        const CvmJobResult *job,
                        gint64              now_us)
{
  GtkTreeModel *model = GTK_TREE_MODEL (store);
  GtkTreeIter iter;
  gboolean has_row = gtk_tree_model_get_iter_first (model, &iter);

  for (int precondition = TRUE; precondition >= FALSE; precondition--)
    {
      if (!has_row)
        gtk_tree_store_append (store, &iter, NULL);
      update_group (store, &iter, job, precondition, now_us);
      has_row = has_row && gtk_tree_model_iter_next (model, &iter);
    }
}
