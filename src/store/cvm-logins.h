/* cvm-logins.h: names and passwords for the rest of the program's life, or the keyring's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   store.
 * Threads: any; the keyring is asked, so not the main one. */
#pragma once

#include <gio/gio.h>

/**
 * cvm_logins_find:
 * @user: (out) (nullable): whose password it is, where that is known
 *
 * The password for PLACE that was typed before, else the keyring's (transfer full); NULL where
 * there is none, or it was refused. The keyring is asked once: one that is locked bothers the user.
 */
char *cvm_logins_find   (const char    *place,
                         char         **user,
                         GCancellable  *cancellable);

/**
 * cvm_logins_keep:
 * @in_keyring: for the next time too; where no keyring answers, a message says so
 */
void  cvm_logins_keep   (const char    *place,
                         const char    *user,
                         const char    *password,
                         gboolean       in_keyring);

/**
 * cvm_logins_refuse:
 *
 * PLACE did not take it: it is not found again, until another is kept
 */
void  cvm_logins_refuse (const char    *place);

/**
 * cvm_logins_clear:
 *
 * At the end: wipes what is in memory
 */
void  cvm_logins_clear  (void);
