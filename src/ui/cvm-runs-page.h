/* cvm-runs-page.h: the place where all runs are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

/* CvmRunsPage::died: among the runs that were loaded is one whose program died */
#define CVM_TYPE_RUNS_PAGE (cvm_runs_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunsPage, cvm_runs_page, CVM, RUNS_PAGE, GtkBox)

GtkWidget *cvm_runs_page_new  (const CvmBackend *backend);

/**
 * cvm_runs_page_load:
 *
 * Reads the runs of the past, off the main thread; again after something changed them
 */
void   cvm_runs_page_load     (CvmRunsPage *self);

/**
 * cvm_runs_page_add_live:
 *
 * Shows a run that has just begun, and follows it
 */
void   cvm_runs_page_add_live (CvmRunsPage *self,
                               CvmRun      *run);

/**
 * cvm_runs_page_usual_ms:
 *
 * What earlier runs with this title took, ms; 0: there were none
 */
gint64 cvm_runs_page_usual_ms (CvmRunsPage *self,
                               const char  *title);
