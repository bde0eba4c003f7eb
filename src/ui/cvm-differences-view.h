/* cvm-differences-view.h: what differs between the jobs of a run, and both evidences side by side
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

#define CVM_DIFFERENCES_MAX_JOBS 16   /* columns */

#define CVM_TYPE_DIFFERENCES_VIEW (cvm_differences_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmDifferencesView, cvm_differences_view, CVM, DIFFERENCES_VIEW, GtkBox)

/**
 * cvm_differences_view_new:
 * @dir: of the run
 */
GtkWidget *cvm_differences_view_new    (const char         *dir);

/**
 * cvm_differences_view_update:
 *
 * Cheap where nothing is new, or nobody looks
 */
void       cvm_differences_view_update (CvmDifferencesView *self,
                                        CvmResult          *result);
