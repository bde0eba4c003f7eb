/* cvm-waiting-bar.h: tells that reports wait for their server, wherever one looks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. For the main page; it also keeps the number of the place of the reports. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_WAITING_BAR (cvm_waiting_bar_get_type ())
G_DECLARE_FINAL_TYPE (CvmWaitingBar, cvm_waiting_bar, CVM, WAITING_BAR, GtkInfoBar)

/**
 * cvm_waiting_bar_begin:
 *
 * Looks at the spool; once the window is on the screen
 */
void cvm_waiting_bar_begin (CvmWaitingBar *self);
