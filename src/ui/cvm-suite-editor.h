/* cvm-suite-editor.h: a suite is written: as a form, or as the text of its file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

#define CVM_TYPE_SUITE_EDITOR (cvm_suite_editor_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuiteEditor, cvm_suite_editor, CVM, SUITE_EDITOR, GtkBox)

/**
 * cvm_suite_editor_new:
 * @path: (nullable): NULL: a new suite, whose file is made when it is saved
 * @can_write: FALSE: it can only be looked at, and tried
 */
GtkWidget *cvm_suite_editor_new (const CvmBackend *backend,
                                 const char       *path,
                                 gboolean          can_write);
