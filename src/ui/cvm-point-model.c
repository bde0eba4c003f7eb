/* cvm-point-model.c: a job's points as rows of a tree, made when they are looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-model.h"

#include <glib/gi18n.h>

#include "cvm-point-node.h"

struct _CvmPointModel
{
  GObject         parent_instance;

  CvmPointIndex  *index;
  CvmPointFilter  filter;
  CvmPointNode   *top;
  GPtrArray      *groups[2];   /* of CvmPoint: the cases that are shown, and the preconditions */
  gint64          now_us;
  int             stamp;
};

static void model_init (GtkTreeModelIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmPointModel, cvm_point_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_TREE_MODEL, model_init))

/* What there is --------------------------------------------------------------------------- */

static void
sort_into_groups (CvmPointModel *self)
{
  const GPtrArray *cases = cvm_point_index_children (self->index, self->filter, NULL);

  if (cases != NULL && cases->len == self->groups[0]->len + self->groups[1]->len)
    return;

  g_ptr_array_set_size (self->groups[0], 0);
  g_ptr_array_set_size (self->groups[1], 0);
  for (guint i = 0; cases != NULL && i < cases->len; i++)
    {
      const CvmPoint *point = cases->pdata[i];

      g_ptr_array_add (self->groups[point->is_precondition ? 1 : 0], (gpointer)point);
    }
}

static CvmPointList
list_of (CvmPointModel      *self,
         const CvmPointNode *node)
{
  CvmPointList list = { NULL, 0, 0 };
  const CvmPointNode *owner = node;

  while (owner->kind == CVM_POINT_NODE_RANGE)
    owner = owner->parent;

  if (owner->kind == CVM_POINT_NODE_GROUP)
    list.points = self->groups[owner->is_precondition ? 1 : 0];
  else if (owner->kind == CVM_POINT_NODE_POINT)
    list.points = cvm_point_index_children (self->index, self->filter, owner->point);

  if (list.points == NULL)
    return list;

  list.first = node->first;
  list.n = node->kind == CVM_POINT_NODE_RANGE ? MIN (node->span, list.points->len - node->first)
                                              : list.points->len;

  return list;
}

static gboolean
has_rows (CvmPointModel      *self,
          const CvmPointNode *node)
{
  return node->kind == CVM_POINT_NODE_TOP ? node->rows->len > 0 : list_of (self, node).n > 0;
}

/* What a row shows ------------------------------------------------------------------------ */

static void
summarize_group (CvmPointModel *self,
                 CvmPointNode  *node)
{
  const GPtrArray *cases = cvm_point_index_get_job (self->index)->points;

  node->summary = (CvmPointSummary) { CVM_POINT_STATE_PENDING, };
  for (guint i = 0; i < cases->len; i++)
    {
      const CvmPoint *point = cases->pdata[i];

      if (point->is_precondition == node->is_precondition)
        cvm_point_summary_add (&node->summary, point);
    }

  cvm_point_summary_close (&node->summary);
}

/* Only when it is drawn, and of what has not ended every time */
static const CvmPointSummary *
summarize_range (CvmPointModel *self,
                 CvmPointNode  *node)
{
  CvmPointList list = list_of (self, node);

  if (node->n_summed == list.n && node->summary.ended == list.n)
    return &node->summary;

  node->summary = (CvmPointSummary) { CVM_POINT_STATE_PENDING, };
  for (guint i = 0; i < list.n; i++)
    cvm_point_summary_add (&node->summary, list.points->pdata[list.first + i]);
  cvm_point_summary_close (&node->summary);
  node->n_summed = list.n;

  return &node->summary;
}

static guint
hash_point (const CvmPoint *point,
            gint64          now_us)
{
  guint hash = cvm_point_state_of (point) * 31 + g_str_hash (point->title);

  if (point->is_begun && !point->is_ended)
    hash = hash * 31 + (guint)(now_us / G_USEC_PER_SEC) + (guint)point->limit_ms
           + (point->waiting != NULL ? g_str_hash (point->waiting) : 0);

  return hash + 1;
}

static guint
hash_looks (CvmPointModel      *self,
            const CvmPointNode *node)
{
  const CvmPointSummary *sum = &node->summary;

  switch (node->kind)
    {
    case CVM_POINT_NODE_POINT:
      return hash_point (node->point, self->now_us);
    case CVM_POINT_NODE_GROUP:
      return (sum->state * 31 + sum->ended) * 31 + sum->total + (guint)sum->ms + 1;
    case CVM_POINT_NODE_RANGE:
      return list_of (self, node).n + 1;
    case CVM_POINT_NODE_TOP:
    default:
      return 0;
    }
}

/* Rows ------------------------------------------------------------------------------------ */

static CvmPointNode *
make_row (CvmPointModel      *self,
          CvmPointNode       *parent,
          const CvmPointList *list,
          guint               index,
          guint               step)
{
  guint first = list->first + index * step;
  CvmPointNode *row = cvm_point_node_new (step == 1 ? CVM_POINT_NODE_POINT : CVM_POINT_NODE_RANGE,
                                          parent);

  if (step == 1)
    {
      row->point = list->points->pdata[first];
    }
  else
    {
      row->first = first;
      row->span = step;
    }

  row->index = index;
  row->looks = hash_looks (self, row);
  row->had_children = has_rows (self, row);

  return row;
}

static void
remember (CvmPointNode       *node,
          const CvmPointList *list)
{
  node->n_listed = list->n;
  node->last_listed = list->n > 0 ? list->points->pdata[list->first + list->n - 1] : NULL;
}

static GPtrArray *
realize (CvmPointModel *self,
         CvmPointNode  *node)
{
  CvmPointList list;
  guint n;

  if (node->rows != NULL)
    return node->rows;

  list = list_of (self, node);
  n = cvm_point_list_rows (&list);
  node->step = cvm_point_node_step (list.n);
  node->rows = g_ptr_array_new_full (n, (GDestroyNotify)cvm_point_node_free);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (node->rows, make_row (self, node, &list, i, node->step));
  remember (node, &list);

  return node->rows;
}

static void
set_iter (CvmPointModel *self,
          GtkTreeIter   *iter,
          CvmPointNode  *node)
{
  *iter = (GtkTreeIter) { self->stamp, node, NULL, NULL };
}

static GtkTreePath *
path_of (const CvmPointNode *node)
{
  GtkTreePath *path = gtk_tree_path_new ();

  for (; node->kind != CVM_POINT_NODE_TOP; node = node->parent)
    gtk_tree_path_prepend_index (path, (int)node->index);

  return path;
}

static void
tell_inserted (CvmPointModel *self,
               CvmPointNode  *row)
{
  g_autoptr(GtkTreePath) path = path_of (row);
  GtkTreeIter iter;

  set_iter (self, &iter, row);
  gtk_tree_model_row_inserted (GTK_TREE_MODEL (self), path, &iter);
}

static void
tell_changed (CvmPointModel *self,
              CvmPointNode  *row)
{
  g_autoptr(GtkTreePath) path = path_of (row);
  GtkTreeIter iter;

  set_iter (self, &iter, row);
  gtk_tree_model_row_changed (GTK_TREE_MODEL (self), path, &iter);
}

static void
tell_has_child_toggled (CvmPointModel *self,
                        CvmPointNode  *row)
{
  g_autoptr(GtkTreePath) path = path_of (row);
  GtkTreeIter iter;

  set_iter (self, &iter, row);
  gtk_tree_model_row_has_child_toggled (GTK_TREE_MODEL (self), path, &iter);
}

static void
add_row (CvmPointModel *self,
         CvmPointNode  *node,
         guint          index,
         CvmPointNode  *row)
{
  cvm_point_node_insert (node, index, row);
  tell_inserted (self, row);
}

static void
remove_row (CvmPointModel *self,
            CvmPointNode  *node,
            guint          index)
{
  g_autoptr(GtkTreePath) path = path_of (node->rows->pdata[index]);

  cvm_point_node_remove (node, index);
  gtk_tree_model_row_deleted (GTK_TREE_MODEL (self), path);
}

/* The new ones first: a row that had no children for a moment would fold up */
static void
replace_rows (CvmPointModel      *self,
              CvmPointNode       *node,
              const CvmPointList *list)
{
  guint n_old = node->rows->len;
  guint n = cvm_point_list_rows (list);

  node->step = cvm_point_node_step (list->n);
  for (guint i = 0; i < n; i++)
    add_row (self, node, n_old + i, make_row (self, node, list, i, node->step));
  for (guint i = n_old; i > 0; i--)
    remove_row (self, node, i - 1);
}

static void
merge_points (CvmPointModel      *self,
              CvmPointNode       *node,
              const CvmPointList *list)
{
  for (guint i = 0; i < list->n; i++)
    {
      const CvmPointNode *row = i < node->rows->len ? node->rows->pdata[i] : NULL;

      if (row == NULL || row->point != list->points->pdata[list->first + i])
        add_row (self, node, i, make_row (self, node, list, i, 1));
    }
}

static void
sync_list (CvmPointModel *self,
           CvmPointNode  *node)
{
  CvmPointList list = list_of (self, node);
  gboolean is_append = node->n_listed == 0
                       || (list.n >= node->n_listed
                           && list.points->pdata[list.first + node->n_listed - 1]
                              == node->last_listed);

  if (list.n == node->n_listed && is_append)
    return;

  if (cvm_point_node_step (list.n) != node->step || (node->step > 1 && !is_append))
    replace_rows (self, node, &list);
  else if (node->step == 1)
    merge_points (self, node, &list);
  else
    for (guint i = node->rows->len; i < cvm_point_list_rows (&list); i++)
      add_row (self, node, i, make_row (self, node, &list, i, node->step));

  remember (node, &list);
}

/* A point that ended is as it was, nearly always; most rows are of such */
static gboolean
is_settled (CvmPointNode *row)
{
  CvmPointState last = row->state;

  if (row->point == NULL || row->rows != NULL || !row->point->is_ended)
    return FALSE;

  row->state = cvm_point_state_of (row->point);

  return last == row->state;
}

/* IS_OVER: the case that the row is of, or below, has ended */
static void
sync_row (CvmPointModel *self,
          CvmPointNode  *row,
          gboolean       is_over)
{
  gboolean has_children;
  guint looks;

  if (!is_over && is_settled (row))
    return;

  has_children = has_rows (self, row);

  if (row->kind == CVM_POINT_NODE_GROUP)
    summarize_group (self, row);

  if (row->rows != NULL)
    {
      sync_list (self, row);
      for (guint i = 0; i < row->rows->len; i++)
        {
          CvmPointNode *child = row->rows->pdata[i];

          if (!child->is_final)
            sync_row (self, child, is_over || (child->point != NULL && child->point->id != NULL
                                               && child->point->is_ended));
        }
    }

  if (row->had_children != has_children)
    {
      row->had_children = has_children;
      tell_has_child_toggled (self, row);
    }

  looks = hash_looks (self, row);
  if (looks != row->looks)
    {
      row->looks = looks;
      tell_changed (self, row);
    }
  row->is_final = is_over;
}

static void
sync_groups (CvmPointModel *self)
{
  guint place = 0;

  for (int is_precondition = TRUE; is_precondition >= FALSE; is_precondition--)
    {
      const CvmPointNode *there = place < self->top->rows->len ? self->top->rows->pdata[place]
                                                                : NULL;
      CvmPointNode *group;

      if (there != NULL && there->is_precondition == is_precondition)
        {
          place++;
          continue;
        }
      if (self->groups[is_precondition]->len == 0)
        continue;

      group = cvm_point_node_new (CVM_POINT_NODE_GROUP, self->top);
      group->is_precondition = is_precondition;
      summarize_group (self, group);
      group->looks = hash_looks (self, group);
      add_row (self, self->top, place++, group);
    }
}

/* The tree model -------------------------------------------------------------------------- */

static GtkTreeModelFlags
get_flags (GtkTreeModel *model)
{
  return GTK_TREE_MODEL_ITERS_PERSIST;
}

static int
get_n_columns (GtkTreeModel *model)
{
  return CVM_POINT_N_COLUMNS;
}

static GType
get_column_type (GtkTreeModel *model,
                 int           column)
{
  switch ((CvmPointColumn)column)
    {
    case CVM_POINT_COLUMN_STATE:
      return G_TYPE_INT;
    case CVM_POINT_COLUMN_IS_POINT:
      return G_TYPE_BOOLEAN;
    case CVM_POINT_COLUMN_PATH:
    case CVM_POINT_COLUMN_NUMBER:
    case CVM_POINT_COLUMN_TITLE:
    case CVM_POINT_COLUMN_TIME:
    case CVM_POINT_N_COLUMNS:
    default:
      return G_TYPE_STRING;
    }
}

static gboolean
iter_nth_child (GtkTreeModel *model,
                GtkTreeIter  *iter,
                GtkTreeIter  *parent,
                int           n)
{
  CvmPointModel *self = CVM_POINT_MODEL (model);
  GPtrArray *rows = realize (self, parent != NULL ? parent->user_data : self->top);

  if (n < 0 || (guint)n >= rows->len)
    return FALSE;

  set_iter (self, iter, rows->pdata[n]);

  return TRUE;
}

static gboolean
get_iter (GtkTreeModel *model,
          GtkTreeIter  *iter,
          GtkTreePath  *path)
{
  int depth;
  const int *indices = gtk_tree_path_get_indices_with_depth (path, &depth);

  for (int i = 0; i < depth; i++)
    if (!iter_nth_child (model, iter, i > 0 ? iter : NULL, indices[i]))
      return FALSE;

  return depth > 0;
}

static GtkTreePath *
get_path (GtkTreeModel *model,
          GtkTreeIter  *iter)
{
  return path_of (iter->user_data);
}

static gboolean
iter_next (GtkTreeModel *model,
           GtkTreeIter  *iter)
{
  CvmPointNode *node = iter->user_data;
  GPtrArray *rows = node->parent->rows;

  if (node->index + 1 >= rows->len)
    return FALSE;

  set_iter (CVM_POINT_MODEL (model), iter, rows->pdata[node->index + 1]);

  return TRUE;
}

static gboolean
iter_children (GtkTreeModel *model,
               GtkTreeIter  *iter,
               GtkTreeIter  *parent)
{
  return iter_nth_child (model, iter, parent, 0);
}

static gboolean
iter_has_child (GtkTreeModel *model,
                GtkTreeIter  *iter)
{
  return has_rows (CVM_POINT_MODEL (model), iter->user_data);
}

static int
iter_n_children (GtkTreeModel *model,
                 GtkTreeIter  *iter)
{
  CvmPointModel *self = CVM_POINT_MODEL (model);

  return (int)realize (self, iter != NULL ? iter->user_data : self->top)->len;
}

static gboolean
iter_parent (GtkTreeModel *model,
             GtkTreeIter  *iter,
             GtkTreeIter  *child)
{
  CvmPointNode *node = child->user_data;

  if (node->parent->kind == CVM_POINT_NODE_TOP)
    return FALSE;

  set_iter (CVM_POINT_MODEL (model), iter, node->parent);

  return TRUE;
}

static char *
range_title (CvmPointModel *self,
             CvmPointNode  *node)
{
  CvmPointList list = list_of (self, node);
  const CvmPoint *first = list.points->pdata[list.first];
  const CvmPoint *last = list.points->pdata[list.first + list.n - 1];
  g_autofree char *counts = cvm_point_summary_counts (summarize_range (self, node));

  if (*counts == '\0')
    return g_markup_printf_escaped ("%u – %u", cvm_point_get_number (first),
                                    cvm_point_get_number (last));

  return g_markup_printf_escaped ("%u – %u <span alpha=\"65%%\">— %s</span>",
                                  cvm_point_get_number (first), cvm_point_get_number (last),
                                  counts);
}

static char *
title_of (CvmPointModel *self,
          CvmPointNode  *node)
{
  if (node->kind == CVM_POINT_NODE_POINT)
    return cvm_point_title_markup (node->point, self->now_us);
  if (node->kind == CVM_POINT_NODE_RANGE)
    return range_title (self, node);

  return g_strdup (node->is_precondition ? _("Preconditions") : _("Cases"));
}

static char *
time_of (CvmPointModel *self,
         CvmPointNode  *node)
{
  if (node->kind == CVM_POINT_NODE_POINT)
    return cvm_point_time (node->point, self->now_us);

  return node->kind == CVM_POINT_NODE_GROUP ? cvm_point_summary_time (&node->summary)
                                            : g_strdup ("");
}

static CvmPointState
state_of (CvmPointModel *self,
          CvmPointNode  *node)
{
  if (node->kind == CVM_POINT_NODE_POINT)
    return cvm_point_state_of (node->point);

  return node->kind == CVM_POINT_NODE_RANGE ? summarize_range (self, node)->state
                                            : node->summary.state;
}

static const char *
number_of (const CvmPointNode *node)
{
  const char *dot = node->point != NULL ? strrchr (node->point->path, '.') : NULL;

  if (node->point == NULL)
    return "";

  return dot != NULL ? dot + 1 : node->point->path;
}

static void
get_value (GtkTreeModel *model,
           GtkTreeIter  *iter,
           int           column,
           GValue       *value)
{
  CvmPointModel *self = CVM_POINT_MODEL (model);
  CvmPointNode *node = iter->user_data;

  g_value_init (value, get_column_type (model, column));
  switch ((CvmPointColumn)column)
    {
    case CVM_POINT_COLUMN_PATH:
      g_value_set_string (value, node->point != NULL ? node->point->path : NULL);
      break;
    case CVM_POINT_COLUMN_STATE:
      g_value_set_int (value, (int)state_of (self, node));
      break;
    case CVM_POINT_COLUMN_NUMBER:
      g_value_set_string (value, number_of (node));
      break;
    case CVM_POINT_COLUMN_TITLE:
      g_value_take_string (value, title_of (self, node));
      break;
    case CVM_POINT_COLUMN_TIME:
      g_value_take_string (value, time_of (self, node));
      break;
    case CVM_POINT_COLUMN_IS_POINT:
      g_value_set_boolean (value, node->point != NULL);
      break;
    case CVM_POINT_N_COLUMNS:
    default:
      break;
    }
}

static void
model_init (GtkTreeModelIface *iface)
{
  iface->get_flags = get_flags;
  iface->get_n_columns = get_n_columns;
  iface->get_column_type = get_column_type;
  iface->get_iter = get_iter;
  iface->get_path = get_path;
  iface->get_value = get_value;
  iface->iter_next = iter_next;
  iface->iter_children = iter_children;
  iface->iter_has_child = iter_has_child;
  iface->iter_n_children = iter_n_children;
  iface->iter_nth_child = iter_nth_child;
  iface->iter_parent = iter_parent;
}

/* Object ---------------------------------------------------------------------------------- */

static void
cvm_point_model_finalize (GObject *object)
{
  CvmPointModel *self = CVM_POINT_MODEL (object);

  cvm_point_node_free (self->top);
  g_ptr_array_unref (self->groups[0]);
  g_ptr_array_unref (self->groups[1]);

  G_OBJECT_CLASS (cvm_point_model_parent_class)->finalize (object);
}

static void
cvm_point_model_class_init (CvmPointModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_point_model_finalize;
}

static void
cvm_point_model_init (CvmPointModel *self)
{
  self->stamp = g_random_int_range (1, G_MAXINT);
  self->top = cvm_point_node_new (CVM_POINT_NODE_TOP, NULL);
  self->top->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_point_node_free);
  self->groups[0] = g_ptr_array_new ();
  self->groups[1] = g_ptr_array_new ();
}

CvmPointModel *
cvm_point_model_new (CvmPointIndex  *index,
                     CvmPointFilter  filter)
{
  CvmPointModel *self = g_object_new (CVM_TYPE_POINT_MODEL, NULL);

  self->index = index;
  self->filter = filter;

  return self;
}

void
cvm_point_model_update (CvmPointModel *self,
                        gint64         now_us)
{
  self->now_us = now_us;
  sort_into_groups (self);
  sync_groups (self);
  for (guint i = 0; i < self->top->rows->len; i++)
    sync_row (self, self->top->rows->pdata[i], FALSE);
}

guint
cvm_point_model_get_chain (CvmPointModel  *self,
                           GtkTreeIter    *iter,
                           const CvmPoint *chain[CVM_RESULT_MAX_CHAIN])
{
  const CvmPointNode *node = iter->user_data;
  guint n = 0;

  if (node->point == NULL)
    return 0;

  for (const CvmPointNode *at = node; at->kind != CVM_POINT_NODE_TOP; at = at->parent)
    n += at->point != NULL;
  g_return_val_if_fail (n <= CVM_RESULT_MAX_CHAIN, 0);

  for (guint i = n; node->kind != CVM_POINT_NODE_TOP; node = node->parent)
    if (node->point != NULL)
      chain[--i] = node->point;

  return n;
}

/* The row that has POINT in it, going down through ranges; NULL: none has */
static CvmPointNode *
find_row (CvmPointModel  *self,
          CvmPointNode   *node,
          const CvmPoint *point)
{
  CvmPointList list = list_of (self, node);
  guint place;

  if (list.n == 0 || !g_ptr_array_find ((GPtrArray *)list.points, point, &place))
    return NULL;

  do
    {
      realize (self, node);
      list = list_of (self, node);
      node = node->rows->pdata[(place - list.first) / node->step];
    }
  while (node->kind == CVM_POINT_NODE_RANGE);

  return node;
}

GtkTreePath *
cvm_point_model_dup_path (CvmPointModel         *self,
                          const CvmPoint *const *chain,
                          guint                  n)
{
  CvmPointNode *node = NULL;

  for (guint i = 0; n > 0 && i < self->top->rows->len; i++)
    {
      CvmPointNode *group = self->top->rows->pdata[i];

      if (group->is_precondition == chain[0]->is_precondition)
        node = group;
    }

  for (guint i = 0; i < n && node != NULL; i++)
    node = find_row (self, node, chain[i]);

  return n > 0 && node != NULL ? path_of (node) : NULL;
}
