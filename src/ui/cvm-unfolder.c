/* cvm-unfolder.c: unfolds all rows below one of a tree, a few at a time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-unfolder.h"

#define SLICE_US 4000

struct _CvmUnfolder
{
  GtkTreeView *view;     /* borrowed */
  GtkTreePath *root;     /* NULL: nothing is under way */
  GtkTreePath *at;       /* the row that is looked at next */
  int          n_rows;   /* that came */
  guint        idle;
};

/* The row that is looked at, and on to the next in the order of the screen */
static void
look_at_row (CvmUnfolder *self)
{
  GtkTreeModel *model = gtk_tree_view_get_model (self->view);
  GtkTreeIter iter;

  if (!gtk_tree_model_get_iter (model, &iter, self->at))   /* behind the last of its parent's */
    {
      gtk_tree_path_up (self->at);
      gtk_tree_path_next (self->at);
    }
  else if (gtk_tree_model_iter_has_child (model, &iter))
    {
      gtk_tree_view_expand_row (self->view, self->at, FALSE);
      self->n_rows += gtk_tree_model_iter_n_children (model, &iter);
      gtk_tree_path_down (self->at);
    }
  else
    {
      gtk_tree_path_next (self->at);
    }
}

static gboolean
has_more (CvmUnfolder *self)
{
  return self->n_rows < CVM_UNFOLDER_MAX_ROWS
         && gtk_tree_path_is_descendant (self->at, self->root);
}

static gboolean
on_idle (gpointer data)
{
  CvmUnfolder *self = data;
  gint64 until_us = g_get_monotonic_time () + SLICE_US;

  while (has_more (self) && g_get_monotonic_time () < until_us)
    look_at_row (self);

  if (has_more (self))
    return G_SOURCE_CONTINUE;

  self->idle = 0;
  cvm_unfolder_stop (self);

  return G_SOURCE_REMOVE;
}

CvmUnfolder *
cvm_unfolder_new (GtkTreeView *view)
{
  CvmUnfolder *self = g_new0 (CvmUnfolder, 1);

  self->view = view;

  return self;
}

void
cvm_unfolder_free (CvmUnfolder *self)
{
  cvm_unfolder_stop (self);
  g_free (self);
}

void
cvm_unfolder_begin (CvmUnfolder *self,
                    GtkTreePath *row)
{
  cvm_unfolder_stop (self);
  self->root = gtk_tree_path_copy (row);
  self->at = gtk_tree_path_copy (row);
  self->n_rows = 0;
  look_at_row (self);
  self->idle = g_idle_add (on_idle, self);
}

void
cvm_unfolder_stop (CvmUnfolder *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->root, gtk_tree_path_free);
  g_clear_pointer (&self->at, gtk_tree_path_free);
}
