/* cvm-virt-host.h: the host port on libvirt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: as cvm-host.h says; the default main context runs meanwhile. */
#pragma once

#include "cvm-host.h"

#define CVM_TYPE_VIRT_HOST (cvm_virt_host_get_type ())
G_DECLARE_FINAL_TYPE (CvmVirtHost, cvm_virt_host, CVM, VIRT_HOST, GObject)

/**
 * cvm_virt_host_open:
 * @uri: libvirt's: "qemu:///session", "qemu+ssh://host/system"
 *
 * Fails with HOST_LOST when nobody answers at @uri until the deadline, and with REFUSED when
 * it does not let us in. No password is ever asked for on a terminal.
 */
CvmHost            *cvm_virt_host_open       (const char     *uri,
                                              gint64          deadline_us,
                                              GCancellable   *cancellable,
                                              GError        **error);

/**
 * cvm_virt_host_local_uris:
 *
 * The URIs worth a try on this machine; NULL-terminated
 */
const char *const  *cvm_virt_host_local_uris (void);
