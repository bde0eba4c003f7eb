/* cvm-report-filters.h: which reports are wanted: this computer's or a server's, and which of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-report-source.h"

/**
 * CvmReportFilters::changed: by hand
 */
#define CVM_TYPE_REPORT_FILTERS (cvm_report_filters_get_type ())
G_DECLARE_FINAL_TYPE (CvmReportFilters, cvm_report_filters, CVM, REPORT_FILTERS, GtkBox)

gboolean    cvm_report_filters_is_mine    (CvmReportFilters *self);

/**
 * cvm_report_filters_get_server:
 *
 * A name of servers.ini; NULL: the default
 */
const char *cvm_report_filters_get_server (CvmReportFilters *self);

/**
 * cvm_report_filters_get:
 *
 * Borrows from its entries: for at once
 */
CvmReportFilter cvm_report_filters_get    (CvmReportFilters *self);

/**
 * cvm_report_filters_is_narrow:
 *
 * Whether it leaves out more than what is old
 */
gboolean    cvm_report_filters_is_narrow  (CvmReportFilters *self);

/**
 * cvm_report_filters_widen:
 *
 * All reports of all days; tells nothing
 */
void        cvm_report_filters_widen      (CvmReportFilters *self);

/**
 * cvm_report_filters_look:
 *
 * Looks which servers there are; where the one that was chosen has gone, it changes
 */
void        cvm_report_filters_look       (CvmReportFilters *self);
