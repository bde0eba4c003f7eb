/* test-host-kind.c: the URIs that the form makes are ones that libvirt takes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host-kind.h"

#include <string.h>

#include "cvm-hosts.h"

static const struct
{
  const char *kind, *machine, *user;
  guint       port;
  const char *uri;
} cases[] = {
  { "ssh", "lab-3", "", 22, "qemu+ssh://lab-3/system" },
  { "ssh", "lab-3", "root", 2222, "qemu+ssh://root@lab-3:2222/system" },
  { "ssh", "fe80::1", "root", 22, "qemu+ssh://root@[fe80::1]/system" },
  { "ssh", "[::1]", "", 23, "qemu+ssh://[::1]:23/system" },
  { "ssh", "lab", "me@home", 22, "qemu+ssh://me%40home@lab/system" },
  { "ssh", "lab", "a:b", 22, "qemu+ssh://a%3Ab@lab/system" },
  { "ssh", "", "root", 22, NULL },
  { "tls", "lab", "", 16514, "qemu+tls://lab/system" },
  { "session", "ignored", "ignored", 1, "qemu:///session" },
  { "system", "", "", 0, "qemu:///system" },
  { "xen", "", "", 0, "xen:///system" },
  { "xen-ssh", "dom0", "root", 22, "xen+ssh://root@dom0/system" },
  { "vbox", "", "", 0, "vbox:///session" },
  { "esx", "esx.example", "root", 443, "esx://root@esx.example/" },
  { "vmware", "", "", 0, "vmwarews:///session" },
  { "test", "", "", 0, "test:///default" },
  { "other", "lab", "", 1, NULL },
};

static const CvmHostKind *
find (const char *id)
{
  const CvmHostKind *kind = cvm_host_kinds ();

  while (kind->id != NULL && !g_str_equal (kind->id, id))
    kind++;
  g_assert_nonnull (kind->id);

  return kind;
}

static void
test_uri (gconstpointer data)
{
  const typeof (cases[0]) *c = data;
  g_autofree char *uri = cvm_host_kind_uri (find (c->kind), c->machine, c->user, c->port);
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (uri, ==, c->uri);
  if (uri != NULL)
    g_assert_true (cvm_hosts_check_uri (uri, &error));
  g_assert_no_error (error);
}

/* What would break out of its part of the URI is seen before it is saved */
static void
test_hostile (void)
{
  static const char *const machines[] = { "a b", "lab\n", "u:p@lab", "l\xc3\xa4" "b" };

  for (gsize i = 0; i < G_N_ELEMENTS (machines); i++)
    {
      g_autofree char *uri = cvm_host_kind_uri (find ("esx"), machines[i], NULL, 443);

      g_assert_false (cvm_hosts_check_uri (uri, NULL));
    }
}

static void
test_kinds (void)
{
  for (const CvmHostKind *kind = cvm_host_kinds (); kind->id != NULL; kind++)
    {
      g_assert_true (strlen (kind->title) > 0 && strlen (kind->hint) > 0);
      g_assert_cmpint (kind->scheme == NULL, ==, kind->path == NULL);
    }
  g_assert_nonnull (cvm_host_kind_title ("qemu:///session"));
  g_assert_null (cvm_host_kind_title ("qemu+ssh://lab/system"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/host-kind/uri/%s-%zu", cases[i].kind, i);

      g_test_add_data_func (path, &cases[i], test_uri);
    }
  g_test_add_func ("/host-kind/hostile", test_hostile);
  g_test_add_func ("/host-kind/kinds", test_kinds);

  return g_test_run ();
}
