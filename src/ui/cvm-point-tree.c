/* cvm-point-tree.c: the checks of a job: a tree with counts and filters
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-tree.h"

#include <glib/gi18n.h>

#include "cvm-point-model.h"
#include "cvm-point-state.h"
#include "cvm-verdict-cell.h"

struct _CvmPointTree
{
  GtkBox              parent_instance;

  GtkTreeView        *view;
  GtkTreeViewColumn  *title_column;
  GtkTreeViewColumn  *time_column;
  GtkTreeSelection   *selection;
  GtkToggleButton    *all_button;
  GtkToggleButton    *failed_button;
  GtkToggleButton    *skipped_button;

  GtkTreeStore       *store;    /* owned */
  GtkTreeModelFilter *filter;   /* owned */
  gboolean            is_expanded;
};

enum { SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmPointTree, cvm_point_tree, GTK_TYPE_BOX)

static gboolean
is_wanted (CvmPointTree  *self,
           CvmPointState  state)
{
  if (gtk_toggle_button_get_active (self->failed_button))
    return state == CVM_POINT_STATE_FAILED || state == CVM_POINT_STATE_CANCELLED;
  if (gtk_toggle_button_get_active (self->skipped_button))
    return state == CVM_POINT_STATE_SKIPPED;

  return TRUE;
}

/* A row is shown for itself, or for one below it; a group only for what it holds */
static gboolean
is_visible (GtkTreeModel *model,
            GtkTreeIter  *iter,
            gpointer      data)
{
  CvmPointTree *self = data;
  GtkTreeIter child;
  int state;
  gboolean is_point;

  gtk_tree_model_get (model, iter, CVM_POINT_COLUMN_STATE, &state,
                      CVM_POINT_COLUMN_IS_POINT, &is_point, -1);
  if (is_point && is_wanted (self, state))
    return TRUE;

  for (gboolean has = gtk_tree_model_iter_children (model, &child, iter); has;
       has = gtk_tree_model_iter_next (model, &child))
    {
      if (is_visible (model, &child, data))
        return TRUE;
    }

  return FALSE;
}

static void
expand_groups (CvmPointTree *self)
{
  GtkTreeModel *model = GTK_TREE_MODEL (self->filter);
  GtkTreeIter iter;

  for (gboolean has = gtk_tree_model_get_iter_first (model, &iter); has;
       has = gtk_tree_model_iter_next (model, &iter))
    {
      g_autoptr(GtkTreePath) path = gtk_tree_model_get_path (model, &iter);

      if (!gtk_tree_view_row_expanded (self->view, path))
        gtk_tree_view_expand_row (self->view, path, FALSE);
    }
}

static char *
dup_selected_path (CvmPointTree *self)
{
  GtkTreeModel *model;
  GtkTreeIter iter;
  char *path = NULL;

  if (gtk_tree_selection_get_selected (self->selection, &model, &iter))
    gtk_tree_model_get (model, &iter, CVM_POINT_COLUMN_PATH, &path, -1);

  return path;
}

typedef struct
{
  CvmPointTree *self;
  const char   *path;    /* of a point; NULL: the first that failed */
} Wanted;

static gboolean
select_if_wanted (GtkTreeModel *model,
                  GtkTreePath  *path,
                  GtkTreeIter  *iter,
                  gpointer      data)
{
  const Wanted *wanted = data;
  g_autofree char *point = NULL;
  int state;

  gtk_tree_model_get (model, iter, CVM_POINT_COLUMN_STATE, &state,
                      CVM_POINT_COLUMN_PATH, &point, -1);
  if (point == NULL || (wanted->path != NULL ? strcmp (point, wanted->path) != 0
                                             : state != CVM_POINT_STATE_FAILED))
    return FALSE;

  gtk_tree_view_set_cursor (wanted->self->view, path, NULL, FALSE);
  return TRUE;
}

static void
on_filter_toggled (CvmPointTree    *self,
                   GtkToggleButton *button)
{
  g_autofree char *selected = dup_selected_path (self);
  Wanted wanted = { self, selected };

  if (!gtk_toggle_button_get_active (button))
    return;

  /* GTK loses the memory of an expanded row that goes */
  gtk_tree_view_collapse_all (self->view);
  gtk_tree_model_filter_refilter (self->filter);
  expand_groups (self);
  if (selected != NULL)
    gtk_tree_model_foreach (GTK_TREE_MODEL (self->filter), select_if_wanted, &wanted);
}

static void
on_selection_changed (CvmPointTree *self)
{
  g_autofree char *path = dup_selected_path (self);

  g_signal_emit (self, signals[SELECTED], 0, path);
}

static void
show_count (GtkToggleButton *button,
            const char      *word,
            guint            count)
{
  g_autofree char *label = g_strdup_printf ("%s %u", word, count);

  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) != 0)
    gtk_button_set_label (GTK_BUTTON (button), label);
}

static void
add_cells (CvmPointTree *self)
{
  GtkCellLayout *layout = GTK_CELL_LAYOUT (self->title_column);
  GtkCellRenderer *verdict = cvm_verdict_cell_new ();
  GtkCellRenderer *number = gtk_cell_renderer_text_new ();
  GtkCellRenderer *title = gtk_cell_renderer_text_new ();
  GtkCellRenderer *time = gtk_cell_renderer_text_new ();
  g_autoptr(PangoAttrList) dim = pango_attr_list_new ();

  gtk_cell_layout_pack_start (layout, verdict, FALSE);
  gtk_cell_layout_add_attribute (layout, verdict, "state", CVM_POINT_COLUMN_STATE);

  /* without the ellipsis it would break the number into lines where it is wider */
  g_object_set (number, "xalign", 1.0, "width-chars", 2, "xpad", 4, "ellipsize",
                PANGO_ELLIPSIZE_START, NULL);
  gtk_cell_layout_pack_start (layout, number, FALSE);
  gtk_cell_layout_add_attribute (layout, number, "text", CVM_POINT_COLUMN_NUMBER);
  gtk_cell_layout_add_attribute (layout, number, "visible", CVM_POINT_COLUMN_IS_POINT);

  g_object_set (title, "ellipsize", PANGO_ELLIPSIZE_END, "xpad", 4, NULL);
  gtk_cell_layout_pack_start (layout, title, TRUE);
  gtk_cell_layout_add_attribute (layout, title, "markup", CVM_POINT_COLUMN_TITLE);

  pango_attr_list_insert (dim, pango_attr_foreground_alpha_new (G_MAXUINT16 * 0.65));
  g_object_set (time, "xalign", 1.0, "xpad", 10, "attributes", dim, NULL);
  gtk_cell_layout_pack_start (GTK_CELL_LAYOUT (self->time_column), time, TRUE);
  gtk_cell_layout_add_attribute (GTK_CELL_LAYOUT (self->time_column), time, "text",
                                 CVM_POINT_COLUMN_TIME);
}

static void
cvm_point_tree_dispose (GObject *object)
{
  CvmPointTree *self = CVM_POINT_TREE (object);

  g_clear_object (&self->filter);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (cvm_point_tree_parent_class)->dispose (object);
}

static void
cvm_point_tree_class_init (CvmPointTreeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_point_tree_dispose;

  signals[SELECTED] = g_signal_new ("selected", CVM_TYPE_POINT_TREE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-point-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, view);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, title_column);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, time_column);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, selection);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, all_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, failed_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, skipped_button);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
}

static void
cvm_point_tree_init (CvmPointTree *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_cells (self);
  cvm_point_tree_clear (self);
}

void
cvm_point_tree_clear (CvmPointTree *self)
{
  g_clear_object (&self->filter);
  g_clear_object (&self->store);
  self->is_expanded = FALSE;

  self->store = cvm_point_model_new ();
  self->filter = GTK_TREE_MODEL_FILTER (gtk_tree_model_filter_new (GTK_TREE_MODEL (self->store),
                                                                   NULL));
  gtk_tree_model_filter_set_visible_func (self->filter, is_visible, self, NULL);
  gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (self->filter));
}

void
cvm_point_tree_update (CvmPointTree       *self,
                       const CvmJobResult *job)
{
  cvm_point_model_update (self->store, job, g_get_real_time ());

  /* a row that is hidden does not learn of one below it that is to be shown */
  if (!self->is_expanded || !gtk_toggle_button_get_active (self->all_button))
    gtk_tree_model_filter_refilter (self->filter);
  if (!self->is_expanded && job->points->len > 0)
    {
      expand_groups (self);
      self->is_expanded = job->points->len >= job->planned;
    }

  show_count (self->all_button, _("All"), job->points->len);
  show_count (self->failed_button, _("Failed"), job->failed);
  show_count (self->skipped_button, _("Skipped"), job->skipped);
}

void
cvm_point_tree_select (CvmPointTree *self,
                       const char   *path)
{
  Wanted wanted = { self, path };

  gtk_tree_model_foreach (GTK_TREE_MODEL (self->filter), select_if_wanted, &wanted);
}

void
cvm_point_tree_select_failed (CvmPointTree *self)
{
  Wanted wanted = { self, NULL };

  if (gtk_tree_selection_count_selected_rows (self->selection) == 0)
    gtk_tree_model_foreach (GTK_TREE_MODEL (self->filter), select_if_wanted, &wanted);
}

void
cvm_point_tree_show_selected (CvmPointTree *self)
{
  GtkTreeModel *model;
  GtkTreeIter iter;
  g_autoptr(GtkTreePath) path = NULL;

  if (!gtk_tree_selection_get_selected (self->selection, &model, &iter))
    return;

  path = gtk_tree_model_get_path (model, &iter);
  gtk_tree_view_scroll_to_cell (self->view, path, NULL, FALSE, 0, 0);
}
