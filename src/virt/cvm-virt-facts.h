/* cvm-virt-facts.h: what a host is and can do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: no state. */
#pragma once

#include <libvirt/libvirt.h>

#include "cvm-host.h"

/**
 * cvm_virt_facts_new:
 *
 * Asks the host: blocks, for a call's thread. NULL with libvirt's last error.
 */
CvmHostFacts *cvm_virt_facts_new               (virConnectPtr   conn);

/**
 * cvm_virt_facts_take_capabilities:
 *
 * The architecture and domain types that CAPABILITIES tell of: those of the host's own
 * architecture, or all where it has none of its own (test:///default)
 */
gboolean      cvm_virt_facts_take_capabilities (CvmHostFacts   *facts,
                                                const char     *capabilities);

/**
 * cvm_virt_facts_uri_is_local:
 *
 * No server in it: a Unix socket, or a driver in this process
 */
gboolean      cvm_virt_facts_uri_is_local      (const char     *uri);
