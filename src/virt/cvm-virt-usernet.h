/* cvm-virt-usernet.h: which port of this machine leads to which of the guest's
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt. Pure.
 * Threads: no state. */
#pragma once

#include <glib.h>

/**
 * cvm_virt_usernet_host_port:
 *
 * INFO: what QEMU's monitor says to "info usernet". The port forwarded to GUEST_PORT, or -1.
 */
int cvm_virt_usernet_host_port (const char *info,
                                guint16     guest_port);
