/* cvm-cli-server.c: the options that say which Tapper server is meant
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-server.h"

#include <glib/gi18n.h>

CvmTapperServer *
cvm_cli_server_find (const CvmCliServer  *self,
                     GError             **error)
{
  gboolean is_for_call = self->receiver != NULL || self->api != NULL || self->web != NULL;

  if (self->name != NULL && is_for_call)
    {
      g_set_error_literal (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID,
                           _("--server names a server; --receiver, --api and --web describe "
                             "another one: give one or the other"));
      return NULL;
    }

  if (!is_for_call)
    return cvm_tapper_servers_find (self->name, error);

  if (self->receiver == NULL)
    {
      g_set_error_literal (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_INVALID,
                           _("--api and --web need --receiver, too: "
                             "it is what a server is known by"));
      return NULL;
    }

  return cvm_tapper_server_new (NULL, self->receiver, self->api, self->web, error);
}

void
cvm_cli_server_clear (CvmCliServer *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->receiver, g_free);
  g_clear_pointer (&self->api, g_free);
  g_clear_pointer (&self->web, g_free);
}
