/* cvm-virt-load.h: how busy a host is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: blocks: for a call's thread. */
#pragma once

#include <libvirt/libvirt.h>

#include "cvm-host.h"

/**
 * cvm_virt_load_read:
 *
 * FALSE where the host does not even say what it runs
 */
gboolean cvm_virt_load_read (virConnectPtr   conn,
                             CvmHostLoad    *load,
                             GError        **error);
