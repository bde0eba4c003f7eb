/* test-virt-domain-xml.c: the XML of a domain: what is in it, hostile strings, libvirt's schema
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-domain-xml.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#define SCHEMA "/usr/share/libvirt/schemas/domain.rng"
#define HOSTILE "a'b\"c<d>&e]]>&amp;,f=%s%n\t\303\251"

static CvmGuestSpec *
plain_spec (void)
{
  CvmGuestSpec *spec = cvm_guest_spec_new ();
  guint16 ports[] = { 22, 65535 };

  spec->name = g_strdup ("cvmtester-2026-11-21T072513Z-7f3a-01");
  spec->uuid = g_strdup ("5a2d1c39-54e5-5c87-8d53-9f0f0c1ad0f1");
  spec->title = g_strdup ("demo: boots-and-answers");
  spec->run_id = g_strdup ("2026-11-21T072513Z-7f3a");
  spec->job_id = g_strdup ("01");
  spec->run_dir = g_strdup ("/var/tmp/runs/7f3a");
  spec->machine_id = g_strdup ("0123456789abcdef0123456789abcdef");
  spec->uid = G_MAXUINT32;
  spec->hypervisor = g_strdup ("qemu");
  spec->arch = g_strdup ("x86_64");
  spec->memory_mib = 256;
  spec->cpus = 2;
  spec->kernel = g_strdup ("/boot/vmlinuz");
  spec->initrd = g_strdup ("/boot/initrd");
  spec->cmdline = g_strdup ("console=ttyS0");
  spec->disk = g_strdup ("/var/tmp/disk.qcow2");
  spec->disk_format = g_strdup ("qcow2");
  g_array_append_vals (spec->ports, ports, G_N_ELEMENTS (ports));
  spec->has_display = TRUE;

  return spec;
}

static void
set (char       **field,
     const char  *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

/* Built, read back, and asked */

static xmlDoc *
build (const CvmGuestSpec *spec)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *xml = cvm_virt_domain_xml_new (spec, &error);
  xmlDoc *doc;

  g_assert_no_error (error);
  g_test_message ("%s", xml);
  doc = xmlReadMemory (xml, (int)strlen (xml), "domain.xml", NULL, XML_PARSE_NONET);
  g_assert_nonnull (doc);

  return doc;
}

static char *
find (xmlDoc     *doc,
      const char *expression)
{
  xmlXPathContext *context = xmlXPathNewContext (doc);
  g_autofree char *string = g_strdup_printf ("string(%s)", expression);
  xmlXPathObject *found;
  char *text;

  xmlXPathRegisterNs (context, (const xmlChar *)"q",
                      (const xmlChar *)"http://libvirt.org/schemas/domain/qemu/1.0");
  xmlXPathRegisterNs (context, (const xmlChar *)"m", (const xmlChar *)CVM_VIRT_MARK_URI);
  found = xmlXPathEvalExpression ((const xmlChar *)string, context);
  g_assert_nonnull (found);
  text = g_strdup ((const char *)found->stringval);
  xmlXPathFreeObject (found);
  xmlXPathFreeContext (context);

  return text;
}

static void
expect (xmlDoc     *doc,
        const char *expression,
        const char *expected)
{
  g_autofree char *found = find (doc, expression);

  g_test_message ("%s", expression);
  g_assert_cmpstr (found, ==, expected);
}

static void
expect_valid (xmlDoc *doc)
{
  xmlRelaxNGParserCtxt *parser;
  xmlRelaxNG *schema;
  xmlRelaxNGValidCtxt *validator;

  if (!g_file_test (SCHEMA, G_FILE_TEST_EXISTS))
    {
      g_test_message ("not validated: there is no %s", SCHEMA);
      return;
    }

  parser = xmlRelaxNGNewParserCtxt (SCHEMA);
  schema = xmlRelaxNGParse (parser);
  validator = xmlRelaxNGNewValidCtxt (schema);
  g_assert_nonnull (schema);
  g_assert_cmpint (xmlRelaxNGValidateDoc (validator, doc), ==, 0);
  xmlRelaxNGFreeValidCtxt (validator);
  xmlRelaxNGFree (schema);
  xmlRelaxNGFreeParserCtxt (parser);
}

static void
test_whole (void)
{
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  xmlDoc *doc = build (spec);

  expect_valid (doc);
  expect (doc, "/domain/@type", "qemu");
  expect (doc, "/domain/name", spec->name);
  expect (doc, "/domain/uuid", spec->uuid);
  expect (doc, "/domain/memory[@unit = 'MiB']", "256");
  expect (doc, "/domain/vcpu", "2");
  expect (doc, "/domain/os/kernel", "/boot/vmlinuz");
  expect (doc, "/domain/os/cmdline", "console=ttyS0");
  expect (doc, "count(/domain/os/boot)", "0");
  expect (doc, "/domain/devices/disk/source/@file", "/var/tmp/disk.qcow2");
  expect (doc, "/domain/devices/disk/driver/@type", "qcow2");
  expect (doc, "/domain/devices/graphics/listen/@type", "none");
  expect (doc, "count(/domain/devices/interface)", "0");
  expect (doc, "/domain/q:commandline/q:arg[2]/@value",
          "user,id=cvm-net,hostfwd=tcp:127.0.0.1:0-:22,hostfwd=tcp:127.0.0.1:0-:65535");
  expect (doc, "/domain/metadata/m:run/@uid", "4294967295");
  xmlFreeDoc (doc);
}

/* The least that a guest can be */
static void
test_bare (void)
{
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  xmlDoc *doc;

  set (&spec->title, NULL);
  set (&spec->kernel, NULL);
  set (&spec->initrd, NULL);
  set (&spec->cmdline, NULL);
  set (&spec->disk, NULL);
  set (&spec->disk_format, NULL);
  set (&spec->hypervisor, "kvm");
  set (&spec->arch, "aarch64");
  g_array_set_size (spec->ports, 0);
  spec->has_display = FALSE;

  doc = build (spec);
  expect_valid (doc);
  expect (doc, "/domain/os/boot/@dev", "hd");
  expect (doc, "count(/domain/devices/*[name() = 'disk' or name() = 'graphics' or name() = 'video'])", "0");
  expect (doc, "/domain/q:commandline/q:arg[2]/@value", "user,id=cvm-net");
  xmlFreeDoc (doc);
}

/* Nothing that only QEMU understands goes to another driver */
static void
test_other_driver (void)
{
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  xmlDoc *doc;

  set (&spec->hypervisor, "test");
  doc = build (spec);
  expect_valid (doc);
  expect (doc, "/domain/@type", "test");
  expect (doc, "count(//q:*)", "0");
  expect (doc, "count(/domain/devices/serial)", "0");
  xmlFreeDoc (doc);
}

/* Hypervisors that cannot run everywhere: what is made for them is right by libvirt's schema */
static const struct
{
  const char *hypervisor, *format, *target, *interface;
} others[] = {
  { "vbox", "vdi", "hda", "user" },
  { "vmware", "vmdk", "sda", "user" },
  { "xen", "raw", "xvda", "" },
};

/* What a guest reads at its first boot, and cannot write */
static const struct
{
  const char *hypervisor, *seed, *seed_device, *context;
} cds[] = {
  { "qemu", "vdb", "disk", "sda" },
  { "kvm", "vdb", "disk", "sda" },
  { "vbox", "hdc", "cdrom", "hdd" },
  { "vmware", "hdc", "cdrom", "hdd" },
  { "xen", "hdc", "cdrom", "hdd" },
};

static void
test_cds (gconstpointer data)
{
  const typeof (cds[0]) *c = data;
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  xmlDoc *doc;

  set (&spec->hypervisor, c->hypervisor);
  set (&spec->seed, "/tmp/" HOSTILE);
  set (&spec->context, "/tmp/context.iso");
  doc = build (spec);
  expect_valid (doc);
  expect (doc, "count(/domain/devices/disk)", "3");
  expect (doc, "count(/domain/devices/disk[readonly])", "2");
  expect (doc, "count(/domain/devices/disk[1]/readonly)", "0");
  expect (doc, "/domain/devices/disk[2]/source/@file", "/tmp/" HOSTILE);
  expect (doc, "/domain/devices/disk[2]/target/@dev", c->seed);
  expect (doc, "/domain/devices/disk[2]/@device", c->seed_device);
  expect (doc, "/domain/devices/disk[3]/source/@file", "/tmp/context.iso");
  expect (doc, "/domain/devices/disk[3]/target/@dev", c->context);
  expect (doc, "/domain/devices/disk[3]/@device", "cdrom");
  xmlFreeDoc (doc);
}

static void
test_other_hypervisor (gconstpointer data)
{
  const typeof (others[0]) *c = data;
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  xmlDoc *doc;

  set (&spec->hypervisor, c->hypervisor);
  set (&spec->disk_format, c->format);
  set (&spec->mac, "52:54:00:12:34:56");
  for (guint with_kernel = 0; with_kernel < 2; with_kernel++)
    {
      doc = build (spec);
      expect_valid (doc);
      expect (doc, "/domain/@type", c->hypervisor);
      expect (doc, "/domain/devices/disk/target/@dev", c->target);
      expect (doc, "/domain/devices/interface/@type", c->interface);
      expect (doc, "count(//q:*)", "0");
      xmlFreeDoc (doc);
      set (&spec->kernel, NULL);
    }

  set (&spec->network, "cvmtester-nat");
  doc = build (spec);
  expect_valid (doc);
  expect (doc, "/domain/devices/interface/source/@network", "cvmtester-nat");
  expect (doc, "/domain/devices/interface/mac/@address", "52:54:00:12:34:56");
  xmlFreeDoc (doc);
}

/* What a configuration can ask for beside: its MAC, its video memory, a network of the host's */
static void
test_network (void)
{
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  g_autoptr(GError) error = NULL;
  xmlDoc *doc;

  set (&spec->mac, "52:54:00:12:34:56");
  spec->video_kib = 16384;
  doc = build (spec);
  expect_valid (doc);
  expect (doc, "/domain/devices/video/model/@vram", "16384");
  expect (doc, "/domain/q:commandline/q:arg[4]/@value",
          "virtio-net-pci,netdev=cvm-net,romfile=,addr=0x10,mac=52:54:00:12:34:56");
  xmlFreeDoc (doc);

  set (&spec->network, HOSTILE);
  doc = build (spec);
  expect_valid (doc);
  expect (doc, "/domain/devices/interface/source/@network", HOSTILE);
  expect (doc, "count(//q:*)", "0");
  xmlFreeDoc (doc);

  set (&spec->mac, "52:54:00:12:34:56,romfile=/etc/passwd");
  g_assert_null (cvm_virt_domain_xml_new (spec, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "MAC"));
}

/* What a string says stays what it says, and where */
static void
test_hostile (void)
{
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  xmlDoc *doc;

  set (&spec->title, "]]></title><title>" HOSTILE);
  set (&spec->cmdline, "init=/bin/sh\" '" HOSTILE "</cmdline><cmdline>");
  set (&spec->kernel, "/tmp/" HOSTILE);
  set (&spec->disk, "/tmp/,readonly=off/" HOSTILE);
  set (&spec->run_dir, "/tmp/'/><evil x='" HOSTILE);
  set (&spec->job_id, HOSTILE);

  doc = build (spec);
  expect_valid (doc);
  expect (doc, "/domain/title", spec->title);
  expect (doc, "/domain/os/cmdline", spec->cmdline);
  expect (doc, "/domain/os/kernel", spec->kernel);
  expect (doc, "/domain/devices/disk/source/@file", spec->disk);
  expect (doc, "/domain/metadata/m:run/@dir", spec->run_dir);
  expect (doc, "/domain/metadata/m:run/@job", HOSTILE);
  expect (doc, "count(//evil)", "0");
  xmlFreeDoc (doc);
}

static const struct
{
  const char *name, *cmdline;
} unsayable[] = {
  { "control", "quiet \001" },
  { "escape", "\033[2J" },
  { "latin1", "caf\351" },
  { "surrogate", "\355\240\200" },
  { "noncharacter", "\357\277\277" },
};

static void
test_unsayable (gconstpointer data)
{
  const typeof (unsayable[0]) *c = data;
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  g_autoptr(GError) error = NULL;

  set (&spec->cmdline, c->cmdline);
  g_assert_null (cvm_virt_domain_xml_new (spec, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "command line"));
}

static void
test_missing (void)
{
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  g_autoptr(GError) error = NULL;

  set (&spec->uuid, NULL);
  g_assert_null (cvm_virt_domain_xml_new (spec, &error));
  g_assert_nonnull (strstr (error->message, "UUID"));
}

/* The same spec, the same bytes */
static void
test_pure (void)
{
  g_autoptr(CvmGuestSpec) spec = plain_spec ();
  g_autofree char *one = cvm_virt_domain_xml_new (spec, NULL);
  g_autofree char *two = cvm_virt_domain_xml_new (spec, NULL);

  g_assert_cmpstr (one, ==, two);
}

/* Marks ------------------------------------------------------------------------------------ */

#define MARK(attributes) "<cvmtester:run xmlns:cvmtester='" CVM_VIRT_MARK_URI "' " attributes "/>"

static const struct
{
  const char *name, *xml;
  gboolean    is_marked;
} marks[] = {
  { "whole", MARK ("id='r' job='01' dir='/d' machine='m' uid='1000'"), TRUE },
  { "no-prefix", "<run xmlns='" CVM_VIRT_MARK_URI "' id='r' dir='/d' machine='m' uid='0'/>", TRUE },
  { "no-uid", MARK ("id='r' dir='/d' machine='m'"), FALSE },
  { "uid-negative", MARK ("id='r' dir='/d' machine='m' uid='-1'"), FALSE },
  { "uid-too-large", MARK ("id='r' dir='/d' machine='m' uid='4294967296'"), FALSE },
  { "uid-not-a-number", MARK ("id='r' dir='/d' machine='m' uid='root'"), FALSE },
  { "no-run", MARK ("dir='/d' machine='m' uid='1000'"), FALSE },
  { "other-element", "<other id='r' dir='/d' machine='m' uid='1000'/>", FALSE },
  { "not-xml", "uid=1000", FALSE },
  { "empty", "", FALSE },
};

static void
test_mark (gconstpointer data)
{
  const typeof (marks[0]) *c = data;
  g_autoptr(CvmHostObject) object = cvm_host_object_new ();

  g_assert_cmpint (cvm_virt_domain_xml_get_mark (c->xml, object), ==, c->is_marked);
  g_assert_cmpint (object->is_marked, ==, c->is_marked);
  g_assert_cmpstr (object->run_dir, ==, c->is_marked ? "/d" : NULL);
}

static void
test_mark_huge (void)
{
  g_autoptr(CvmHostObject) object = cvm_host_object_new ();
  g_autofree char *filler = g_strnfill (1024 * 1024, 'x');
  g_autofree char *xml = g_strdup_printf (MARK ("id='%s' dir='/d' machine='m' uid='1'"), filler);

  g_assert_false (cvm_virt_domain_xml_get_mark (xml, object));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virt-domain-xml/whole", test_whole);
  g_test_add_func ("/virt-domain-xml/bare", test_bare);
  g_test_add_func ("/virt-domain-xml/other-driver", test_other_driver);
  g_test_add_func ("/virt-domain-xml/network", test_network);
  g_test_add_func ("/virt-domain-xml/hostile", test_hostile);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_strconcat ("/virt-domain-xml/", others[i].hypervisor, NULL);

      g_test_add_data_func (path, &others[i], test_other_hypervisor);
    }
  g_test_add_func ("/virt-domain-xml/missing", test_missing);
  g_test_add_func ("/virt-domain-xml/pure", test_pure);
  g_test_add_func ("/virt-domain-xml/mark-huge", test_mark_huge);
  for (gsize i = 0; i < G_N_ELEMENTS (unsayable); i++)
    {
      g_autofree char *path = g_strconcat ("/virt-domain-xml/unsayable/", unsayable[i].name, NULL);

      g_test_add_data_func (path, &unsayable[i], test_unsayable);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_autofree char *path = g_strconcat ("/virt-domain-xml/mark/", marks[i].name, NULL);

      g_test_add_data_func (path, &marks[i], test_mark);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (cds); i++)
    {
      g_autofree char *path = g_strconcat ("/virt-domain-xml/cds/", cds[i].hypervisor, NULL);

      g_test_add_data_func (path, &cds[i], test_cds);
    }

  return g_test_run ();
}
