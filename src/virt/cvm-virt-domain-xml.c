/* cvm-virt-domain-xml.c: a guest's domain as XML, and our mark on it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-domain-xml.h"

#include <libxml/parser.h>
#include <string.h>

#include "cvm-virt-xml.h"

#define QEMU_URI      "http://libvirt.org/schemas/domain/qemu/1.0"
#define MAX_MARK_LEN  (64 * 1024)
#define MAC_PATTERN  "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"

#define STR(text)   CVM_VIRT_STR (text)
#define ADD         CVM_VIRT_ADD
#define add         cvm_virt_xml_add

typedef struct
{
  const char *device, *target, *bus;
} Slot;

/* What differs from driver to driver */
typedef struct
{
  const char *hypervisor;
  Slot        disk;
  Slot        seed, context;  /* CDs, which a cloud's kernel sees only as disks: it has no other
                                 driver */
  const char *disk_driver;    /* NULL: libvirt's driver knows no other than its own */
  const char *interface;      /* of a guest without a network of its own; NULL: none, or QEMU's */
} Driver;

static const Driver drivers[] = {
  { "vbox", { "disk", "hda", "ide" }, { "cdrom", "hdc", "ide" }, { "cdrom", "hdd", "ide" },
    NULL, "user" },
  { "vmware", { "disk", "sda", "scsi" }, { "cdrom", "hdc", "ide" }, { "cdrom", "hdd", "ide" },
    NULL, "user" },
  { "xen", { "disk", "xvda", "xen" }, { "cdrom", "hdc", "ide" }, { "cdrom", "hdd", "ide" },
    "qemu", NULL },
  { NULL, { "disk", "vda", "virtio" }, { "disk", "vdb", "virtio" }, { "cdrom", "sda", "sata" },
    "qemu", NULL },
                                             /* QEMU's, and all others */
};

static const Driver *
driver_of (const CvmGuestSpec *spec)
{
  const Driver *driver = drivers;

  while (driver->hypervisor != NULL && !g_str_equal (driver->hypervisor, spec->hypervisor))
    driver++;

  return driver;
}

/* Nodes ------------------------------------------------------------------------------------ */

static void
add_number (xmlNode    *parent,
            const char *name,
            const char *unit,
            guint       number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  xmlNode *node = add (parent, name, text, NULL);

  if (unit != NULL)
    xmlNewProp (node, STR ("unit"), STR (unit));
}

/* Parts ------------------------------------------------------------------------------------ */

static void
add_mark (xmlNode            *domain,
          const CvmGuestSpec *spec)
{
  xmlNode *metadata = add (domain, "metadata", NULL, NULL);
  xmlNode *mark = xmlNewChild (metadata, NULL, STR ("run"), NULL);
  g_autofree char *uid = g_strdup_printf ("%u", spec->uid);

  xmlSetNs (mark, xmlNewNs (mark, STR (CVM_VIRT_MARK_URI), STR ("cvmtester")));
  xmlNewProp (mark, STR ("id"), STR (spec->run_id));
  xmlNewProp (mark, STR ("job"), STR (spec->job_id));
  xmlNewProp (mark, STR ("dir"), STR (spec->run_dir));
  xmlNewProp (mark, STR ("machine"), STR (spec->machine_id));
  xmlNewProp (mark, STR ("uid"), STR (uid));
}

static void
add_os (xmlNode            *domain,
        const CvmGuestSpec *spec)
{
  gboolean is_xen = g_str_equal (spec->hypervisor, "xen");
  xmlNode *os;

  /* a Xen guest without a kernel of its own runs the one that its disk names */
  if (is_xen && spec->kernel == NULL)
    add (domain, "bootloader", "pygrub", NULL);

  os = add (domain, "os", NULL, NULL);
  if (is_xen)
    add (os, "type", "linux", NULL);
  else
    ADD (os, "type", "hvm", { "arch", spec->arch }, );

  if (spec->kernel != NULL)
    add (os, "kernel", spec->kernel, NULL);
  if (spec->kernel != NULL && spec->initrd != NULL)
    add (os, "initrd", spec->initrd, NULL);
  if (spec->kernel != NULL && spec->cmdline != NULL)
    add (os, "cmdline", spec->cmdline, NULL);
  if (spec->kernel == NULL && !is_xen)
    ADD (os, "boot", NULL, { "dev", "hd" }, );
}

static void
add_features (xmlNode            *domain,
              const CvmGuestSpec *spec)
{
  xmlNode *features = add (domain, "features", NULL, NULL);

  add (features, "acpi", NULL, NULL);
  if (g_str_equal (spec->arch, "x86_64") || g_str_equal (spec->arch, "i686"))
    {
      add (features, "apic", NULL, NULL);
      add (features, "pae", NULL, NULL);
    }
}

static xmlNode *
add_file (xmlNode            *devices,
          const CvmGuestSpec *spec,
          const Slot         *slot,
          const char         *file,
          const char         *format)
{
  const char *driver = driver_of (spec)->disk_driver;
  xmlNode *disk = ADD (devices, "disk", NULL, { "type", "file" }, { "device", slot->device }, );

  /* an overlay is thrown away after the job: nothing is gained by syncing it to the disk */
  if (driver != NULL)
    ADD (disk, "driver", NULL, { "name", driver }, { "type", format }, { "cache", "unsafe" }, );
  ADD (disk, "source", NULL, { "file", file }, );
  ADD (disk, "target", NULL, { "dev", slot->target }, { "bus", slot->bus }, );

  return disk;
}

static void
add_disks (xmlNode            *devices,
           const CvmGuestSpec *spec)
{
  const Driver *driver = driver_of (spec);

  if (spec->disk != NULL)
    add_file (devices, spec, &driver->disk, spec->disk, spec->disk_format);
  if (spec->seed != NULL)
    add (add_file (devices, spec, &driver->seed, spec->seed, "raw"), "readonly", NULL, NULL);
  if (spec->context != NULL)
    add (add_file (devices, spec, &driver->context, spec->context, "raw"), "readonly", NULL, NULL);
}

/* A network of the host's, or what the driver has by itself; QEMU's is add_user_network () */
static void
add_interface (xmlNode            *devices,
               const CvmGuestSpec *spec)
{
  const char *type = spec->network != NULL ? "network" : driver_of (spec)->interface;
  xmlNode *interface;

  if (type == NULL)
    return;

  interface = ADD (devices, "interface", NULL, { "type", type }, );
  if (spec->mac != NULL)
    ADD (interface, "mac", NULL, { "address", spec->mac }, );
  if (spec->network != NULL)
    ADD (interface, "source", NULL, { "network", spec->network }, );
  if (cvm_virt_domain_is_qemu (spec->hypervisor))
    ADD (interface, "model", NULL, { "type", "virtio" }, );
}

static void
add_console (xmlNode *devices)
{
  xmlNode *serial = ADD (devices, "serial", NULL, { "type", "pty" }, );
  xmlNode *console = ADD (devices, "console", NULL, { "type", "pty" }, );

  ADD (serial, "target", NULL, { "port", "0" }, );
  ADD (console, "target", NULL, { "type", "serial" }, { "port", "0" }, );
}

/* Nobody listens: a viewer gets a descriptor from libvirt */
static void
add_display (xmlNode            *devices,
             const CvmGuestSpec *spec)
{
  xmlNode *graphics = ADD (devices, "graphics", NULL, { "type", "vnc" }, );
  xmlNode *video = add (devices, "video", NULL, NULL);
  xmlNode *model = ADD (video, "model", NULL, { "type", "vga" }, );
  g_autofree char *kib = g_strdup_printf ("%u", spec->video_kib);

  ADD (graphics, "listen", NULL, { "type", "none" }, );
  if (spec->video_kib > 0)
    xmlNewProp (model, STR ("vram"), STR (kib));
}

static void
add_random (xmlNode *devices)
{
  xmlNode *rng = ADD (devices, "rng", NULL, { "model", "virtio" }, );

  ADD (rng, "backend", "/dev/urandom", { "model", "random" }, );
}

static void
add_devices (xmlNode            *domain,
             const CvmGuestSpec *spec)
{
  xmlNode *devices = add (domain, "devices", NULL, NULL);

  add_disks (devices, spec);
  add_interface (devices, spec);
  if (!cvm_virt_domain_is_qemu (spec->hypervisor))
    return;

  ADD (devices, "controller", NULL, { "type", "usb" }, { "model", "none" }, );
  add_console (devices);
  if (spec->has_display)
    add_display (devices, spec);
  ADD (devices, "memballoon", NULL, { "model", "none" }, );
  add_random (devices);
}

static void
add_argument (xmlNode    *commandline,
              const char *value)
{
  xmlNode *argument = xmlNewChild (commandline, commandline->ns, STR ("arg"), NULL);

  xmlNewProp (argument, STR ("value"), STR (value));
}

/* libvirt's own user network cannot forward ports without passt. QEMU picks the ports of this
 * machine. The PCI slot is one that libvirt, which counts up from 2, does not come to: QEMU
 * itself would pick slot 2, before it makes libvirt's devices. */
static void
add_user_network (xmlNode            *domain,
                  const CvmGuestSpec *spec)
{
  xmlNs *ns = xmlNewNs (domain, STR (QEMU_URI), STR ("qemu"));
  xmlNode *commandline = xmlNewChild (domain, ns, STR ("commandline"), NULL);
  g_autoptr(GString) netdev = g_string_new ("user,id=" CVM_VIRT_NETWORK);
  g_autofree char *device = g_strconcat ("virtio-net-pci,netdev=" CVM_VIRT_NETWORK
                                         ",romfile=,addr=0x10",
                                         spec->mac != NULL ? ",mac=" : NULL, spec->mac, NULL);

  for (guint i = 0; i < spec->ports->len; i++)
    g_string_append_printf (netdev, ",hostfwd=tcp:127.0.0.1:0-:%u",
                            g_array_index (spec->ports, guint16, i));

  add_argument (commandline, "-netdev");
  add_argument (commandline, netdev->str);
  add_argument (commandline, "-device");
  add_argument (commandline, device);
}

/* Whole ------------------------------------------------------------------------------------ */

static gboolean
check_spec (const CvmGuestSpec  *spec,
            GError             **error)
{
  const struct
  {
    const char *what, *text;
    gboolean    is_needed;
  } strings[] = {
    { "name", spec->name, TRUE },         { "UUID", spec->uuid, TRUE },
    { "title", spec->title, FALSE },      { "run's id", spec->run_id, TRUE },
    { "job's id", spec->job_id, TRUE },   { "run's folder", spec->run_dir, TRUE },
    { "machine's id", spec->machine_id, TRUE },
    { "hypervisor", spec->hypervisor, TRUE }, { "architecture", spec->arch, TRUE },
    { "kernel", spec->kernel, FALSE },    { "initial ramdisk", spec->initrd, FALSE },
    { "command line", spec->cmdline, FALSE }, { "disk", spec->disk, FALSE },
    { "disk's format", spec->disk_format, spec->disk != NULL },
    { "seed", spec->seed, FALSE },        { "context", spec->context, FALSE },
    { "network", spec->network, FALSE },
  };

  if (spec->mac != NULL && !g_regex_match_simple (MAC_PATTERN, spec->mac, 0, 0))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The guest's MAC is none: write "
                   "it as 52:54:00:12:34:56");
      return FALSE;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      if (strings[i].text == NULL ? !strings[i].is_needed
                                  : cvm_virt_xml_is_sayable (strings[i].text))
        continue;

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "The guest's %s is missing, or has a character that libvirt cannot be told: "
                   "mend it", strings[i].what);
      return FALSE;
    }

  return TRUE;
}

static void
fill_domain (xmlNode            *domain,
             const CvmGuestSpec *spec)
{
  xmlNewProp (domain, STR ("type"), STR (spec->hypervisor));
  add (domain, "name", spec->name, NULL);
  add (domain, "uuid", spec->uuid, NULL);
  if (spec->title != NULL)
    add (domain, "title", spec->title, NULL);
  add_mark (domain, spec);
  add_number (domain, "memory", "MiB", spec->memory_mib);
  add_number (domain, "vcpu", NULL, spec->cpus);
  add_os (domain, spec);
  add_features (domain, spec);
  ADD (domain, "clock", NULL, { "offset", "utc" }, );
  add (domain, "on_poweroff", "destroy", NULL);
  add (domain, "on_reboot", "restart", NULL);
  add (domain, "on_crash", "destroy", NULL);
  add_devices (domain, spec);

  if (!cvm_virt_domain_is_qemu (spec->hypervisor))
    return;

  ADD (domain, "seclabel", NULL, { "type", "none" }, );
  if (spec->network == NULL)
    add_user_network (domain, spec);
}

gboolean
cvm_virt_domain_is_qemu (const char *hypervisor)
{
  return g_str_equal (hypervisor, "kvm") || g_str_equal (hypervisor, "qemu")
         || g_str_equal (hypervisor, "hvf");
}

char *
cvm_virt_domain_xml_new (const CvmGuestSpec  *spec,
                         GError             **error)
{
  xmlNode *domain;

  if (!check_spec (spec, error))
    return NULL;

  domain = cvm_virt_xml_new ("domain");
  fill_domain (domain, spec);

  return cvm_virt_xml_end (domain);
}

/* Mark ------------------------------------------------------------------------------------- */

static char *
dup_property (xmlNode    *node,
              const char *name)
{
  xmlChar *value = xmlGetNoNsProp (node, STR (name));
  char *copy = g_strdup ((const char *)value);

  xmlFree (value);

  return copy;
}

static gboolean
read_mark (xmlNode       *node,
           CvmHostObject *object)
{
  g_autofree char *run_id = dup_property (node, "id");
  g_autofree char *run_dir = dup_property (node, "dir");
  g_autofree char *machine_id = dup_property (node, "machine");
  g_autofree char *uid = dup_property (node, "uid");
  guint64 number;

  if (run_id == NULL || run_dir == NULL || machine_id == NULL || uid == NULL
      || !g_ascii_string_to_unsigned (uid, 10, 0, G_MAXUINT32, &number, NULL))
    return FALSE;

  object->run_id = g_steal_pointer (&run_id);
  object->run_dir = g_steal_pointer (&run_dir);
  object->machine_id = g_steal_pointer (&machine_id);
  object->uid = number;

  return TRUE;
}

gboolean
cvm_virt_domain_xml_get_mark (const char    *xml,
                              CvmHostObject *object)
{
  gsize len = strlen (xml);
  xmlDoc *doc;
  xmlNode *root;

  if (len > MAX_MARK_LEN)
    return FALSE;

  doc = xmlReadMemory (xml, (int)len, "mark.xml", "UTF-8",
                       XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  root = doc != NULL ? xmlDocGetRootElement (doc) : NULL;
  object->is_marked = root != NULL && xmlStrEqual (root->name, STR ("run"))
                      && read_mark (root, object);
  xmlFreeDoc (doc);

  return object->is_marked;
}
