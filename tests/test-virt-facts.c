/* test-virt-facts.c: capabilities and URIs, understood
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-facts.h"

#define HOST(arch) "<capabilities><host><cpu><arch>" arch "</arch></cpu></host>"
#define GUEST(arch, domains) "<guest><os_type>hvm</os_type><arch name='" arch "'>" domains "</arch></guest>"

static const struct
{
  const char *name, *xml;
  gboolean    is_understood;
  const char *arch, *types;
} capabilities[] = {
  { "qemu", HOST ("x86_64") GUEST ("i686", "<domain type='qemu'/><domain type='xen'/>")
            GUEST ("x86_64", "<domain type='qemu'/><domain type='kvm'><machine>pc</machine></domain>")
            "</capabilities>", TRUE, "x86_64", "qemu kvm" },
  { "once", HOST ("i686") GUEST ("i686", "<domain type='qemu'/>") GUEST ("i686", "<domain type='qemu'/>")
            "</capabilities>", TRUE, "i686", "qemu" },
  { "other-architecture", HOST ("riscv64") GUEST ("x86_64", "<domain type='qemu'/>") "</capabilities>",
    TRUE, "riscv64", "qemu" },
  { "no-guests", HOST ("x86_64") "</capabilities>", TRUE, "x86_64", "" },
  { "something-else", "<domain/>", TRUE, "", "" },
  { "not-xml", "Permission denied", FALSE, NULL, NULL },
  { "empty", "", FALSE, NULL, NULL },
  { "torn", HOST ("x86_64"), FALSE, NULL, NULL },
  { "entities", "<!DOCTYPE c [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
                "<!ENTITY c SYSTEM 'file:///etc/passwd'>]><capabilities><host><cpu><arch>&c;</arch></cpu></host>"
                "</capabilities>", TRUE, "", "" },
};

static void
test_capabilities (gconstpointer data)
{
  const typeof (capabilities[0]) *c = data;
  g_autoptr(CvmHostFacts) facts = cvm_host_facts_new ();
  g_autofree char *types = NULL;

  g_assert_cmpint (cvm_virt_facts_take_capabilities (facts, c->xml), ==, c->is_understood);
  if (!c->is_understood)
    return;

  types = g_strjoinv (" ", facts->hypervisors);
  g_assert_cmpstr (types, ==, c->types);
  g_assert_cmpstr (facts->arch, ==, c->arch);
}

static const struct
{
  const char *uri;
  gboolean    is_local;
} uris[] = {
  { "qemu:///session", TRUE },
  { "qemu:///system", TRUE },
  { "qemu+unix:///system?socket=/run/other", TRUE },
  { "test:///default", TRUE },
  { "xen:///", TRUE },
  { "qemu://machine/system", FALSE },
  { "qemu+ssh://user@machine/system?no_tty=1", FALSE },
  { "qemu+ssh:///system", FALSE },
  { "qemu+tcp://127.0.0.1:16509/system", FALSE },
  { "qemu+tls://[::1]/system", FALSE },
  { "not a URI", FALSE },
  { "", FALSE },
};

static void
test_uris (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_test_message ("%s", uris[i].uri);
      g_assert_cmpint (cvm_virt_facts_uri_is_local (uris[i].uri), ==, uris[i].is_local);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virt-facts/uris", test_uris);
  for (gsize i = 0; i < G_N_ELEMENTS (capabilities); i++)
    {
      g_autofree char *path = g_strconcat ("/virt-facts/capabilities/", capabilities[i].name, NULL);

      g_test_add_data_func (path, &capabilities[i], test_capabilities);
    }

  return g_test_run ();
}
