/* cvm-point-find-bar.h: what to find, how often it is there, and on to the next
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-point-find.h"

/**
 * CvmPointFindBar::found: another of them is to be shown: cvm_point_find_bar_get ()
 */
#define CVM_TYPE_POINT_FIND_BAR (cvm_point_find_bar_get_type ())
G_DECLARE_FINAL_TYPE (CvmPointFindBar, cvm_point_find_bar, CVM, POINT_FIND_BAR, GtkBox)

void     cvm_point_find_bar_open   (CvmPointFindBar *self);

/**
 * cvm_point_find_bar_close:
 *
 * FALSE: the focus is elsewhere
 */
gboolean cvm_point_find_bar_close  (CvmPointFindBar *self);

/**
 * cvm_point_find_bar_set_source:
 * @index: (nullable): borrowed, until another is set
 *
 * Where it is looked for; what was typed stays
 */
void     cvm_point_find_bar_set_source (CvmPointFindBar *self,
                                        CvmPointIndex   *index,
                                        CvmPointFilter   filter);

/**
 * cvm_point_find_bar_look_again:
 *
 * There are more points now
 */
void     cvm_point_find_bar_look_again (CvmPointFindBar *self);

/**
 * cvm_point_find_bar_get:
 * @chain: (out caller-allocates)
 *
 * Returns: how many there are in the chain; 0: none was found
 */
guint    cvm_point_find_bar_get    (CvmPointFindBar *self,
                                    const CvmPoint  *chain[CVM_RESULT_MAX_CHAIN]);
