/* cvm-point-find.h: the points of a job that have a text in them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 *
 * Title, reason, what it waits for, diagnostics, names of evidence: of cases and of all below them.
 * It is looked for in steps, so that a million points hold nobody up. Upper and lower case are the
 * same. */
#pragma once

#include "cvm-point-index.h"

#define CVM_POINT_FIND_MAX 100000   /* more are not counted */

typedef struct _CvmPointFind CvmPointFind;

/**
 * cvm_point_find_new:
 * @index: outlives it
 */
CvmPointFind  *cvm_point_find_new    (CvmPointIndex         *index,
                                      CvmPointFilter         filter,
                                      const char            *text);
void           cvm_point_find_free   (CvmPointFind          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmPointFind, cvm_point_find_free)

/**
 * cvm_point_find_step:
 *
 * Looks on for about so long; FALSE: it has seen all
 */
gboolean       cvm_point_find_step   (CvmPointFind          *self,
                                      gint64                 budget_us);

/**
 * cvm_point_find_count:
 *
 * As many as were found so far
 */
guint          cvm_point_find_count  (CvmPointFind          *self);

/**
 * cvm_point_find_get:
 * @chain: (out caller-allocates): the case, what is below it on the way, the point
 *
 * Returns: how many there are in the chain
 */
guint          cvm_point_find_get    (CvmPointFind          *self,
                                      guint                  index,
                                      const CvmPoint        *chain[CVM_RESULT_MAX_CHAIN]);
