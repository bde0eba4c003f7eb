/* cvm-point-node.c: a row of a CvmPointModel, and which points it holds
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-point-node.h"

#include "cvm-point-model.h"

CvmPointNode *
cvm_point_node_new (CvmPointNodeKind  kind,
                    CvmPointNode     *parent)
{
  CvmPointNode *self = g_new0 (CvmPointNode, 1);

  self->kind = kind;
  self->parent = parent;
  self->step = 1;

  return self;
}

void
cvm_point_node_free (CvmPointNode *self)
{
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

static void
renumber (CvmPointNode *self,
          guint         from)
{
  for (guint i = from; i < self->rows->len; i++)
    ((CvmPointNode *)self->rows->pdata[i])->index = i;
}

void
cvm_point_node_insert (CvmPointNode *self,
                       guint         index,
                       CvmPointNode *row)
{
  g_ptr_array_insert (self->rows, (int)index, row);
  renumber (self, index);
}

void
cvm_point_node_remove (CvmPointNode *self,
                       guint         index)
{
  g_ptr_array_remove_index (self->rows, index);
  renumber (self, index);
}

guint
cvm_point_node_step (guint n)
{
  guint step = 1;

  while ((n - 1) / step >= CVM_POINT_MODEL_MAX_ROWS && n > 0)
    step *= CVM_POINT_MODEL_MAX_ROWS;

  return step;
}

guint
cvm_point_list_rows (const CvmPointList *self)
{
  guint step = cvm_point_node_step (self->n);

  return self->n / step + (self->n % step > 0);
}
