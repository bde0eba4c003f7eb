/* cvm-differences-view.c: what differs between jobs, and both evidences side by side
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-differences-view.h"

#include <glib/gi18n.h>

#include "cvm-compare.h"
#include "cvm-evidence-pane.h"
#include "cvm-format.h"
#include "cvm-job-names.h"
#include "cvm-point-state.h"
#include "cvm-verdict-cell.h"

#define ROWS_MAX       5000
#define COLUMN_WIDTH   110      /* at least; of a job */
#define NAMES_WIDTH    68       /* characters; of the heads of all jobs, and of one at least */
#define NAME_WIDTH     14
#define BOLD_MORE      2        /* what is bold is wider */
#define UPDATE_EVERY_US (2 * G_USEC_PER_SEC)

/* Of the model: the title, the row, what changed, then a state, "is there" and a time a job */
enum { COLUMN_TITLE, COLUMN_ROW, COLUMN_CHANGE, COLUMN_FIRST_JOB };
enum { JOB_STATE, JOB_IS_THERE, JOB_TIME, N_JOB_COLUMNS };

/* A row of the table, without what it was made from */
typedef struct
{
  guint  left, right;   /* jobs that differ in it */
  char **paths;         /* of its points, one a job; NULL: the job has none */
  guint  n_paths;
} Row;

/* A job, and where it is from */
typedef struct
{
  CvmResult          *result;   /* owned */
  const CvmJobResult *job;      /* borrowed from it */
  char               *dir;
  char               *title;
} Side;

struct _CvmDifferencesView
{
  GtkBox           parent_instance;

  GtkTreeView     *view;
  GtkStack        *stack;
  GtkLabel        *summary;
  GtkLabel        *none;
  GtkWidget       *panes;
  CvmEvidencePane *left;
  CvmEvidencePane *right;

  char            *dir;
  CvmResult       *result;        /* owned; NULL: of two runs */
  GArray          *sides;         /* of Side: the jobs that are compared */
  char           **names;         /* of the sides: what tells them apart */
  gboolean         is_two_runs;   /* the sides are then and now */
  GPtrArray       *rows;          /* of Row */
  guint            signature;     /* of what is shown */
  guint            n_jobs;
  gint64           updated_us;    /* monotonic */
};

G_DEFINE_FINAL_TYPE (CvmDifferencesView, cvm_differences_view, GTK_TYPE_BOX)

static void
row_free (gpointer data)
{
  Row *self = data;

  for (guint i = 0; i < self->n_paths; i++)
    g_free (self->paths[i]);
  g_free (self->paths);
  g_free (self);
}

static void
side_clear (gpointer data)
{
  Side *self = data;

  g_object_unref (self->result);
  g_free (self->dir);
  g_free (self->title);
}

static const Side *
get_side (CvmDifferencesView *self,
          guint               index)
{
  return &g_array_index (self->sides, Side, index);
}

/* Returns: (transfer container) */
static const CvmJobResult **
list_jobs (CvmDifferencesView *self)
{
  const CvmJobResult **jobs = g_new (const CvmJobResult *, self->sides->len + 1);

  for (guint i = 0; i < self->sides->len; i++)
    jobs[i] = get_side (self, i)->job;

  return jobs;
}

/* -1: the job has no such point */
static int
state_of (const CvmPoint *point)
{
  return point != NULL ? (int)cvm_point_state_of (point) : -1;
}

static Row *
row_new (const CvmCompareRow *source)
{
  Row *self = g_new0 (Row, 1);

  self->n_paths = source->n_points;
  self->paths = g_new0 (char *, source->n_points);
  for (guint i = 0; i < source->n_points; i++)
    {
      if (source->points[i] != NULL)
        self->paths[i] = g_strdup (source->points[i]->path);
      if (self->right == 0 && state_of (source->points[i]) != state_of (source->points[0]))
        self->right = i;
    }
  if (self->right == 0)
    self->right = MIN (1, source->n_points - 1);

  return self;
}

/* Columns ---------------------------------------------------------------------------------- */

/* A cut off name hides what it differs in: as wide as it is, while there are few of them */
static void
make_wide (GtkLabel *label,
           guint     n_jobs)
{
  g_auto(GStrv) lines = g_strsplit (gtk_label_get_text (label), "\n", -1);
  glong width = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    width = MAX (width, g_utf8_strlen (lines[i], -1) + BOLD_MORE);
  gtk_label_set_width_chars (label, (int)MIN (width, MAX (NAMES_WIDTH / n_jobs, NAME_WIDTH)));
  gtk_label_set_ellipsize (label, PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
}

static GtkTreeViewColumn *
new_column (CvmDifferencesView *self,
            const char         *name,
            const char         *about)
{
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();
  GtkWidget *label = gtk_label_new (name);

  if (about != NULL)
    {
      make_wide (GTK_LABEL (label), self->n_jobs);
      g_object_set (label, "margin-top", 3, "margin-bottom", 3, NULL);
      gtk_widget_set_tooltip_text (label, about);
    }
  gtk_widget_show (label);
  gtk_tree_view_column_set_widget (column, label);
  gtk_tree_view_column_set_title (column, name);
  gtk_tree_view_column_set_resizable (column, TRUE);

  return column;
}

static void
add_time (GtkTreeViewColumn *column,
          int                at)
{
  GtkCellRenderer *time = gtk_cell_renderer_text_new ();

  g_object_set (time, "xalign", 1.0, "xpad", 6, NULL);
  gtk_tree_view_column_pack_start (column, time, TRUE);
  gtk_tree_view_column_add_attribute (column, time, "text", at);
}

static void
add_job_column (CvmDifferencesView *self,
                guint               index)
{
  GtkTreeViewColumn *column = new_column (self, self->names[index], get_side (self, index)->title);
  GtkCellRenderer *icon = cvm_verdict_cell_new ();
  int at = COLUMN_FIRST_JOB + N_JOB_COLUMNS * (int)index;

  gtk_tree_view_column_set_min_width (column, COLUMN_WIDTH);
  gtk_tree_view_column_set_alignment (column, 0.5);
  gtk_tree_view_column_pack_start (column, icon, TRUE);
  gtk_tree_view_column_add_attribute (column, icon, "state", at + JOB_STATE);
  gtk_tree_view_column_add_attribute (column, icon, "visible", at + JOB_IS_THERE);
  if (self->is_two_runs)
    add_time (column, at + JOB_TIME);
  gtk_tree_view_append_column (self->view, column);
}

static void
add_change_column (CvmDifferencesView *self)
{
  GtkTreeViewColumn *column = new_column (self, _("Change"), NULL);
  GtkCellRenderer *word = gtk_cell_renderer_text_new ();

  g_object_set (word, "xpad", 6, NULL);
  gtk_tree_view_column_pack_start (column, word, TRUE);
  gtk_tree_view_column_add_attribute (column, word, "text", COLUMN_CHANGE);
  gtk_tree_view_append_column (self->view, column);
}

static void
name_jobs (CvmDifferencesView *self)
{
  const char *const times[] = { _("Before"), _("After"), NULL };
  g_autofree const CvmJobResult **jobs = list_jobs (self);

  g_strfreev (self->names);
  self->names = self->is_two_runs ? g_strdupv ((char **)times)
                                  : cvm_job_names_short (jobs, self->sides->len);
}

static void
make_columns (CvmDifferencesView *self)
{
  self->n_jobs = self->sides->len;
  while (gtk_tree_view_get_n_columns (self->view) > 1)
    gtk_tree_view_remove_column (self->view, gtk_tree_view_get_column (self->view, 1));

  if (self->is_two_runs)
    add_change_column (self);
  name_jobs (self);
  for (guint i = 0; i < self->n_jobs; i++)
    add_job_column (self, i);
}

static GtkListStore *
new_store (guint n_jobs)
{
  guint n = COLUMN_FIRST_JOB + N_JOB_COLUMNS * n_jobs;
  g_autofree GType *types = g_new (GType, n);

  types[COLUMN_TITLE] = G_TYPE_STRING;
  types[COLUMN_ROW] = G_TYPE_UINT;
  types[COLUMN_CHANGE] = G_TYPE_STRING;
  for (guint i = COLUMN_FIRST_JOB; i < n; i += N_JOB_COLUMNS)
    {
      types[i + JOB_STATE] = G_TYPE_INT;
      types[i + JOB_IS_THERE] = G_TYPE_BOOLEAN;
      types[i + JOB_TIME] = G_TYPE_STRING;
    }

  return gtk_list_store_newv ((int)n, types);
}

/* Rows ------------------------------------------------------------------------------------- */

static const char *
name_change (CvmChange change)
{
  switch (change)
    {
    case CVM_CHANGE_WORSE:
      return _("worse");
    case CVM_CHANGE_BETTER:
      return _("better");
    case CVM_CHANGE_SLOWER:
      return _("slower");
    case CVM_CHANGE_OTHER:
      return _("different");
    case CVM_CHANGE_NONE:
    default:
      return "";
    }
}

static void
set_point (GtkListStore   *store,
           GtkTreeIter    *iter,
           guint           index,
           const CvmPoint *point)
{
  int at = COLUMN_FIRST_JOB + N_JOB_COLUMNS * (int)index;
  g_autofree char *time = point != NULL && point->is_ended && point->ms > 0
                            ? cvm_format_duration (point->ms) : NULL;

  gtk_list_store_set (store, iter, at + JOB_STATE, MAX (state_of (point), 0),
                      at + JOB_IS_THERE, point != NULL, at + JOB_TIME, time, -1);
}

static void
add_row (CvmDifferencesView  *self,
         GtkListStore        *store,
         const CvmCompareRow *row)
{
  g_autofree char *title = cvm_format_line (row->title != NULL ? row->title : "");
  g_autofree char *indented = g_strdup_printf ("%*s%s", (int)MIN (4 * row->depth, 40), "", title);
  GtkTreeIter iter;

  gtk_list_store_insert_with_values (store, &iter, -1, COLUMN_TITLE, indented, COLUMN_ROW,
                                     self->rows->len, COLUMN_CHANGE, name_change (row->change), -1);
  for (guint i = 0; i < row->n_points; i++)
    set_point (store, &iter, i, row->points[i]);
  g_ptr_array_add (self->rows, row_new (row));
}

static guint
sign (GPtrArray *rows)
{
  guint signature = rows->len;

  for (guint i = 0; i < rows->len; i++)
    {
      const CvmCompareRow *row = rows->pdata[i];

      for (guint j = 0; j < row->n_points; j++)
        signature = signature * 31 + (guint)(state_of (row->points[j]) + 2);
    }

  return signature;
}

static void
fill (CvmDifferencesView *self,
      GPtrArray          *rows)
{
  g_autoptr(GtkListStore) store = new_store (self->n_jobs);

  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < MIN (rows->len, ROWS_MAX); i++)
    add_row (self, store, rows->pdata[i]);

  gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (store));
  gtk_stack_set_visible_child_name (self->stack, rows->len > 0 ? "table" : "none");
}

static GPtrArray *
compare (CvmDifferencesView *self,
         CvmCompareFlags     flags)
{
  g_autofree const CvmJobResult **jobs = list_jobs (self);

  return cvm_compare_jobs (jobs, self->sides->len, flags);
}

static void
show (CvmDifferencesView *self,
      GPtrArray          *rows)
{
  if (self->sides->len != self->n_jobs)
    make_columns (self);
  self->signature = sign (rows);
  fill (self, rows);
}

/* The jobs of one run ---------------------------------------------------------------------- */

static void
add_jobs (CvmDifferencesView *self)
{
  guint n_jobs = MIN (cvm_result_n_jobs (self->result), CVM_DIFFERENCES_MAX_JOBS);

  for (guint i = self->sides->len; i < n_jobs; i++)
    {
      const CvmJobResult *job = cvm_result_job (self->result, i);
      Side side = { g_object_ref (self->result), job, g_strdup (self->dir),
                    cvm_job_names_whole (job) };

      g_array_append_val (self->sides, side);
    }
}

/* A job's hypervisor is known once it has a guest. Returns: whether a name is another now */
static gboolean
retitle_jobs (CvmDifferencesView *self)
{
  gboolean is_other = FALSE;

  for (guint i = 0; i < self->sides->len; i++)
    {
      Side *side = &g_array_index (self->sides, Side, i);
      g_autofree char *old = g_steal_pointer (&side->title);

      side->title = cvm_job_names_whole (side->job);
      is_other = is_other || !g_str_equal (old, side->title);
    }

  return is_other;
}

static void
look (CvmDifferencesView *self)
{
  CvmCompareFlags flags = cvm_result_is_ended (self->result) ? CVM_COMPARE_CHANGES
                                                             : CVM_COMPARE_LIVE;
  g_autoptr(GPtrArray) rows = NULL;

  add_jobs (self);
  if (retitle_jobs (self) && self->sides->len == self->n_jobs)
    make_columns (self);
  rows = compare (self, flags);
  if (self->sides->len != self->n_jobs || sign (rows) != self->signature)
    show (self, rows);
}

/* Then and now ----------------------------------------------------------------------------- */

static void
add_side (CvmDifferencesView       *self,
          const CvmDifferencesSide *wanted)
{
  Side side = { g_object_ref (wanted->result), wanted->job, g_strdup (wanted->dir),
                g_strdup (wanted->title) };

  g_array_append_val (self->sides, side);
}

/* TEXT is taken */
static void
add_count (GPtrArray *words,
           guint      n,
           char      *text)
{
  if (n > 0)
    g_ptr_array_add (words, text);
  else
    g_free (text);
}

static void
show_summary (CvmDifferencesView *self,
              GPtrArray          *rows)
{
  guint n[CVM_CHANGE_WORSE + 1];
  g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  cvm_compare_count (rows, n);
  add_count (words, n[CVM_CHANGE_WORSE],
             g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u worse", "%u worse",
                                           n[CVM_CHANGE_WORSE]), n[CVM_CHANGE_WORSE]));
  add_count (words, n[CVM_CHANGE_BETTER],
             g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u better", "%u better",
                                           n[CVM_CHANGE_BETTER]), n[CVM_CHANGE_BETTER]));
  add_count (words, n[CVM_CHANGE_SLOWER],
             g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u slower", "%u slower",
                                           n[CVM_CHANGE_SLOWER]), n[CVM_CHANGE_SLOWER]));
  add_count (words, n[CVM_CHANGE_OTHER],
             g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u different", "%u different",
                                           n[CVM_CHANGE_OTHER]), n[CVM_CHANGE_OTHER]));
  g_ptr_array_add (words, NULL);

  text = g_strjoinv (" · ", (char **)words->pdata);
  gtk_label_set_text (self->summary, text);
  gtk_widget_set_visible (GTK_WIDGET (self->summary), *text != '\0');
}

static void
select_first (CvmDifferencesView *self)
{
  g_autoptr(GtkTreePath) first = gtk_tree_path_new_first ();

  if (self->rows->len > 0)
    gtk_tree_view_set_cursor (self->view, first, NULL, FALSE);
}

static void
compare_runs (CvmDifferencesView *self)
{
  g_autoptr(GPtrArray) rows = compare (self, CVM_COMPARE_TIMES);

  cvm_compare_sort (rows);
  show (self, rows);
  show_summary (self, rows);
  gtk_label_set_text (self->none, _("Every check ended as before, and took about as long."));
  select_first (self);
}

/* ------------------------------------------------------------------------------------------ */

static void
show_evidence (CvmDifferencesView *self,
               CvmEvidencePane    *pane,
               const Row          *row,
               guint               index)
{
  const Side *side = get_side (self, index);
  g_auto(GStrv) lines = g_strsplit (self->names[index], "\n", -1);
  g_autofree char *title = NULL;

  if (self->is_two_runs)
    /* Translators: %s is a time: "Before: Yesterday, 10:11" */
    title = g_strdup_printf (index == 0 ? _("Before: %s") : _("After: %s"), side->title);
  else
    title = g_strjoinv (" · ", lines);
  cvm_evidence_pane_show (pane, title, self->is_two_runs ? NULL : side->title, side->job,
                          side->dir, row->paths[index]);
}

/* Both evidences side by side */
static void
on_row_selected (CvmDifferencesView *self,
                 GtkTreeSelection   *selection)
{
  GtkTreeModel *model;
  GtkTreeIter iter;
  const Row *row;
  guint index;

  if (!gtk_tree_selection_get_selected (selection, &model, &iter))
    return;

  gtk_tree_model_get (model, &iter, COLUMN_ROW, &index, -1);
  row = self->rows->pdata[index];
  show_evidence (self, self->left, row, row->left);
  show_evidence (self, self->right, row, row->right);
  gtk_widget_show (self->panes);
}

static void
look_if_seen (CvmDifferencesView *self)
{
  if (self->result == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->updated_us = g_get_monotonic_time ();
  look (self);
}

static void
cvm_differences_view_dispose (GObject *object)
{
  CvmDifferencesView *self = CVM_DIFFERENCES_VIEW (object);

  g_clear_object (&self->result);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->sides, g_array_unref);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->dir, g_free);

  G_OBJECT_CLASS (cvm_differences_view_parent_class)->dispose (object);
}

static void
cvm_differences_view_class_init (CvmDifferencesViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (CVM_TYPE_EVIDENCE_PANE);
  G_OBJECT_CLASS (klass)->dispose = cvm_differences_view_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/cvmtester/CvmTester/ui/cvm-differences-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmDifferencesView, view);
  gtk_widget_class_bind_template_child (widget_class, CvmDifferencesView, stack);
  gtk_widget_class_bind_template_child (widget_class, CvmDifferencesView, summary);
  gtk_widget_class_bind_template_child (widget_class, CvmDifferencesView, none);
  gtk_widget_class_bind_template_child (widget_class, CvmDifferencesView, panes);
  gtk_widget_class_bind_template_child (widget_class, CvmDifferencesView, left);
  gtk_widget_class_bind_template_child (widget_class, CvmDifferencesView, right);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, look_if_seen);
}

static void
cvm_differences_view_init (CvmDifferencesView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->rows = g_ptr_array_new_with_free_func (row_free);
  self->sides = g_array_new (FALSE, FALSE, sizeof (Side));
  g_array_set_clear_func (self->sides, side_clear);
}

GtkWidget *
cvm_differences_view_new (const char *dir)
{
  CvmDifferencesView *self = g_object_new (CVM_TYPE_DIFFERENCES_VIEW, NULL);

  self->dir = g_strdup (dir);

  return GTK_WIDGET (self);
}

void
cvm_differences_view_update (CvmDifferencesView *self,
                             CvmResult          *result)
{
  g_set_object (&self->result, result);
  if (g_get_monotonic_time () - self->updated_us >= UPDATE_EVERY_US)
    look_if_seen (self);
}

void
cvm_differences_view_show_runs (CvmDifferencesView       *self,
                                const CvmDifferencesSide *before,
                                const CvmDifferencesSide *after)
{
  self->is_two_runs = TRUE;
  g_array_set_size (self->sides, 0);
  gtk_widget_hide (self->panes);
  if (before->job != NULL && after->job != NULL)
    {
      add_side (self, before);
      add_side (self, after);
      compare_runs (self);
      return;
    }

  gtk_widget_hide (GTK_WIDGET (self->summary));
  gtk_label_set_text (self->none, before->job == NULL ? _("The earlier run has no such job.")
                                                      : _("The later run has no such job."));
  gtk_stack_set_visible_child_name (self->stack, "none");
}
