/* cvm-point-tree.h: the checks of a job: a tree with counts and filters
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

/**
 * CvmPointTree::selected:
 * @path: (nullable): of the point that is selected now, "3.1"
 */
#define CVM_TYPE_POINT_TREE (cvm_point_tree_get_type ())
G_DECLARE_FINAL_TYPE (CvmPointTree, cvm_point_tree, CVM, POINT_TREE, GtkBox)

/**
 * cvm_point_tree_clear:
 *
 * Another job: everything anew
 */
void cvm_point_tree_clear  (CvmPointTree       *self);

void cvm_point_tree_update (CvmPointTree       *self,
                            const CvmJobResult *job);

/**
 * cvm_point_tree_select:
 *
 * Selects the point at PATH and scrolls to it, if it is shown
 */
void cvm_point_tree_select (CvmPointTree       *self,
                            const char         *path);

/**
 * cvm_point_tree_select_failed:
 *
 * Selects the first point that failed, unless something is selected already
 */
void cvm_point_tree_select_failed (CvmPointTree *self);

/**
 * cvm_point_tree_show_selected:
 *
 * Scrolls to what is selected
 */
void cvm_point_tree_show_selected (CvmPointTree *self);
