/* cvm-login.c: a name and a password that somebody asks for
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-login.h"

#include <string.h>

void
cvm_login_wipe (char *password)
{
  if (password != NULL)
    explicit_bzero (password, strlen (password));
  g_free (password);
}

void
cvm_login_clear (CvmLogin *self)
{
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->password, cvm_login_wipe);
}
