/* cvm-suite-row.h: a suite as a row of the list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-suite-list.h"

/* Its menu calls the actions suites.run, edit, duplicate, export, folder and remove, each with the
 * suite's path. */
#define CVM_TYPE_SUITE_ROW (cvm_suite_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuiteRow, cvm_suite_row, CVM, SUITE_ROW, GtkListBoxRow)

GtkWidget            *cvm_suite_row_new       (const CvmSuiteEntry *entry);

/**
 * cvm_suite_row_get_path:
 *
 * Borrowed
 */
const char           *cvm_suite_row_get_path  (CvmSuiteRow         *self);

/**
 * cvm_suite_row_matches:
 *
 * TEXT, which is casefolded, is in what it shows
 */
gboolean              cvm_suite_row_matches   (CvmSuiteRow         *self,
                                               const char          *text);
