/* cvm-runs-page.h: the place where all runs are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

/**
 * CvmRunsPage::opened:
 * @dir: of the run that the user wants to see
 *
 * CvmRunsPage::died: among the runs that were loaded is one whose program died
 */
#define CVM_TYPE_RUNS_PAGE (cvm_runs_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunsPage, cvm_runs_page, CVM, RUNS_PAGE, GtkBox)

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

/**
 * cvm_runs_page_tell:
 *
 * What went wrong, and what to do; NULL takes it away
 */
void   cvm_runs_page_tell     (CvmRunsPage *self,
                               const char  *message);

/**
 * cvm_runs_page_offer_clean_up:
 *
 * The same, with a button that cleans up after runs that died
 */
void   cvm_runs_page_offer_clean_up (CvmRunsPage *self,
                                     const char  *message);
