/* cvm-virt-domain-xml.h: a guest's domain as XML, and our mark on it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt. Pure: the same spec gives the same text.
 * Threads: no state.
 * Trust:   names and command lines come from files of anybody, marks from a host that anybody
 *          may write to. */
#pragma once

#include "cvm-host.h"

#define CVM_VIRT_MARK_URI "urn:cvmtester:run:1"
#define CVM_VIRT_NETWORK  "cvm-net"   /* the id of the guest's network, for QEMU's monitor */

/**
 * cvm_virt_domain_is_qemu:
 *
 * What QEMU is told to do; other drivers have no such thing as a forwarded port
 */
gboolean cvm_virt_domain_is_qemu     (const char          *hypervisor);

/**
 * cvm_virt_domain_xml_new:
 *
 * Fails when a string cannot be said in XML (not UTF-8, a control character)
 */
char    *cvm_virt_domain_xml_new     (const CvmGuestSpec  *spec,
                                      GError             **error);

/**
 * cvm_virt_domain_xml_get_mark:
 *
 * XML: the metadata element. Fills OBJECT's fields of the mark; FALSE when it is not whole.
 */
gboolean cvm_virt_domain_xml_get_mark (const char          *xml,
                                       CvmHostObject       *object);
