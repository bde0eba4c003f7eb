/* cvm-detail-table.h: what a point says of itself, as a table that can be read and selected
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. The details come from a guest: what is shown is bounded. */
#pragma once

#include <gtk/gtk.h>

/**
 * cvm_detail_table_fill:
 * @details: (nullable): of CvmDetail
 * @text: (nullable): gets what is shown, a line a value
 *
 * Replaces what is in GRID. What was expected comes first; YAML is shown as the keys and values it
 * has, those of a map below and behind its own key; a text of several lines in one width.
 *
 * Returns: how many rows there are
 */
guint cvm_detail_table_fill (GtkGrid   *grid,
                             GPtrArray *details,
                             GString   *text);
