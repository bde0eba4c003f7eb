/* cvm-virt-network-xml.c: a NAT network as XML
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-network-xml.h"

#include "cvm-virt-xml.h"

#define ADD CVM_VIRT_ADD

/* 10.128.0.0/9 has room for 32 768 such networks: two jobs, or a network of the user's, hardly
 * ever meet. Which one it is follows from the UUID, so that it is the same each time. */
static char *
choose_subnet (const char *uuid)
{
  guint hash = g_str_hash (uuid);

  return g_strdup_printf ("10.%u.%u", 128 + (hash >> 8) % 128, hash % 256);
}

static void
add_addresses (xmlNode    *network,
               const char *uuid)
{
  g_autofree char *subnet = choose_subnet (uuid);
  g_autofree char *gateway = g_strconcat (subnet, ".1", NULL);
  g_autofree char *first = g_strconcat (subnet, ".2", NULL);
  g_autofree char *last = g_strconcat (subnet, ".254", NULL);
  xmlNode *ip = ADD (network, "ip", NULL, { "address", gateway }, { "netmask", "255.255.255.0" }, );
  xmlNode *dhcp = cvm_virt_xml_add (ip, "dhcp", NULL, NULL);

  ADD (dhcp, "range", NULL, { "start", first }, { "end", last }, );
}

char *
cvm_virt_network_xml_new (const CvmNetworkSpec  *spec,
                          GError               **error)
{
  xmlNode *network;

  if (!cvm_virt_xml_is_sayable (spec->name))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "The network's name has a character that libvirt cannot be told: mend it");
      return NULL;
    }

  network = cvm_virt_xml_new ("network");
  cvm_virt_xml_add (network, "name", spec->name, NULL);
  cvm_virt_xml_add (network, "uuid", spec->uuid, NULL);
  ADD (network, "forward", NULL, { "mode", "nat" }, );
  add_addresses (network, spec->uuid);

  return cvm_virt_xml_end (network);
}
