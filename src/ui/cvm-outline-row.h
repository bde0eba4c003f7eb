/* cvm-outline-row.h: a part of a suite in the editor's outline
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_OUTLINE_ROW (cvm_outline_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmOutlineRow, cvm_outline_row, CVM, OUTLINE_ROW, GtkListBoxRow)

/**
 * cvm_outline_row_new:
 * @group: (nullable): what it stands under; a translated, static string
 * @item: an item of the edit, or a CVM_OUTLINE_ code
 */
GtkWidget  *cvm_outline_row_new         (const char     *group,
                                         int             item,
                                         const char     *id);

const char *cvm_outline_row_get_group   (CvmOutlineRow  *self);
int         cvm_outline_row_get_item    (CvmOutlineRow  *self);
const char *cvm_outline_row_get_id      (CvmOutlineRow  *self);

void        cvm_outline_row_set_text    (CvmOutlineRow  *self,
                                         const char     *id,
                                         const char     *title,
                                         const char     *about);

/**
 * cvm_outline_row_set_problem:
 *
 * NULL: nothing is wrong with it
 */
void        cvm_outline_row_set_problem (CvmOutlineRow  *self,
                                         const char     *message);

/**
 * cvm_outline_row_get_handle:
 *
 * What it is dragged by: a row itself hears of no drag, since its list has the press
 */
GtkWidget  *cvm_outline_row_get_handle  (CvmOutlineRow  *self);
