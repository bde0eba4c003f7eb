/* cvm-point-model.h: a job's points as rows of a tree, made when they are looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 *
 * At the top the rows Preconditions and Cases, where there are any; points below them. More than
 * CVM_POINT_MODEL_MAX_ROWS siblings are put into rows of so many ("1 – 1000"), and those into rows
 * again: so a million points are a few rows until somebody opens one. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-point-index.h"

#define CVM_POINT_MODEL_MAX_ROWS 1000

typedef enum
{
  CVM_POINT_COLUMN_PATH,        /* "3.1"; NULL for what is no point */
  CVM_POINT_COLUMN_STATE,       /* CvmPointState, as int */
  CVM_POINT_COLUMN_NUMBER,      /* "1" */
  CVM_POINT_COLUMN_TITLE,       /* markup */
  CVM_POINT_COLUMN_TIME,
  CVM_POINT_COLUMN_IS_POINT,    /* no row that only holds others */
  CVM_POINT_N_COLUMNS
} CvmPointColumn;

#define CVM_TYPE_POINT_MODEL (cvm_point_model_get_type ())
G_DECLARE_FINAL_TYPE (CvmPointModel, cvm_point_model, CVM, POINT_MODEL, GObject)

/**
 * cvm_point_model_new:
 * @index: outlives it
 */
CvmPointModel  *cvm_point_model_new       (CvmPointIndex         *index,
                                           CvmPointFilter         filter);

/**
 * cvm_point_model_update:
 *
 * Brings the rows that were looked at up to date, touching only what changed: once a batch of
 * records, and once a second
 */
void            cvm_point_model_update    (CvmPointModel         *self,
                                           gint64                 now_us);

/**
 * cvm_point_model_get_chain:
 * @chain: (out caller-allocates): the case, what is below it on the way, the point
 *
 * Returns: how many; 0: the row is no point
 */
guint           cvm_point_model_get_chain (CvmPointModel         *self,
                                           GtkTreeIter           *iter,
                                           const CvmPoint        *chain[CVM_RESULT_MAX_CHAIN]);

/**
 * cvm_point_model_dup_path:
 *
 * Returns: (nullable): of the row of that point, made if need be; NULL: it is not shown
 */
GtkTreePath    *cvm_point_model_dup_path  (CvmPointModel         *self,
                                           const CvmPoint *const *chain,
                                           guint                  n);
