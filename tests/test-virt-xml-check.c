/* test-virt-xml-check.c: networks as XML, and what is wrong with XML that libvirt is to take
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-network-xml.h"
#include "cvm-virt-xml-check.h"

#include <string.h>

#define HEAD    "<domain type='qemu'><name>n</name><uuid>5a2d1c39-54e5-5c87-8d53-9f0f0c1ad0f1</uuid>"
#define MEMORY  "<memory unit='MiB'>64</memory>"
#define REST    "<vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os>"
#define NIC     "<interface type='user'/>"
#define DISK(path) "<disk type='file' device='disk'><source file='" path "'/><target dev='vda' bus='virtio'/></disk>"
#define DEVICES(all) "<devices>" all "</devices></domain>"

typedef struct
{
  const char  *name, *kind, *xml;
  CvmXmlLevel  level;
  const char  *says;   /* NULL: nothing is wrong with it */
} Row;

static const Row rows[] = {
  { "whole", "domain", HEAD MEMORY REST DEVICES (DISK ("/dev/null") NIC), CVM_XML_COMPLETE, NULL },
  { "no-memory", "domain", HEAD REST DEVICES (DISK ("/dev/null") NIC), CVM_XML_COMPLETE,
    "the domain has no memory" },
  { "memory-0", "domain", HEAD "<memory>0</memory>" REST DEVICES (DISK ("/dev/null") NIC), CVM_XML_COMPLETE,
    "the domain has no memory" },
  { "no-disk", "domain", HEAD MEMORY REST DEVICES (NIC), CVM_XML_COMPLETE, "no disk, nor a kernel" },
  { "no-disk-but-valid", "domain", HEAD MEMORY REST DEVICES (NIC), CVM_XML_VALID, NULL },
  { "disk-away", "domain", HEAD MEMORY REST DEVICES (DISK ("/nowhere/disk") NIC), CVM_XML_COMPLETE,
    "/nowhere/disk, which is not there" },
  { "no-interface", "domain", HEAD MEMORY REST DEVICES (DISK ("/dev/null")), CVM_XML_COMPLETE,
    "no network interface" },
  { "unknown-element", "domain", HEAD MEMORY REST "<evil/></domain>", CVM_XML_VALID, "schema" },
  { "not-xml", "domain", "<domain>\n<name>", CVM_XML_VALID, "is no XML: line 2" },
  { "empty", "domain", "", CVM_XML_VALID, "is no XML" },
  { "entities", "domain", "<!DOCTYPE d [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><domain>&b;</domain>", CVM_XML_VALID,
    "schema" },
  { "network-no-nat", "network", "<network><name>n</name></network>", CVM_XML_COMPLETE, "the network has no uuid" },
  { "network-but-valid", "network", "<network><name>n</name></network>", CVM_XML_VALID, NULL },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr(GError) error = NULL;
  gboolean is_good = cvm_virt_xml_check (row->kind, row->xml, row->level, &error);

  if (row->says == NULL)
    {
      g_assert_no_error (error);
      g_assert_true (is_good);
      return;
    }

  g_assert_false (is_good);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, row->says));
}

static void
test_huge (void)
{
  g_autofree char *xml = g_strnfill (2 * 1024 * 1024, ' ');
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_virt_xml_check ("domain", xml, CVM_XML_VALID, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_network (void)
{
  CvmNetworkSpec one = { "cvmtester-<&>'\"", "5a2d1c39-54e5-5c87-8d53-9f0f0c1ad0f1" };
  CvmNetworkSpec two = { "cvmtester-two", "5a2d1c39-54e5-5c87-8d53-9f0f0c1ad0f2" };
  g_autoptr(GError) error = NULL;
  g_autofree char *first = cvm_virt_network_xml_new (&one, &error);
  g_autofree char *same = cvm_virt_network_xml_new (&one, &error);
  g_autofree char *second = cvm_virt_network_xml_new (&two, &error);

  g_assert_true (cvm_virt_xml_check ("network", first, CVM_XML_COMPLETE, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (first, ==, same);
  g_assert_nonnull (strstr (first, "mode=\"nat\""));
  g_assert_cmpstr (strstr (first, "<ip "), !=, strstr (second, "<ip "));

  one.name = "\033";
  g_assert_null (cvm_virt_network_xml_new (&one, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/virt-xml-check/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  g_test_add_func ("/virt-xml-check/huge", test_huge);
  g_test_add_func ("/virt-xml-check/network", test_network);

  return g_test_run ();
}
