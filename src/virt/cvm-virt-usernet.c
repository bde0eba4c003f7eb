/* cvm-virt-usernet.c: which port of this machine leads to which of the guest's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-usernet.h"

/*   Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
 *   TCP[HOST_FORWARD]  12       127.0.0.1 36417       10.0.2.15    22     0     0 */
#define FORWARD "^\\h*TCP\\[HOST_FORWARD\\]\\h+\\d+\\h+127\\.0\\.0\\.1\\h+(\\d{1,5})\\h+" \
                "\\S+\\h+%u\\h"

int
cvm_virt_usernet_host_port (const char *info,
                            guint16     guest_port)
{
  g_autofree char *pattern = g_strdup_printf (FORWARD, guest_port);
  g_autoptr(GRegex) forward = g_regex_new (pattern, G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *port = NULL;
  guint64 value;

  if (!g_regex_match (forward, info, 0, &match))
    return -1;

  port = g_match_info_fetch (match, 1);
  if (!g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &value, NULL))
    return -1;

  return (int)value;
}
