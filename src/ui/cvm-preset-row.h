/* cvm-preset-row.h: gives a value of a part another value in a preset
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-suite-edit.h"

/**
 * CvmPresetRow::added:
 * @preset: which has the value now
 *
 * CvmPresetRow::failed:
 * @message: why it has not
 */
#define CVM_TYPE_PRESET_ROW (cvm_preset_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmPresetRow, cvm_preset_row, CVM, PRESET_ROW, GtkBox)

GtkWidget *cvm_preset_row_new   (void);

void       cvm_preset_row_show  (CvmPresetRow  *self,
                                 CvmSuiteEdit  *edit,
                                 guint          item);

void       cvm_preset_row_align (CvmPresetRow  *self,
                                 GtkSizeGroup  *labels);
