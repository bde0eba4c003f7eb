/* cvm-new-run-page.h: which image, which suite, where; and one button
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"
#include "cvm-launch.h"

/**
 * CvmNewRunPage::chosen:
 * @choice: a CvmChoice, the page's
 */
#define CVM_TYPE_NEW_RUN_PAGE (cvm_new_run_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmNewRunPage, cvm_new_run_page, CVM, NEW_RUN_PAGE, GtkBox)

/**
 * cvm_new_run_page_new:
 *
 * Reads off the main thread what there is to choose from. The page comes with the image WANTED
 * ("demo"; or NULL), and the suite of the same name, if they are there.
 */
GtkWidget *cvm_new_run_page_new  (const CvmBackend *backend,
                                  const char       *wanted);
