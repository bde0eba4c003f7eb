/* cvm-unfolder.h: unfolds all rows below one of a tree, a few at a time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Threads: the main one. */
#pragma once

#include <gtk/gtk.h>

#define CVM_UNFOLDER_MAX_ROWS 20000   /* more would cost memory, and nobody reads them */

typedef struct _CvmUnfolder CvmUnfolder;

/**
 * cvm_unfolder_new:
 * @view: outlives it
 */
CvmUnfolder *cvm_unfolder_new   (GtkTreeView *view);
void         cvm_unfolder_free  (CvmUnfolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmUnfolder, cvm_unfolder_free)

/**
 * cvm_unfolder_begin:
 *
 * Unfolds ROW at once, and then when the loop has nothing else to do what is below it, from the top,
 * until some %CVM_UNFOLDER_MAX_ROWS rows have come. What was begun before is stopped.
 */
void         cvm_unfolder_begin (CvmUnfolder *self,
                                 GtkTreePath *row);

/**
 * cvm_unfolder_stop:
 *
 * Whoever folds a row, or gives the view another model, calls it
 */
void         cvm_unfolder_stop  (CvmUnfolder *self);
