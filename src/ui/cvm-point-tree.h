/* cvm-point-tree.h: the checks of a job: a tree with counts, filters, and a bar to find text
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-point-index.h"

/**
 * CvmPointTree::selected: another point is selected, or none
 *
 * CvmPointTree::activated: by Return or a double click
 *
 * Its menu has the actions of the group "point", which whoever holds it provides.
 */
#define CVM_TYPE_POINT_TREE (cvm_point_tree_get_type ())
G_DECLARE_FINAL_TYPE (CvmPointTree, cvm_point_tree, CVM, POINT_TREE, GtkBox)

/**
 * cvm_point_tree_set_index:
 * @index: (nullable): borrowed, until another is set
 *
 * Another job: everything anew
 */
void  cvm_point_tree_set_index     (CvmPointTree   *self,
                                    CvmPointIndex  *index);

/**
 * cvm_point_tree_update:
 *
 * After a batch of records, and once a second
 */
void  cvm_point_tree_update        (CvmPointTree   *self);

/**
 * cvm_point_tree_get_selected:
 * @chain: (out caller-allocates): the case, what is below it on the way, the point
 *
 * Returns: how many; 0: none is selected
 */
guint cvm_point_tree_get_selected  (CvmPointTree   *self,
                                    const CvmPoint *chain[CVM_RESULT_MAX_CHAIN]);

/**
 * cvm_point_tree_select:
 *
 * Selects the point at PATH and scrolls to it, if it is shown
 */
void  cvm_point_tree_select        (CvmPointTree   *self,
                                    const char     *path);

/**
 * cvm_point_tree_select_failed:
 *
 * Selects the first point that failed, unless something is selected already
 */
void  cvm_point_tree_select_failed (CvmPointTree   *self);

/**
 * cvm_point_tree_show_selected:
 *
 * Scrolls to what is selected
 */
void  cvm_point_tree_show_selected (CvmPointTree   *self);

/**
 * cvm_point_tree_find:
 *
 * Opens the bar to find text, or goes there
 */
void  cvm_point_tree_find          (CvmPointTree   *self);

/**
 * cvm_point_tree_close_find:
 *
 * FALSE: nobody types there
 */
gboolean cvm_point_tree_close_find (CvmPointTree   *self);
