/* cvm-fact-grid.h: names and what is known of them, in two columns
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_FACT_GRID (cvm_fact_grid_get_type ())
G_DECLARE_FINAL_TYPE (CvmFactGrid, cvm_fact_grid, CVM, FACT_GRID, GtkGrid)

/**
 * cvm_fact_grid_add:
 * @value: (nullable): any bytes; NULL or "" adds nothing
 */
void cvm_fact_grid_add (CvmFactGrid  *self,
                        const char   *name,
                        const char   *value);
