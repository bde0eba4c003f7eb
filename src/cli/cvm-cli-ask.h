/* cvm-cli-ask.h: passwords that the user types
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: any; one question at a time. */
#pragma once

#include "cvm-login.h"

/**
 * cvm_cli_ask_password:
 * @account: whose it is, for the question
 *
 * Asks on the terminal, which shows nothing of the answer. Fails where there is no terminal.
 */
char *cvm_cli_ask_password (const char    *account,
                            gint64         deadline_us,
                            GCancellable  *cancellable,
                            GError       **error);

/**
 * cvm_cli_ask_login:
 *
 * CvmLoginAsk: name, unless it is known, and password, on the terminal
 */
gboolean cvm_cli_ask_login   (CvmLogin      *login,
                              gpointer       data,
                              GCancellable  *cancellable,
                              GError       **error);
