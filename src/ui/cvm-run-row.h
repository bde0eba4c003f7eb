/* cvm-run-row.h: a run as a row of the list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-column.h"
#include "cvm-run-item.h"

/**
 * CvmRunRow::menu-asked:
 * @at: the widget where the menu of what can be done with the run is wanted
 */
#define CVM_TYPE_RUN_ROW (cvm_run_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunRow, cvm_run_row, CVM, RUN_ROW, GtkListBoxRow)

/**
 * cvm_run_row_new:
 * @outcomes: of all rows, so that their strips stand in a column
 */
GtkWidget  *cvm_run_row_new      (CvmRunItem *item,
                                  CvmColumn  *outcomes);
CvmRunItem *cvm_run_row_get_item (CvmRunRow  *self);

/**
 * cvm_run_row_update_header:
 *
 * A GtkListBoxUpdateHeaderFunc: the day, above its first row
 */
void        cvm_run_row_update_header (GtkListBoxRow *row,
                                       GtkListBoxRow *before,
                                       gpointer       data);
