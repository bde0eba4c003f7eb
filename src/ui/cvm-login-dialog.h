/* cvm-login-dialog.h: a name and a password, typed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-login.h"

#define CVM_TYPE_LOGIN_DIALOG (cvm_login_dialog_get_type ())
G_DECLARE_FINAL_TYPE (CvmLoginDialog, cvm_login_dialog, CVM, LOGIN_DIALOG, GtkDialog)

GtkWidget *cvm_login_dialog_new  (GtkWindow       *parent,
                                  const CvmLogin  *question);

/**
 * cvm_login_dialog_fill:
 *
 * What was typed, into LOGIN
 */
void       cvm_login_dialog_fill (CvmLoginDialog  *self,
                                  CvmLogin        *login);
