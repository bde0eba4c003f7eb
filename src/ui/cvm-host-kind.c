/* cvm-host-kind.c: the kinds of hosts that there are, and their URIs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host-kind.h"

#include <glib/gi18n.h>
#include <string.h>

const CvmHostKind *
cvm_host_kinds (void)
{
  static const CvmHostKind kinds[] = {
    { "ssh", N_("QEMU or KVM on another computer, over ssh"),
      N_("Log in there by an ssh key without a question first. The account must be allowed to use "
         "libvirt: root, or a member of the group libvirt. Suites that need no image run there."),
      "qemu+ssh", "/system", TRUE, 22 },
    { "tls", N_("QEMU or KVM on another computer, over TLS"),
      N_("libvirtd must listen for TLS there, and both computers need certificates of the same "
         "authority. It may ask for a name and a password."),
      "qemu+tls", "/system", TRUE, 16514 },
    { "session", N_("QEMU or KVM here, for this user"),
      N_("Needs no rights: guests run as you, with the hypervisor's own network."),
      "qemu", "/session", FALSE, 0 },
    { "system", N_("QEMU or KVM here, for the whole computer"),
      N_("You must be a member of the group libvirt. Images have to lie where QEMU's own user "
         "may read them."),
      "qemu", "/system", FALSE, 0 },
    { "xen", N_("Xen here"),
      N_("libvirtd must run in the first domain (dom0), and you must be allowed to use it."),
      "xen", "/system", FALSE, 0 },
    { "xen-ssh", N_("Xen on another computer, over ssh"),
      N_("Log in to the first domain (dom0) as root by an ssh key without a question first."),
      "xen+ssh", "/system", TRUE, 22 },
    { "vbox", N_("VirtualBox here"),
      N_("VirtualBox must be installed for this user, in a version that libvirt knows. Each job "
         "makes its .vdi copy of the image by itself."),
      "vbox", "/session", FALSE, 0 },
    { "esx", N_("VMware ESX"),
      N_("It asks for a name and a password, often root's. A certificate that nobody signed is "
         "accepted only with ?no_verify=1 behind the URI."),
      "esx", "/", TRUE, 443 },
    { "vmware", N_("VMware Workstation here"),
      N_("vmrun must be installed. Each job makes its .vmdk copy of the image by itself."),
      "vmwarews", "/session", FALSE, 0 },
    { "test", N_("libvirt's test driver"),
      N_("No guests, only a pretence of them: to try cvmtester itself, or how libvirt behaves."),
      "test", "/default", FALSE, 0 },
    { "other", N_("Another one, by its URI"),
      N_("Any libvirt URI, such as qemu+tcp://HOST:PORT/system or test:///path/to/node.xml."),
      NULL, NULL, FALSE, 0 },
    { NULL }
  };

  return kinds;
}

static gboolean
is_bare_address (const char *machine)
{
  return machine[0] != '[' && strchr (machine, ':') != NULL;
}

char *
cvm_host_kind_uri (const CvmHostKind *kind,
                   const char        *machine,
                   const char        *user,
                   guint              port)
{
  GString *uri;

  if (kind->scheme == NULL || (kind->has_machine && *machine == '\0'))
    return NULL;

  uri = g_string_new (kind->scheme);
  g_string_append (uri, "://");
  if (kind->has_machine && user != NULL && *user != '\0')
    {
      g_string_append_uri_escaped (uri, user, NULL, FALSE);
      g_string_append_c (uri, '@');
    }
  if (kind->has_machine)
    g_string_append_printf (uri, is_bare_address (machine) ? "[%s]" : "%s", machine);
  if (kind->has_machine && port != 0 && port != kind->port)
    g_string_append_printf (uri, ":%u", port);
  g_string_append (uri, kind->path);

  return g_string_free (uri, FALSE);
}

const char *
cvm_host_kind_title (const char *uri)
{
  static const struct { const char *uri, *title; } found[] = {
    { "qemu:///session", N_("This Computer, Your Session") },
    { "qemu:///system", N_("This Computer, System") },
    { "test:///default", N_("libvirt's Test Driver") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (found); i++)
    if (g_str_equal (uri, found[i].uri))
      return _(found[i].title);

  return NULL;
}
