/* cvm-job-list.h: the jobs of a run, and how far each of them is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

/**
 * CvmJobList::chosen:
 * @job: "01"
 *
 * CvmJobList::all-chosen: the user wants to see all guests
 *
 * CvmJobList::differences-chosen: the user wants to see what differs between them
 */
#define CVM_TYPE_JOB_LIST (cvm_job_list_get_type ())
G_DECLARE_FINAL_TYPE (CvmJobList, cvm_job_list, CVM, JOB_LIST, GtkBox)

/**
 * cvm_job_list_update:
 * @has_guests: some of them may run now
 *
 * Cheap where nothing changed
 */
void cvm_job_list_update (CvmJobList *self,
                          CvmResult  *result,
                          gboolean    has_guests);

/**
 * cvm_job_list_select:
 * @job: (nullable): NULL: all guests
 */
void cvm_job_list_select (CvmJobList *self,
                          const char *job);
