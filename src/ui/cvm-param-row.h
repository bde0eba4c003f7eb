/* cvm-param-row.h: one parameter: its name, its value, its help, and what is wrong with it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 *
 * Made from the check's parameter table. A row either has a value of its own or stands at its
 * default, which it shows, and which its reset button goes back to. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-param.h"

/**
 * CvmParamRow::changed: by the user; ask cvm_param_row_get_text () and cvm_param_row_is_valid ()
 */
#define CVM_TYPE_PARAM_ROW (cvm_param_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmParamRow, cvm_param_row, CVM, PARAM_ROW, GtkBox)

/**
 * cvm_param_row_new:
 * @param: must outlive the row; a check's table, or a static entry of your own. Its help is
 *   translated here.
 */
GtkWidget  *cvm_param_row_new         (const CvmParam *param);

const CvmParam *cvm_param_row_get_param (CvmParamRow  *self);

/**
 * cvm_param_row_set_default:
 * @text: (nullable): what holds while the row has no value of its own, instead of the table's
 *   default: the suite's value, where the row is for one run. NULL: it must be given.
 */
void        cvm_param_row_set_default (CvmParamRow    *self,
                                       const char     *text);

/**
 * cvm_param_row_set_keeps_empty:
 *
 * An empty field is a value of its own, and no way back to the default: only the button is
 */
void        cvm_param_row_set_keeps_empty (CvmParamRow *self,
                                           gboolean     keeps_empty);

/**
 * cvm_param_row_set_text:
 * @text: (nullable): as a suite holds it (a list as it stands in the file); NULL: the default
 */
void        cvm_param_row_set_text    (CvmParamRow    *self,
                                       const char     *text);

/**
 * cvm_param_row_get_text:
 *
 * Returns: (nullable): the row's own value, borrowed until it changes; NULL at its default
 */
const char *cvm_param_row_get_text    (CvmParamRow    *self);

/**
 * cvm_param_row_is_valid:
 *
 * By the table: whether a file is there is for who knows its folder
 */
gboolean    cvm_param_row_is_valid    (CvmParamRow    *self);

/**
 * cvm_param_row_set_message:
 * @message: (nullable): what else is wrong, or NULL; shown where the value itself is allowed
 */
void        cvm_param_row_set_message (CvmParamRow    *self,
                                       const char     *message);

/**
 * cvm_param_row_align:
 *
 * Rows whose labels are in one group stand in columns
 */
void        cvm_param_row_align       (CvmParamRow    *self,
                                       GtkSizeGroup   *labels);
