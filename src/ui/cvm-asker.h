/* cvm-asker.h: questions of other threads for a name and a password, asked in the window
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Threads: asked in any but the main one, which shows one question at a time. What is typed goes
 *          to who asked, and nowhere else. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-login.h"

/**
 * cvm_asker_ask_login:
 *
 * CvmLoginAsk: waits until the user has answered or declined, or CANCELLABLE. NOT_SUPPORTED where
 * there is no window.
 */
gboolean cvm_asker_ask_login    (CvmLogin      *login,
                                 gpointer       data,
                                 GCancellable  *cancellable,
                                 GError       **error);

/**
 * cvm_asker_ask_password:
 *
 * For CvmPorts: the password of ACCOUNT (transfer full)
 */
char    *cvm_asker_ask_password (const char    *account,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);
