/* cvm-suite-options-page.h: what a suite shall do in one run: its checks and their parameters
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-matrix.h"

/**
 * CvmSuiteOptionsPage::changed: the choice was; what is not allowed is never taken into it
 */
#define CVM_TYPE_SUITE_OPTIONS_PAGE (cvm_suite_options_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuiteOptionsPage, cvm_suite_options_page, CVM, SUITE_OPTIONS_PAGE, GtkBox)

/**
 * cvm_suite_options_page_new:
 * @choice: outlives the page
 */
GtkWidget *cvm_suite_options_page_new (CvmSuiteChoice *choice);
