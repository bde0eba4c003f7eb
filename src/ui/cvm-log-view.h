/* cvm-log-view.h: what the run did, a line each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-record.h"

#define CVM_TYPE_LOG_VIEW (cvm_log_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmLogView, cvm_log_view, CVM, LOG_VIEW, GtkBox)

/**
 * cvm_log_view_add:
 *
 * Shows RECORDS (of CvmRecord) of JOB, or of the run itself, behind what is there
 */
void cvm_log_view_add   (CvmLogView *self,
                         GPtrArray  *records,
                         const char *job);

void cvm_log_view_clear (CvmLogView *self);
