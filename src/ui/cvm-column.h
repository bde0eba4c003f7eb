/* cvm-column.h: widgets of many rows that are all as wide as the widest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 *
 * A GtkSizeGroup has all of its widgets measured anew when a row comes or one of them changes; here
 * that is so only when the column has to become wider. It never becomes narrower. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_COLUMN (cvm_column_get_type ())
G_DECLARE_FINAL_TYPE (CvmColumn, cvm_column, CVM, COLUMN, GObject)

CvmColumn *cvm_column_new (void);

/**
 * cvm_column_add:
 *
 * Until the widget is destroyed
 */
void       cvm_column_add (CvmColumn *self,
                           GtkWidget *widget);

/**
 * cvm_column_fit:
 *
 * After what WIDGET shows has changed
 */
void       cvm_column_fit (CvmColumn *self,
                           GtkWidget *widget);
