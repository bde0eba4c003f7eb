/* cvm-report-save.h: saves a file of a server's report where the user says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-open-report.h"

/**
 * cvm_report_save:
 * @from: in the window that asks, and whose banner says what went wrong
 * @file: (nullable): one of the report's; NULL: its TAP, or archive
 */
void cvm_report_save (GtkWidget           *from,
                      CvmOpenReport       *report,
                      const CvmTapperFile *file);

/**
 * cvm_report_save_of:
 * @server: (nullable): a name of servers.ini; NULL: the default
 *
 * The TAP, or archive, of a report that is not open: it is read first
 */
void cvm_report_save_of (GtkWidget  *from,
                         const char *server,
                         guint64     id);
