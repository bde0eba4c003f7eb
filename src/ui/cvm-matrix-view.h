/* cvm-matrix-view.h: images down, hosts across, and what can run in each cell
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-matrix.h"

/**
 * CvmMatrixView::changed: a cell was switched
 *
 * CvmMatrixView::mend:
 * @mend: a CvmCellMend
 * @uri: of the host of that cell
 */
#define CVM_TYPE_MATRIX_VIEW (cvm_matrix_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmMatrixView, cvm_matrix_view, CVM, MATRIX_VIEW, GtkBox)

/**
 * cvm_matrix_view_show:
 * @matrix: (nullable): outlives what is shown of it
 *
 * Makes rows and columns anew
 */
void cvm_matrix_view_show (CvmMatrixView *self,
                           CvmMatrix     *matrix);
