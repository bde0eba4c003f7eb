/* cvm-differences-view.c: what differs between the jobs of a run, and both evidences side by side
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-differences-view.h"

#include <glib/gi18n.h>

#include "cvm-compare.h"
#include "cvm-evidence-pane.h"
#include "cvm-format.h"
#include "cvm-point-state.h"
#include "cvm-verdict-cell.h"

#define ROWS_MAX       5000
#define COLUMN_WIDTH   130      /* at least; of a job */
#define UPDATE_EVERY_US (2 * G_USEC_PER_SEC)

/* Of the model: the title, the row, then a state and "is there" a job */
enum { COLUMN_TITLE, COLUMN_ROW, COLUMN_FIRST_JOB };

/* A row of the table, without what it was made from */
typedef struct
{
  guint  left, right;   /* jobs that differ in it */
  char **paths;         /* of its points, one a job; NULL: the job has none */
  guint  n_paths;
} Row;

struct _CvmDifferencesView
{
  GtkBox           parent_instance;

  GtkTreeView     *view;
  GtkStack        *stack;
  GtkWidget       *panes;
  CvmEvidencePane *left;
  CvmEvidencePane *right;

  char            *dir;
  CvmResult       *result;        /* owned, or NULL */
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

static char *
describe_job (const CvmJobResult *job)
{
  g_autofree char *image = cvm_format_line (job->image != NULL ? job->image : job->id);
  g_autofree char *host = cvm_format_line (job->host_uri != NULL ? job->host_uri : "");

  return g_strdup_printf (_("%s on %s"), image, host);
}

static void
add_job_column (CvmDifferencesView *self,
                guint               index)
{
  g_autofree char *title = describe_job (cvm_result_job (self->result, index));
  GtkTreeViewColumn *column = gtk_tree_view_column_new ();
  GtkCellRenderer *icon = cvm_verdict_cell_new ();
  GtkWidget *label = gtk_label_new (title);
  int at = COLUMN_FIRST_JOB + 2 * (int)index;

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 18);
  gtk_widget_set_tooltip_text (label, title);
  gtk_widget_show (label);
  gtk_tree_view_column_set_widget (column, label);
  gtk_tree_view_column_set_title (column, title);
  gtk_tree_view_column_set_resizable (column, TRUE);
  gtk_tree_view_column_set_min_width (column, COLUMN_WIDTH);
  gtk_tree_view_column_set_alignment (column, 0.5);
  gtk_tree_view_column_pack_start (column, icon, TRUE);
  gtk_tree_view_column_add_attribute (column, icon, "state", at);
  gtk_tree_view_column_add_attribute (column, icon, "visible", at + 1);
  gtk_tree_view_append_column (self->view, column);
}

static void
make_columns (CvmDifferencesView *self)
{
  while (gtk_tree_view_get_n_columns (self->view) > 1)
    gtk_tree_view_remove_column (self->view, gtk_tree_view_get_column (self->view, 1));

  for (guint i = 0; i < self->n_jobs; i++)
    add_job_column (self, i);
}

static GtkListStore *
new_store (guint n_jobs)
{
  guint n = COLUMN_FIRST_JOB + 2 * n_jobs;
  g_autofree GType *types = g_new (GType, n);

  types[COLUMN_TITLE] = G_TYPE_STRING;
  types[COLUMN_ROW] = G_TYPE_UINT;
  for (guint i = 0; i < n_jobs; i++)
    {
      types[COLUMN_FIRST_JOB + 2 * i] = G_TYPE_INT;
      types[COLUMN_FIRST_JOB + 2 * i + 1] = G_TYPE_BOOLEAN;
    }

  return gtk_list_store_newv ((int)n, types);
}

/* Rows ------------------------------------------------------------------------------------- */

static void
add_row (CvmDifferencesView  *self,
         GtkListStore        *store,
         const CvmCompareRow *row)
{
  g_autofree char *title = cvm_format_line (row->title != NULL ? row->title : "");
  g_autofree char *indented = g_strdup_printf ("%*s%s", (int)MIN (4 * row->depth, 40), "", title);
  GtkTreeIter iter;

  gtk_list_store_insert_with_values (store, &iter, -1, COLUMN_TITLE, indented, COLUMN_ROW,
                                     self->rows->len, -1);
  for (guint i = 0; i < row->n_points; i++)
    gtk_list_store_set (store, &iter,
                        COLUMN_FIRST_JOB + 2 * (int)i, MAX (state_of (row->points[i]), 0),
                        COLUMN_FIRST_JOB + 2 * (int)i + 1, row->points[i] != NULL, -1);
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

static void
look (CvmDifferencesView *self)
{
  guint n_jobs = MIN (cvm_result_n_jobs (self->result), CVM_DIFFERENCES_MAX_JOBS);
  g_autofree const CvmJobResult **jobs = g_new (const CvmJobResult *, n_jobs + 1);
  CvmCompareFlags flags = cvm_result_is_ended (self->result) ? CVM_COMPARE_CHANGES
                                                             : CVM_COMPARE_LIVE;
  g_autoptr(GPtrArray) rows = NULL;

  for (guint i = 0; i < n_jobs; i++)
    jobs[i] = cvm_result_job (self->result, i);
  rows = cvm_compare_jobs (jobs, n_jobs, flags);
  if (n_jobs == self->n_jobs && sign (rows) == self->signature)
    return;

  if (n_jobs != self->n_jobs)
    {
      self->n_jobs = n_jobs;
      make_columns (self);
    }
  self->signature = sign (rows);
  fill (self, rows);
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
  cvm_evidence_pane_show (self->left, cvm_result_job (self->result, row->left), self->dir,
                          row->paths[row->left]);
  cvm_evidence_pane_show (self->right, cvm_result_job (self->result, row->right), self->dir,
                          row->paths[row->right]);
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
