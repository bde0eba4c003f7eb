/* cvm-point-details.h: what there is to know of one point
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-evidence.h"

/**
 * CvmPointDetails::open-file:
 * @file: (type CvmEvidence): that the user wants to see
 *
 * CvmPointDetails::told:
 * @text: what has happened, translated, for a banner
 */
#define CVM_TYPE_POINT_DETAILS (cvm_point_details_get_type ())
G_DECLARE_FINAL_TYPE (CvmPointDetails, cvm_point_details, CVM, POINT_DETAILS, GtkBox)

/**
 * cvm_point_details_show:
 *
 * Shows POINT of JOB, whose run's folder is DIR. Cheap where nothing changed.
 */
void cvm_point_details_show (CvmPointDetails    *self,
                             const CvmPoint     *point,
                             const CvmJobResult *job,
                             const char         *dir);

/**
 * cvm_point_details_get_text_file:
 *
 * The first piece of its evidence that is text, or NULL. Borrowed until another point is shown.
 */
const CvmEvidence *cvm_point_details_get_text_file (CvmPointDetails *self);

/**
 * cvm_point_details_dup_text:
 *
 * All that is shown, for the clipboard; NULL: nothing is
 */
char       *cvm_point_details_dup_text (CvmPointDetails *self);
