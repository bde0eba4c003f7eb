/* cvm-log-view.h: what the run did, a line each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Lines are written when they are seen; taken in and filtered a part at a time. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-record.h"

#define CVM_TYPE_LOG_VIEW (cvm_log_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmLogView, cvm_log_view, CVM, LOG_VIEW, GtkBox)

/**
 * cvm_log_view_add:
 *
 * Shows RECORDS (of CvmRecord) of JOB, or of the run itself, behind what is there. They are
 * referenced until they are taken in.
 */
void cvm_log_view_add   (CvmLogView *self,
                         GPtrArray  *records,
                         const char *job);

void cvm_log_view_clear (CvmLogView *self);

/**
 * cvm_log_view_show_case:
 *
 * Turns to the line that tells how the case ended, or that it began, as soon as it is there; the
 * filter goes
 */
void cvm_log_view_show_case (CvmLogView *self,
                             const char *id);

/**
 * cvm_log_view_find:
 *
 * The focus goes to where text is typed that lines must have
 */
void cvm_log_view_find  (CvmLogView *self);
