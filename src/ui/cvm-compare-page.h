/* cvm-compare-page.h: two runs, then and now: what got worse, what passes now, what takes longer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Reads the runs off the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-history.h"

#define CVM_TYPE_COMPARE_PAGE (cvm_compare_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmComparePage, cvm_compare_page, CVM, COMPARE_PAGE, GtkBox)

/**
 * cvm_compare_page_open:
 * @from: any widget of the window
 * @dir: of a run that has ended
 * @other: of another, begun before it or after it; "": the last one before it of the same suite,
 *   image and host that came to an end
 */
void cvm_compare_page_open (GtkWidget  *from,
                            CvmHistory *history,
                            const char *dir,
                            const char *other);
