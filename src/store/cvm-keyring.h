/* cvm-keyring.h: passwords that the user's keyring has
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   store.
 * Threads: blocks; any thread but the main one. A keyring that is locked asks the user.
 *
 * An entry is found by its attributes application=cvmtester and name=NAME, whoever made it:
 * secret-tool store --label=LABEL application cvmtester name NAME */
#pragma once

#include <gio/gio.h>

/**
 * cvm_keyring_lookup:
 *
 * The password under NAME (transfer full). G_IO_ERROR_NOT_FOUND with the command that puts one
 * there; other errors say that no keyring answers.
 */
char *cvm_keyring_lookup (const char    *name,
                          gint64         deadline_us,
                          GCancellable  *cancellable,
                          GError       **error);
