/* cvm-suite-outline.h: the parts of a suite that is edited, in their order
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-suite-edit.h"

#define CVM_OUTLINE_SUITE CVM_SUITE_EDIT_SUITE
#define CVM_OUTLINE_PRESET -2

/**
 * CvmSuiteOutline::selected: ask cvm_suite_outline_get_selected ()
 * CvmSuiteOutline::failed:
 * @message: why something could not be moved
 */
#define CVM_TYPE_SUITE_OUTLINE (cvm_suite_outline_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuiteOutline, cvm_suite_outline, CVM, SUITE_OUTLINE, GtkListBox)

/**
 * cvm_suite_outline_set_edit:
 *
 * Items are moved in it by drag, Alt+Up and Alt+Down, unless the outline is read only
 */
void        cvm_suite_outline_set_edit     (CvmSuiteOutline *self,
                                            CvmSuiteEdit    *edit,
                                            gboolean         can_write);

/**
 * cvm_suite_outline_refresh:
 *
 * After the edit changed; what was selected stays so, by its id or else by its place
 */
void        cvm_suite_outline_refresh      (CvmSuiteOutline *self);

/**
 * cvm_suite_outline_set_problems:
 *
 * Marks the items that something is wrong with (element-type CvmSuiteProblem)
 */
void        cvm_suite_outline_set_problems (CvmSuiteOutline *self,
                                            GPtrArray       *problems);

/**
 * cvm_suite_outline_get_selected:
 *
 * An item, CVM_OUTLINE_SUITE or CVM_OUTLINE_PRESET
 */
int         cvm_suite_outline_get_selected (CvmSuiteOutline *self);

/**
 * cvm_suite_outline_get_preset:
 *
 * The id of the selected preset, or NULL
 */
const char *cvm_suite_outline_get_preset   (CvmSuiteOutline *self);

void        cvm_suite_outline_select       (CvmSuiteOutline *self,
                                            int              item);
void        cvm_suite_outline_select_preset (CvmSuiteOutline *self,
                                             const char      *preset);

/**
 * cvm_suite_outline_move:
 *
 * Moves the selected item up (-1) or down (1)
 */
void        cvm_suite_outline_move         (CvmSuiteOutline *self,
                                            int              by);
