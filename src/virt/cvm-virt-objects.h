/* cvm-virt-objects.h: what is on a host, and what of it is ours
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: both block: for a call's thread. */
#pragma once

#include <libvirt/libvirt.h>

#include "cvm-host.h"

/**
 * cvm_virt_objects_list:
 *
 * (element-type CvmHostObject), or NULL
 */
GPtrArray *cvm_virt_objects_list   (virConnectPtr   conn,
                                    GError        **error);

/**
 * cvm_virt_objects_remove:
 *
 * TRUE when nothing of it is left
 */
gboolean   cvm_virt_objects_remove (virConnectPtr   conn,
                                    const char     *kind,
                                    const char     *uuid,
                                    GError        **error);

/**
 * cvm_virt_objects_end_domain:
 *
 * Ends a running domain, however long QEMU takes over it; TRUE also when it is off already
 */
gboolean   cvm_virt_objects_end_domain (virDomainPtr   domain,
                                        GError       **error);
