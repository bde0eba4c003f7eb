/* cvm-virt-host.h: the host port on libvirt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: as cvm-host.h says; the default main context runs meanwhile. */
#pragma once

#include "cvm-host.h"
#include "cvm-login.h"

#define CVM_TYPE_VIRT_HOST (cvm_virt_host_get_type ())
G_DECLARE_FINAL_TYPE (CvmVirtHost, cvm_virt_host, CVM, VIRT_HOST, GObject)

/**
 * cvm_virt_host_open:
 * @uri: libvirt's: "qemu:///session", "qemu+ssh://host/system"
 *
 * Fails with HOST_LOST when nobody answers at @uri until the deadline, and with REFUSED when
 * it does not let us in, with UNAUTHORIZED when it asks who one is: nobody is asked here.
 */
CvmHost            *cvm_virt_host_open       (const char     *uri,
                                              gint64          deadline_us,
                                              GCancellable   *cancellable,
                                              GError        **error);

/**
 * cvm_virt_host_open_as:
 * @ask: answers what the host asks about the user; called in a thread of its own, while the
 *   deadline rests
 * @data: ASK's, freed by @free_data when nobody can call it any more, which may be after a
 *   deadline that was missed
 *
 * Fails as cvm_virt_host_open () does, and with UNAUTHORIZED when the answer is wrong or none.
 */
CvmHost            *cvm_virt_host_open_as    (const char     *uri,
                                              CvmLoginAsk     ask,
                                              gpointer        data,
                                              GDestroyNotify  free_data,
                                              gint64          deadline_us,
                                              GCancellable   *cancellable,
                                              GError        **error);
