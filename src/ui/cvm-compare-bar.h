/* cvm-compare-bar.h: runs that are selected in the list, and what is done with two of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Seen while several are selected; comparing is the window's action "compare-of". */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_COMPARE_BAR (cvm_compare_bar_get_type ())
G_DECLARE_FINAL_TYPE (CvmCompareBar, cvm_compare_bar, CVM, COMPARE_BAR, GtkRevealer)

/**
 * cvm_compare_bar_set_list:
 * @list: of CvmRunRow, of which several can be selected
 */
void cvm_compare_bar_set_list (CvmCompareBar *self,
                               GtkListBox    *list);

/**
 * cvm_compare_bar_make_menu:
 * @dir: of a run that has ended
 *
 * Returns: (transfer full): what it can be compared with now. "runs.pick" is to select it:
 * cvm_compare_bar_pick ().
 */
GMenu *cvm_compare_bar_make_menu (CvmCompareBar *self,
                                  const char    *dir);

/**
 * cvm_compare_bar_list_picked:
 *
 * Returns: (transfer full): the folders of the runs that are selected, to pick them again
 * when their rows have been made anew
 */
GPtrArray *cvm_compare_bar_list_picked (CvmCompareBar *self);

void cvm_compare_bar_pick     (CvmCompareBar *self,
                               const char    *dir);
