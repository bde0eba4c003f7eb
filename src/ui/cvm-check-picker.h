/* cvm-check-picker.h: all checks with their help, to add one to a suite
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

/**
 * CvmCheckPicker::picked:
 * @id: of a check
 * @is_precondition: it is to be one
 */
#define CVM_TYPE_CHECK_PICKER (cvm_check_picker_get_type ())
G_DECLARE_FINAL_TYPE (CvmCheckPicker, cvm_check_picker, CVM, CHECK_PICKER, GtkPopover)

GtkWidget *cvm_check_picker_new  (const CvmBackend *backend);

/**
 * cvm_check_picker_open:
 *
 * For a precondition or a case, until the user says otherwise
 */
void       cvm_check_picker_open (CvmCheckPicker   *self,
                                  gboolean          is_precondition);
