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
