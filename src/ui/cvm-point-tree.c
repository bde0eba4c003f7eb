/* cvm-point-tree.c: the checks of a job: a tree with counts, filters, and a bar to find text
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-tree.h"

#include <glib/gi18n.h>

#include "cvm-point-find-bar.h"
#include "cvm-point-model.h"
#include "cvm-unfolder.h"
#include "cvm-verdict-cell.h"
#include "cvm-wrap-box.h"

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
  GtkToggleButton    *todo_button;
  GtkToggleButton    *slow_button;
  CvmPointFindBar    *find_bar;
  GMenuModel         *menu_model;

  GtkWidget          *menu;      /* attached to the view, or NULL */
  CvmPointIndex      *index;     /* borrowed, or NULL */
  CvmPointModel      *model;     /* owned, or NULL */
  CvmUnfolder        *unfolder;
  CvmPointFilter      filter;
  guint               n_groups;  /* unfolded so far */
  guint               n_points;  /* when they were looked at last */
};

enum { SELECTED, ACTIVATED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmPointTree, cvm_point_tree, GTK_TYPE_BOX)

static GtkToggleButton *
button_of (CvmPointTree   *self,
           CvmPointFilter  filter)
{
  GtkToggleButton *const buttons[CVM_POINT_N_FILTERS] = {
    [CVM_POINT_FILTER_ALL] = self->all_button,
    [CVM_POINT_FILTER_FAILED] = self->failed_button,
    [CVM_POINT_FILTER_SKIPPED] = self->skipped_button,
    [CVM_POINT_FILTER_TODO] = self->todo_button,
    [CVM_POINT_FILTER_SLOW] = self->slow_button,
  };

  return buttons[filter];
}

/* Groups come when their first point does; what the user folds up later stays so */
static void
unfold_groups (CvmPointTree *self)
{
  guint n = (guint)gtk_tree_model_iter_n_children (GTK_TREE_MODEL (self->model), NULL);

  if (n == self->n_groups)
    return;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GtkTreePath) path = gtk_tree_path_new_from_indices ((int)i, -1);

      gtk_tree_view_expand_row (self->view, path, FALSE);
    }
  self->n_groups = n;
}

static gboolean
select_point (CvmPointTree          *self,
              const CvmPoint *const *chain,
              guint                  n)
{
  g_autoptr(GtkTreePath) path = cvm_point_model_dup_path (self->model, chain, n);
  g_autoptr(GtkTreePath) above = NULL;

  if (path == NULL)
    return FALSE;

  above = gtk_tree_path_copy (path);
  if (gtk_tree_path_up (above))
    gtk_tree_view_expand_to_path (self->view, above);
  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
  gtk_tree_view_scroll_to_cell (self->view, path, NULL, FALSE, 0, 0);

  return TRUE;
}

static void
drop_model (CvmPointTree *self)
{
  cvm_unfolder_stop (self->unfolder);
  gtk_tree_view_set_model (self->view, NULL);
  g_clear_object (&self->model);
}

static void
set_model (CvmPointTree *self)
{
  drop_model (self);
  self->n_groups = 0;
  if (self->index == NULL)
    return;

  self->model = cvm_point_model_new (self->index, self->filter);
  cvm_point_model_update (self->model, g_get_real_time ());
  gtk_tree_view_set_model (self->view, GTK_TREE_MODEL (self->model));
  unfold_groups (self);
}

static void
show_count (CvmPointTree   *self,
            CvmPointFilter  filter,
            const char     *word)
{
  guint count = self->index != NULL ? cvm_point_index_count (self->index, filter) : 0;
  g_autofree char *label = g_strdup_printf ("%s %u", word, count);
  GtkToggleButton *button = button_of (self, filter);

  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) != 0)
    gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_widget_set_visible (GTK_WIDGET (button), filter == CVM_POINT_FILTER_ALL || count > 0
                                               || self->filter == filter);
}

static void
show_counts (CvmPointTree *self)
{
  show_count (self, CVM_POINT_FILTER_ALL, _("All"));
  show_count (self, CVM_POINT_FILTER_FAILED, _("Failed"));
  show_count (self, CVM_POINT_FILTER_SKIPPED, _("Skipped"));
  show_count (self, CVM_POINT_FILTER_TODO, _("Todo"));
  show_count (self, CVM_POINT_FILTER_SLOW, _("Slow"));
}

static void
on_filter_toggled (CvmPointTree    *self,
                   GtkToggleButton *button)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n;

  if (!gtk_toggle_button_get_active (button))
    return;

  n = cvm_point_tree_get_selected (self, chain);
  for (CvmPointFilter filter = CVM_POINT_FILTER_ALL; filter < CVM_POINT_N_FILTERS; filter++)
    if (button_of (self, filter) == button)
      self->filter = filter;

  show_counts (self);
  set_model (self);
  cvm_point_find_bar_set_source (self->find_bar, self->index, self->filter);
  if (n > 0 && self->model != NULL)
    select_point (self, chain, n);
}

static void
on_selection_changed (CvmPointTree *self)
{
  g_signal_emit (self, signals[SELECTED], 0);
}

static void
on_found (CvmPointTree *self)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n = cvm_point_find_bar_get (self->find_bar, chain);

  if (n > 0 && self->model != NULL)
    select_point (self, chain, n);
}

/* Keys and the menu ----------------------------------------------------------------------- */

static void
on_row_activated (CvmPointTree *self,
                  GtkTreePath  *path)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];

  if (cvm_point_tree_get_selected (self, chain) > 0)
    g_signal_emit (self, signals[ACTIVATED], 0);
  else if (gtk_tree_view_row_expanded (self->view, path))
    gtk_tree_view_collapse_row (self->view, path);
  else
    gtk_tree_view_expand_row (self->view, path, FALSE);
}

/* FALSE: it was folded up already, or has nothing in it */
static gboolean
fold (CvmPointTree *self,
      GtkTreePath  *path,
      gboolean      is_out)
{
  if (is_out)
    return gtk_tree_view_expand_row (self->view, path, FALSE);

  if (gtk_tree_view_collapse_row (self->view, path))
    return TRUE;
  if (gtk_tree_path_get_depth (path) == 1)
    return FALSE;

  gtk_tree_path_up (path);
  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);

  return TRUE;
}

static gboolean
on_key (CvmPointTree *self,
        GdkEventKey  *event)
{
  g_autoptr(GtkTreePath) path = NULL;
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean is_right = event->keyval == GDK_KEY_Right || event->keyval == GDK_KEY_KP_Right;
  gboolean is_left = event->keyval == GDK_KEY_Left || event->keyval == GDK_KEY_KP_Left;

  if ((!is_right && !is_left) || (event->state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  gtk_tree_view_get_cursor (self->view, &path, NULL);

  return path != NULL && fold (self, path, is_right != is_rtl);
}

/* GTK itself would unfold all at once, which takes long where there is much */
static gboolean
on_unfold_key (CvmPointTree *self,
               gboolean      is_logical,
               gboolean      is_out,
               gboolean      is_all)
{
  g_autoptr(GtkTreePath) path = NULL;
  gboolean is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  gtk_tree_view_get_cursor (self->view, &path, NULL);
  if (path == NULL || !is_all || is_out == (is_rtl && !is_logical))
    return FALSE;

  g_signal_stop_emission_by_name (self->view, "expand-collapse-cursor-row");
  cvm_unfolder_begin (self->unfolder, path);

  return TRUE;
}

static void
on_row_folded (CvmPointTree *self)
{
  cvm_unfolder_stop (self->unfolder);
}

static GtkWidget *
ensure_menu (CvmPointTree *self)
{
  if (self->menu == NULL)
    {
      self->menu = gtk_menu_new_from_model (self->menu_model);
      gtk_menu_attach_to_widget (GTK_MENU (self->menu), GTK_WIDGET (self->view), NULL);
      g_object_add_weak_pointer (G_OBJECT (self->menu), (gpointer *)&self->menu);
    }

  return self->menu;
}

static gboolean
on_popup_menu (CvmPointTree *self)
{
  g_autoptr(GtkTreePath) path = NULL;
  GdkRectangle area;

  gtk_tree_view_get_cursor (self->view, &path, NULL);
  if (path == NULL)
    return FALSE;

  gtk_tree_view_get_cell_area (self->view, path, self->title_column, &area);
  gtk_tree_view_convert_bin_window_to_widget_coords (self->view, area.x, area.y, &area.x, &area.y);
  gtk_menu_popup_at_rect (GTK_MENU (ensure_menu (self)),
                          gtk_widget_get_window (GTK_WIDGET (self->view)), &area,
                          GDK_GRAVITY_SOUTH_WEST, GDK_GRAVITY_NORTH_WEST, NULL);

  return TRUE;
}

static gboolean
on_button (CvmPointTree   *self,
           GdkEventButton *event)
{
  g_autoptr(GtkTreePath) path = NULL;

  if (!gdk_event_triggers_context_menu ((GdkEvent *)event)
      || !gtk_tree_view_get_path_at_pos (self->view, (int)event->x, (int)event->y, &path, NULL,
                                         NULL, NULL))
    return GDK_EVENT_PROPAGATE;

  gtk_tree_view_set_cursor (self->view, path, NULL, FALSE);
  gtk_menu_popup_at_pointer (GTK_MENU (ensure_menu (self)), (GdkEvent *)event);

  return GDK_EVENT_STOP;
}

/* What is typed is looked for in the titles that are on the screen; Ctrl+F looks in all */
static gboolean
is_other (GtkTreeModel *model,
          int           column,
          const char   *key,
          GtkTreeIter  *iter,
          gpointer      data)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  guint n = cvm_point_model_get_chain (CVM_POINT_MODEL (model), iter, chain);
  g_autofree char *title = NULL;
  g_autofree char *folded = NULL;
  g_autofree char *wanted = g_utf8_casefold (key, -1);

  if (n == 0)
    return TRUE;

  title = g_utf8_make_valid (chain[n - 1]->title, -1);
  folded = g_utf8_casefold (title, -1);

  return strstr (folded, wanted) == NULL;
}

/* Looks ----------------------------------------------------------------------------------- */

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

  if (self->model != NULL)
    drop_model (self);

  G_OBJECT_CLASS (cvm_point_tree_parent_class)->dispose (object);
}

static void
cvm_point_tree_finalize (GObject *object)
{
  cvm_unfolder_free (CVM_POINT_TREE (object)->unfolder);

  G_OBJECT_CLASS (cvm_point_tree_parent_class)->finalize (object);
}

static void
cvm_point_tree_grab_focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (GTK_WIDGET (CVM_POINT_TREE (widget)->view));
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-point-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, view);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, title_column);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, time_column);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, selection);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, all_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, failed_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, skipped_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, todo_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, slow_button);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, find_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmPointTree, menu_model);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_found);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, on_unfold_key);
  gtk_widget_class_bind_template_callback (widget_class, on_row_folded);
  gtk_widget_class_bind_template_callback (widget_class, on_popup_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_button);
}

static void
cvm_point_tree_class_init (CvmPointTreeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_point_tree_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_point_tree_finalize;

  signals[SELECTED] = g_signal_new ("selected", CVM_TYPE_POINT_TREE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", CVM_TYPE_POINT_TREE, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);

  GTK_WIDGET_CLASS (klass)->grab_focus = cvm_point_tree_grab_focus;
  g_type_ensure (CVM_TYPE_POINT_FIND_BAR);
  g_type_ensure (CVM_TYPE_WRAP_BOX);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
cvm_point_tree_init (CvmPointTree *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->unfolder = cvm_unfolder_new (self->view);
  add_cells (self);
  gtk_tree_view_set_search_equal_func (self->view, is_other, NULL, NULL);
  show_counts (self);
}

void
cvm_point_tree_set_index (CvmPointTree  *self,
                          CvmPointIndex *index)
{
  self->index = index;
  self->n_points = 0;
  set_model (self);
  cvm_point_find_bar_set_source (self->find_bar, index, self->filter);
  show_counts (self);
}

void
cvm_point_tree_update (CvmPointTree *self)
{
  guint n_points;

  if (self->model == NULL)
    return;

  cvm_point_model_update (self->model, g_get_real_time ());
  unfold_groups (self);
  show_counts (self);

  n_points = cvm_point_index_count (self->index, CVM_POINT_FILTER_ALL);
  if (n_points != self->n_points)
    cvm_point_find_bar_look_again (self->find_bar);
  self->n_points = n_points;
}

guint
cvm_point_tree_get_selected (CvmPointTree   *self,
                             const CvmPoint *chain[CVM_RESULT_MAX_CHAIN])
{
  GtkTreeModel *model;
  GtkTreeIter iter;

  if (self->model == NULL || !gtk_tree_selection_get_selected (self->selection, &model, &iter))
    return 0;

  return cvm_point_model_get_chain (CVM_POINT_MODEL (model), &iter, chain);
}

void
cvm_point_tree_select (CvmPointTree *self,
                       const char   *path)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  const char *dot = strchr (path, '.');
  guint n = 0;

  if (self->model != NULL)
    n = cvm_job_result_find_chain (cvm_point_index_get_job (self->index),
                                   (guint)g_ascii_strtoull (path, NULL, 10),
                                   dot != NULL ? dot + 1 : NULL, chain);
  if (n > 0)
    select_point (self, chain, n);
}

/* A case that failed is shown before what failed in it: it says why */
void
cvm_point_tree_select_failed (CvmPointTree *self)
{
  const CvmPoint *chain[CVM_RESULT_MAX_CHAIN];
  const GPtrArray *failed = NULL;
  guint n = 0;

  if (self->model == NULL || gtk_tree_selection_count_selected_rows (self->selection) > 0)
    return;

  do
    {
      failed = cvm_point_index_children (self->index, CVM_POINT_FILTER_FAILED,
                                         n > 0 ? chain[n - 1] : NULL);
      if (failed == NULL || failed->len == 0)
        return;
      chain[n++] = failed->pdata[0];
    }
  while (n < CVM_RESULT_MAX_CHAIN
         && !cvm_point_filter_shows (CVM_POINT_FILTER_FAILED, chain[n - 1]));

  select_point (self, chain, n);
}

void
cvm_point_tree_show_selected (CvmPointTree *self)
{
  GtkTreeModel *model;
  GtkTreeIter iter;
  g_autoptr(GtkTreePath) path = NULL;

  if (self->model == NULL || !gtk_tree_selection_get_selected (self->selection, &model, &iter))
    return;

  path = gtk_tree_model_get_path (model, &iter);
  gtk_tree_view_scroll_to_cell (self->view, path, NULL, FALSE, 0, 0);
}

void
cvm_point_tree_find (CvmPointTree *self)
{
  cvm_point_find_bar_open (self->find_bar);
}

gboolean
cvm_point_tree_close_find (CvmPointTree *self)
{
  if (!cvm_point_find_bar_close (self->find_bar))
    return FALSE;

  gtk_widget_grab_focus (GTK_WIDGET (self->view));

  return TRUE;
}
