/* cvm-evidence-view.h: a text that a check kept, at the line that it is about
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. At most CVM_EVIDENCE_TEXT_MAX bytes of it; read off the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-evidence.h"

#define CVM_EVIDENCE_TEXT_MAX (1024 * 1024)

/* CvmEvidenceView::closed: it is not wanted any more */
#define CVM_TYPE_EVIDENCE_VIEW (cvm_evidence_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmEvidenceView, cvm_evidence_view, CVM, EVIDENCE_VIEW, GtkBox)

/**
 * cvm_evidence_view_show:
 * @lines: (nullable): the first of these that is in it is turned to
 */
void        cvm_evidence_view_show     (CvmEvidenceView   *self,
                                        const CvmEvidence *file,
                                        const char *const *lines);

/**
 * cvm_evidence_view_get_path:
 *
 * NULL: nothing is shown
 */
const char *cvm_evidence_view_get_path (CvmEvidenceView   *self);

void        cvm_evidence_view_clear    (CvmEvidenceView   *self);
