/* cvm-check-account.h: the names under which a job keeps the passwords it makes up
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: no state. */
#pragma once

#include "cvm-context.h"

/**
 * cvm_check_account:
 * @user: "" for the image's own
 *
 * "guest alice": whose password cvm_context_password () is to find, for ssh and for whoever sets it
 */
char *cvm_check_account     (CvmContext *context,
                             const char *user);

/**
 * cvm_check_web_account:
 *
 * "web admin": the same of an account of the web interface
 */
char *cvm_check_web_account (const char *user);
