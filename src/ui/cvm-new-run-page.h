/* cvm-new-run-page.h: images, suites and hosts on one page, one matrix, one button
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"
#include "cvm-order.h"

#define CVM_TYPE_NEW_RUN_PAGE (cvm_new_run_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmNewRunPage, cvm_new_run_page, CVM, NEW_RUN_PAGE, GtkBox)

/**
 * cvm_new_run_page_new:
 * @wanted: (nullable): the id of an image, or the path of a suite, that is chosen already; or the
 *   path of a .profile, which is the choice
 *
 * Comes with the last choice. Reads off the main thread what there is to choose from, and launches
 * by cvm_stage_launch ().
 */
GtkWidget *cvm_new_run_page_new  (const CvmBackend *backend,
                                  const char       *wanted);

/**
 * cvm_new_run_page_want:
 *
 * Chooses this image alone; or what else cvm_new_run_page_new () takes
 */
void       cvm_new_run_page_want (CvmNewRunPage    *self,
                                  const char       *image);

/**
 * cvm_new_run_page_want_order:
 * @order: (transfer full): of cvm_report_again_order ()
 *
 * Chooses what is here of it alone, and says what is not
 */
void       cvm_new_run_page_want_order (CvmNewRunPage *self,
                                        CvmOrder      *order);
