/* cvm-suite-form.h: the values of one part of a suite, made from the check's parameter table
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-suite-edit.h"

/**
 * CvmSuiteForm::preset-added:
 * @preset: that has a value more now
 *
 * CvmSuiteForm::failed:
 * @message: why something is not so
 */
#define CVM_TYPE_SUITE_FORM (cvm_suite_form_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuiteForm, cvm_suite_form, CVM, SUITE_FORM, GtkBox)

/**
 * cvm_suite_form_show:
 * @item: an item, CVM_OUTLINE_SUITE or CVM_OUTLINE_PRESET (cvm-suite-outline.h)
 * @preset: (nullable): which preset
 *
 * Its rows change the edit as one types. Again after the edit changed, it shows the values anew
 * and leaves what has the focus.
 */
void cvm_suite_form_show         (CvmSuiteForm *self,
                                  CvmSuiteEdit *edit,
                                  int           item,
                                  const char   *preset,
                                  gboolean      can_write);

/**
 * cvm_suite_form_set_problems:
 *
 * Shows what is wrong with the part under the row whose line it is, or above all rows
 * (element-type CvmSuiteProblem)
 */
void cvm_suite_form_set_problems (CvmSuiteForm *self,
                                  GPtrArray    *problems);

/**
 * cvm_suite_form_focus:
 *
 * Puts the focus into the first row that must be filled, else into the first
 */
void cvm_suite_form_focus        (CvmSuiteForm *self);
