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

/**
 * cvm_keyring_lookup_login:
 * @user: (out) (nullable): who it is the password of, where it was said
 *
 * The same, with the user's name
 */
char *cvm_keyring_lookup_login (const char    *name,
                                char         **user,
                                gint64         deadline_us,
                                GCancellable  *cancellable,
                                GError       **error);

/**
 * cvm_keyring_store:
 * @user: (nullable): who it is the password of
 *
 * Remembers it, in place of what was under NAME; that is still there where this fails
 */
gboolean cvm_keyring_store (const char    *name,
                            const char    *user,
                            const char    *password,
                            gint64         deadline_us,
                            GCancellable  *cancellable,
                            GError       **error);

/**
 * cvm_keyring_list:
 *
 * The names under which this program has passwords there, sorted; no password is read
 */
char **cvm_keyring_list (gint64         deadline_us,
                         GCancellable  *cancellable,
                         GError       **error);

/**
 * cvm_keyring_forget:
 *
 * TRUE when nothing is left under NAME
 */
gboolean cvm_keyring_forget (const char    *name,
                             gint64         deadline_us,
                             GCancellable  *cancellable,
                             GError       **error);
