/* cvm-gio.c: GIO used by several threads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-gio.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>

/* Types that implement an interface and that class initialisers name. Not GTask, which would start a
 * thread. */
void
cvm_gio_prepare (void)
{
  g_type_ensure (G_TYPE_SOCKET);
  g_type_ensure (G_TYPE_INET_SOCKET_ADDRESS);
  g_type_ensure (G_TYPE_UNIX_SOCKET_ADDRESS);
  g_type_ensure (G_TYPE_PROXY_ADDRESS);
  g_type_ensure (G_TYPE_NETWORK_ADDRESS);
  g_type_ensure (G_TYPE_DBUS_CONNECTION);
}
