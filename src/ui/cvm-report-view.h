/* cvm-report-view.h: what a server knows of a report, and its attachments
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Beside the checks of the report, in the page of a run. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-open-report.h"

#define CVM_TYPE_REPORT_VIEW (cvm_report_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmReportView, cvm_report_view, CVM, REPORT_VIEW, GtkStack)

GtkWidget *cvm_report_view_new  (CvmOpenReport *report);

/**
 * cvm_report_view_push:
 *
 * Shows REPORT in the page of a run, over the places
 */
void       cvm_report_view_push (GtkWidget     *from,
                                 CvmOpenReport *report);

/**
 * cvm_report_browse:
 * @url: (nullable): of the server's own page of a report
 *
 * Shows it in the user's browser
 */
void       cvm_report_browse    (GtkWidget     *from,
                                 const char    *url);
