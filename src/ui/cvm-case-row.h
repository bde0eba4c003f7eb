/* cvm-case-row.h: a check of a suite: whether it runs, and with what
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-matrix.h"

/**
 * CvmCaseRow::changed: by the user
 */
#define CVM_TYPE_CASE_ROW (cvm_case_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmCaseRow, cvm_case_row, CVM, CASE_ROW, GtkBox)

/**
 * cvm_case_row_new:
 * @choice: outlives the row, as its @item does
 *
 * Its parameters are made when it is opened first
 */
GtkWidget *cvm_case_row_new   (CvmSuiteChoice *choice,
                               const CvmCase  *item);

const char *cvm_case_row_get_id (CvmCaseRow   *self);

/**
 * cvm_case_row_sync:
 * @defaults: the case as suite and preset have it
 *
 * Shows what is chosen now
 */
void       cvm_case_row_sync  (CvmCaseRow     *self,
                               const CvmCase  *defaults);

/**
 * cvm_case_row_has:
 *
 * Whether TEXT, casefolded, is in its title, id or the names of its parameters
 */
gboolean   cvm_case_row_has   (CvmCaseRow     *self,
                               const char     *text);
