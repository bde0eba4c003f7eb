/* cvm-choice-row.h: an image or a suite that can be chosen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-choices.h"

/**
 * CvmChoiceRow::toggled: by the user
 *
 * CvmChoiceRow::options: its settings are wanted
 *
 * CvmChoiceRow::mend: it cannot be used, and the user wants to see to that
 */
#define CVM_TYPE_CHOICE_ROW (cvm_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmChoiceRow, cvm_choice_row, CVM, CHOICE_ROW, GtkBox)

/**
 * cvm_choice_row_new:
 * @option: outlives the row
 *
 * One that cannot be used says why, and has a button for "mend"
 */
GtkWidget       *cvm_choice_row_new        (const CvmOption *option,
                                            gboolean         is_suite);
const CvmOption *cvm_choice_row_get_option (CvmChoiceRow    *self);

gboolean         cvm_choice_row_is_on      (CvmChoiceRow    *self);

/**
 * cvm_choice_row_set_on:
 *
 * Without "toggled"
 */
void             cvm_choice_row_set_on     (CvmChoiceRow    *self,
                                            gboolean         is_on);

/**
 * cvm_choice_row_set_note:
 * @note: (nullable): what was changed of it: "2 settings, 3 checks left out"
 */
void             cvm_choice_row_set_note   (CvmChoiceRow    *self,
                                            const char      *note);
