/* cvm-send-bar.h: sends the reports of a run, and says what became of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. For the top of any page: it is not seen before something is sent. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_SEND_BAR (cvm_send_bar_get_type ())
G_DECLARE_FINAL_TYPE (CvmSendBar, cvm_send_bar, CVM, SEND_BAR, GtkInfoBar)

/**
 * cvm_send_bar_send:
 * @server: (nullable): a name of servers.ini; NULL: the default
 *
 * The one click: sends the run in DIR, a report a job, and says what it does from then on; of one
 * that was sent or waits it says so, and offers what there is to do
 */
void       cvm_send_bar_send       (CvmSendBar *self,
                                    const char *dir,
                                    const char *server);

/**
 * cvm_send_bar_send_again:
 *
 * Whatever was sent of it before
 */
void       cvm_send_bar_send_again (CvmSendBar *self,
                                    const char *dir,
                                    const char *server);
