/* cvm-guest-view.h: a job's guest as it is and was: display, console, log, facts, and its film
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-evidence.h"
#include "cvm-run.h"

/**
 * CvmGuestView::moment-chosen:
 * @path: (nullable): of the check that ran at the moment that is looked at now
 */
#define CVM_TYPE_GUEST_VIEW (cvm_guest_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmGuestView, cvm_guest_view, CVM, GUEST_VIEW, GtkBox)

/**
 * cvm_guest_view_show_live:
 *
 * JOB of a run that lives; its records are told by cvm_guest_view_add_records ()
 */
void     cvm_guest_view_show_live    (CvmGuestView       *self,
                                      CvmRun             *run,
                                      const char         *job);

/**
 * cvm_guest_view_show_past:
 *
 * JOB of the run in the folder DIR, with its RECORDS (of CvmRecord)
 */
void     cvm_guest_view_show_past    (CvmGuestView       *self,
                                      const char         *dir,
                                      GPtrArray          *records,
                                      const char         *job);

void     cvm_guest_view_add_records  (CvmGuestView       *self,
                                      GPtrArray          *records);

/**
 * cvm_guest_view_update:
 *
 * Cheap where nothing is new: with each batch of records, and once a second
 */
void     cvm_guest_view_update       (CvmGuestView       *self,
                                      const CvmJobResult *job);

/**
 * cvm_guest_view_end:
 *
 * The run is finished: nothing comes any more
 */
void     cvm_guest_view_end          (CvmGuestView       *self);

/**
 * cvm_guest_view_show_log:
 * @id: of a case
 *
 * Turns to the log, to the line of that case
 */
void     cvm_guest_view_show_log     (CvmGuestView       *self,
                                      const char         *id);

/**
 * cvm_guest_view_show_text:
 * @file: a text that the job kept; it is called here as its button is
 * @lines: (nullable): the first of these that is in it is turned to
 */
void     cvm_guest_view_show_text    (CvmGuestView       *self,
                                      const CvmEvidence  *file,
                                      const char *const  *lines);

/**
 * cvm_guest_view_find:
 *
 * Opens the search of the view that is looked at; FALSE: it has none, or the focus is elsewhere
 */
gboolean cvm_guest_view_find         (CvmGuestView       *self);
