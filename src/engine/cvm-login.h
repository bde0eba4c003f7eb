/* cvm-login.h: a name and a password that somebody asks for
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: no state. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  const char *place;       /* who asks: a host's URI, or an account such as "root@guest" */
  const char *complaint;   /* why it asks again; NULL the first time. English */
  gboolean    has_user;    /* USER is known, and only the password is asked for */
  gboolean    can_keep;    /* the keyring is offered */
  gboolean    is_kept;     /* out: the user wants it to be remembered in the keyring */
  char       *user;        /* in: a proposal, or NULL; out: what was typed */
  char       *password;    /* out */
} CvmLogin;

/* Asks a person; any thread but the main one. G_IO_ERROR_CANCELLED where the person declines,
 * G_IO_ERROR_NOT_SUPPORTED where there is nobody to ask. */
typedef gboolean (*CvmLoginAsk) (CvmLogin      *login,
                                 gpointer       data,
                                 GCancellable  *cancellable,
                                 GError       **error);

/**
 * cvm_login_clear:
 *
 * Frees what was answered, and wipes the password
 */
void cvm_login_clear (CvmLogin *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmLogin, cvm_login_clear)

/**
 * cvm_login_wipe:
 *
 * Frees PASSWORD, which may be NULL, after its bytes are gone
 */
void cvm_login_wipe  (char     *password);
