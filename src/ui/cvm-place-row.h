/* cvm-place-row.h: a place in the sidebar: its name, and how much is there
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_PLACE_ROW (cvm_place_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmPlaceRow, cvm_place_row, CVM, PLACE_ROW, GtkListBoxRow)

GtkWidget *cvm_place_row_new       (const char  *title,
                                    const char  *icon);

/**
 * cvm_place_row_set_count:
 * @is_attention: something there wants to be looked at
 *
 * A screen reader says it with the name
 */
void       cvm_place_row_set_count (CvmPlaceRow *self,
                                    guint        count,
                                    gboolean     is_attention);
