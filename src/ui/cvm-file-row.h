/* cvm-file-row.h: a file that a job kept, as a row that opens it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_FILE_ROW (cvm_file_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmFileRow, cvm_file_row, CVM, FILE_ROW, GtkListBoxRow)

/**
 * cvm_file_row_new:
 * @name: as the job calls it
 * @about: (nullable): what it belongs to
 */
GtkWidget  *cvm_file_row_new      (const char *path,
                                   const char *name,
                                   const char *about);

const char *cvm_file_row_get_path (CvmFileRow *self);
