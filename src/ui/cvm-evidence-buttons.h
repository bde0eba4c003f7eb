/* cvm-evidence-buttons.h: the files that a case kept, as buttons that open them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-evidence.h"

/**
 * CvmEvidenceFunc:
 * @from: as given to cvm_evidence_buttons_fill ()
 */
typedef void (*CvmEvidenceFunc) (GtkWidget         *from,
                                 const CvmEvidence *file);

/**
 * cvm_evidence_buttons_fill:
 * @files: (element-type CvmEvidence): of cvm_evidence_list ()
 * @open: called with what is clicked
 * @from: has @box in it
 *
 * A button for each in BOX, in place of those that are there. A box without any is hidden.
 */
void cvm_evidence_buttons_fill (GtkContainer    *box,
                                GPtrArray       *files,
                                CvmEvidenceFunc  open,
                                GtkWidget       *from);
