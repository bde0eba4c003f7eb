/* test-virt-usernet.c: "info usernet", as QEMU says it and as it should not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-usernet.h"

#define HEAD \
  "Hub -1 (cvm-net):\r\n" \
  "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n"

static const struct
{
  const char *name, *info;
  guint16     guest_port;
  int         host_port;
} cases[] = {
  { "ssh", HEAD "  TCP[HOST_FORWARD]  12       127.0.0.1 36417       10.0.2.15    22     0     0\r\n", 22, 36417 },
  { "second", HEAD "  TCP[HOST_FORWARD]  12       127.0.0.1 36417       10.0.2.15    22     0     0\r\n"
                   "  TCP[HOST_FORWARD]  13       127.0.0.1 40001       10.0.2.15  8004     0     0\r\n", 8004, 40001 },
  { "prefix-of-a-port", HEAD "  TCP[HOST_FORWARD]  13       127.0.0.1 40001       10.0.2.15  8004     0     0\n", 800, -1 },
  { "not-forwarded", HEAD, 22, -1 },
  { "established", HEAD "  TCP[ESTABLISHED]   14       127.0.0.1 50000       10.0.2.15    22     0     0\n", 22, -1 },
  { "udp", HEAD "  UDP[HOST_FORWARD]  12       127.0.0.1 36417       10.0.2.15    22     0     0\n", 22, -1 },
  { "open-to-all", HEAD "  TCP[HOST_FORWARD]  12               * 36417       10.0.2.15    22     0     0\n", 22, -1 },
  { "port-too-large", HEAD "  TCP[HOST_FORWARD]  12       127.0.0.1 70000       10.0.2.15    22     0     0\n", 22, -1 },
  { "port-zero", HEAD "  TCP[HOST_FORWARD]  12       127.0.0.1     0       10.0.2.15    22     0     0\n", 22, -1 },
  { "two-lines", HEAD "  TCP[HOST_FORWARD]  12       127.0.0.1 36417\n 10.0.2.15    22     0     0\n", 22, -1 },
  { "not-utf8", HEAD "\xff\xfe\n  TCP[HOST_FORWARD]  12       127.0.0.1 1       10.0.2.15    22     0     0\n", 22, 1 },
  { "unknown-command", "unknown command: 'info usernet'\r\n", 22, -1 },
  { "empty", "", 22, -1 },
};

static void
test_info (gconstpointer data)
{
  const typeof (cases[0]) *c = data;

  g_assert_cmpint (cvm_virt_usernet_host_port (c->info, c->guest_port), ==, c->host_port);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/virt-usernet/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_info);
    }

  return g_test_run ();
}
