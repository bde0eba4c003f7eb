/* cvm-point-node.h: a row of a CvmPointModel, and which points it holds
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui, private to the model; needs no display. */
#pragma once

#include "cvm-point-index.h"
#include "cvm-point-text.h"

typedef enum
{
  CVM_POINT_NODE_TOP,      /* holds the groups */
  CVM_POINT_NODE_GROUP,    /* preconditions, or cases */
  CVM_POINT_NODE_POINT,
  CVM_POINT_NODE_RANGE,    /* SPAN points from FIRST on, of those of what is above */
} CvmPointNodeKind;

typedef struct _CvmPointNode CvmPointNode;

struct _CvmPointNode
{
  CvmPointNodeKind  kind;
  CvmPointNode     *parent;
  guint             index;         /* in the parent's rows */
  gboolean          is_precondition;   /* of a group */
  const CvmPoint   *point;
  guint             first, span;   /* of a range */

  GPtrArray        *rows;          /* of CvmPointNode; NULL until looked at */
  guint             step;          /* points in each of them; 1: they are the points */
  guint             n_listed;      /* points that the rows stand for */
  const CvmPoint   *last_listed;

  guint             looks;         /* a hash of what the row shows, to tell of changes */
  gboolean          had_children;
  CvmPointState     state;         /* of a point, when it was looked at last */
  gboolean          is_final;      /* nothing of it changes any more */
  CvmPointSummary   summary;       /* of a range: of so many points, all ended */
  guint             n_summed;
};

/* What the points of a node are: a part of an array */
typedef struct
{
  const GPtrArray *points;   /* NULL: none */
  guint            first, n;
} CvmPointList;

CvmPointNode *cvm_point_node_new    (CvmPointNodeKind  kind,
                                     CvmPointNode     *parent);
void          cvm_point_node_free   (CvmPointNode     *self);

/**
 * cvm_point_node_insert:
 *
 * Takes ROW; those behind move on
 */
void          cvm_point_node_insert (CvmPointNode     *self,
                                     guint             index,
                                     CvmPointNode     *row);
void          cvm_point_node_remove (CvmPointNode     *self,
                                     guint             index);

/**
 * cvm_point_node_step:
 *
 * How many points each row holds where there are N of them
 */
guint         cvm_point_node_step   (guint             n);
guint         cvm_point_list_rows   (const CvmPointList *self);
