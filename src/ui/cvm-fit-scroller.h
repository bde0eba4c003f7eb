/* cvm-fit-scroller.h: no higher than what is in it needs at the width it gets, and scrolls the rest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 *
 * A GtkScrolledWindow asks for the height that wrapped texts would have at their narrowest. Scrolls
 * up and down only, from max-content-height on. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_FIT_SCROLLER (cvm_fit_scroller_get_type ())
G_DECLARE_FINAL_TYPE (CvmFitScroller, cvm_fit_scroller, CVM, FIT_SCROLLER, GtkScrolledWindow)
