/* cvm-differences-view.h: what differs between jobs, and both evidences side by side
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
 * @dir: of the run whose jobs are compared
 */
GtkWidget *cvm_differences_view_new    (const char         *dir);

/**
 * cvm_differences_view_update:
 *
 * Cheap where nothing is new, or nobody looks
 */
void       cvm_differences_view_update (CvmDifferencesView *self,
                                        CvmResult          *result);

/* One of two runs */
typedef struct
{
  CvmResult          *result;
  const CvmJobResult *job;      /* of the result; NULL: it has no such job */
  const char         *dir;
  const char         *title;    /* "Yesterday, 10:11" */
} CvmDifferencesSide;

/**
 * cvm_differences_view_show_runs:
 *
 * A job then and now, what got worse first, and times that grew too
 */
void       cvm_differences_view_show_runs (CvmDifferencesView       *self,
                                           const CvmDifferencesSide *before,
                                           const CvmDifferencesSide *after);
