/* cvm-evidence-pane.h: what one job says of one check: verdict, reason, details, evidence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. For two of them side by side. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

#define CVM_TYPE_EVIDENCE_PANE (cvm_evidence_pane_get_type ())
G_DECLARE_FINAL_TYPE (CvmEvidencePane, cvm_evidence_pane, CVM, EVIDENCE_PANE, GtkBox)

/**
 * cvm_evidence_pane_show:
 * @title: which of the two it is
 * @about: (nullable): more of that, as a tooltip
 * @dir: of the run
 * @path: of the point; one that the job does not have is told so
 *
 * Nothing of JOB is kept
 */
void cvm_evidence_pane_show (CvmEvidencePane    *self,
                             const char         *title,
                             const char         *about,
                             const CvmJobResult *job,
                             const char         *dir,
                             const char         *path);
