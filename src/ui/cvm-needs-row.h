/* cvm-needs-row.h: which of the parts above must have passed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-suite-edit.h"

/**
 * CvmNeedsRow::changed: by the user
 */
#define CVM_TYPE_NEEDS_ROW (cvm_needs_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmNeedsRow, cvm_needs_row, CVM, NEEDS_ROW, GtkBox)

GtkWidget *cvm_needs_row_new      (void);

/**
 * cvm_needs_row_show:
 *
 * A box to tick for each item above ITEM, and for what it needs though it is not there
 */
void       cvm_needs_row_show     (CvmNeedsRow   *self,
                                   CvmSuiteEdit  *edit,
                                   guint          item);

/**
 * cvm_needs_row_dup_text:
 *
 * Returns: (nullable) (transfer full): as it stands in a file; NULL for none
 */
char      *cvm_needs_row_dup_text (CvmNeedsRow   *self);

void       cvm_needs_row_align    (CvmNeedsRow   *self,
                                   GtkSizeGroup  *labels);
