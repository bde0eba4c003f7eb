/* cvm-point-model.h: a job's points as rows of a tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 *
 * Two rows at the top, Preconditions and Cases, also where one is empty; points below them. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

typedef enum
{
  CVM_POINT_COLUMN_PATH,        /* "3.1"; NULL for the groups Preconditions and Cases */
  CVM_POINT_COLUMN_STATE,       /* CvmPointState, as int */
  CVM_POINT_COLUMN_NUMBER,      /* "1" */
  CVM_POINT_COLUMN_TITLE,       /* markup */
  CVM_POINT_COLUMN_TIME,
  CVM_POINT_COLUMN_IS_POINT,    /* not a group */
  CVM_POINT_COLUMN_IS_FINAL,    /* nothing of it or below it changes any more */
} CvmPointColumn;

GtkTreeStore *cvm_point_model_new    (void);

/**
 * cvm_point_model_update:
 *
 * Brings the rows up to date with JOB, touching only what changed: once a batch of records
 */
void          cvm_point_model_update (GtkTreeStore       *store,
                                      const CvmJobResult *job,
                                      gint64              now_us);
