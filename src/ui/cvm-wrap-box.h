/* cvm-wrap-box.h: widgets beside each other, and in further lines where the place is narrow
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Threads: the main one.
 *
 * Unlike a GtkFlowBox it keeps no columns, and is no list to a screen reader. What a line leaves over
 * goes to those of its widgets that expand. With its property "linked" its widgets are, as long as
 * one line suffices for them. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_WRAP_BOX (cvm_wrap_box_get_type ())
G_DECLARE_FINAL_TYPE (CvmWrapBox, cvm_wrap_box, CVM, WRAP_BOX, GtkContainer)
