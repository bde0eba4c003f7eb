/* cvm-status-page.h: what a place shows where there is nothing to show
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

/**
 * cvm_status_page_show:
 * @stack: of a place
 * @name:  the page's; the object "page" of cvm-NAME.ui, made when it is shown first: a window that
 *         has something to show is there sooner without
 */
void cvm_status_page_show (GtkStack   *stack,
                           const char *name);
