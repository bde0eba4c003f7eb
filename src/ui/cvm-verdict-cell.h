/* cvm-verdict-cell.h: a point's state in a tree: an icon to see, a word to hear
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

/* A text cell for a screen reader, whose "state" (CvmPointState, as int) is drawn as an icon */
#define CVM_TYPE_VERDICT_CELL (cvm_verdict_cell_get_type ())
G_DECLARE_FINAL_TYPE (CvmVerdictCell, cvm_verdict_cell, CVM, VERDICT_CELL, GtkCellRendererText)

GtkCellRenderer *cvm_verdict_cell_new (void);
