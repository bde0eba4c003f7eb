/* cvm-virt-network-xml.h: a NAT network as XML
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt. Pure: the same spec gives the same text.
 * Threads: no state. */
#pragma once

#include "cvm-host.h"

/**
 * cvm_virt_network_xml_new:
 *
 * A /24 behind the host, with DHCP; the host's driver chooses the bridge. Fails when the name
 * cannot be said in XML.
 */
char *cvm_virt_network_xml_new (const CvmNetworkSpec  *spec,
                                GError               **error);
