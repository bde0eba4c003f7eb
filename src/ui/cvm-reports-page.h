/* cvm-reports-page.h: the place of the reports
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

#define CVM_TYPE_REPORTS_PAGE (cvm_reports_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmReportsPage, cvm_reports_page, CVM, REPORTS_PAGE, GtkBox)

GtkWidget *cvm_reports_page_new (const CvmBackend *backend);
