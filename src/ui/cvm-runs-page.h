/* cvm-runs-page.h: the place where all runs are: those that live, and the history
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

/**
 * CvmRunsPage::died:
 * @title: of a run whose program died
 * @dir: its folder
 *
 * Once for each such run that comes into the list
 */
#define CVM_TYPE_RUNS_PAGE (cvm_runs_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunsPage, cvm_runs_page, CVM, RUNS_PAGE, GtkBox)

GtkWidget *cvm_runs_page_new        (const CvmBackend *backend);

/**
 * cvm_runs_page_load:
 *
 * Reads the history, off the main thread; again after something changed it
 */
void       cvm_runs_page_load       (CvmRunsPage      *self);

/**
 * cvm_runs_page_add_live:
 *
 * Shows a run that has just begun, and follows it
 */
void       cvm_runs_page_add_live   (CvmRunsPage      *self,
                                     CvmRun           *run);

/**
 * cvm_runs_page_tell_names:
 *
 * What people call the hosts was learnt
 */
void       cvm_runs_page_tell_names (CvmRunsPage      *self);
