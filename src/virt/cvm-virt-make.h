/* cvm-virt-make.h: domains defined, networks defined and started
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: blocks its caller until the deadline or the cancel; what is made too late is removed. */
#pragma once

#include "cvm-virt-link.h"

/**
 * cvm_virt_make_define:
 * @kind: "domain" or "network"
 *
 * libvirt keeps it from now on, off
 */
gboolean cvm_virt_make_define        (CvmVirtLink   *link,
                                      const char    *kind,
                                      const char    *xml,
                                      gint64         deadline_us,
                                      GCancellable  *cancellable,
                                      GError       **error);

/**
 * cvm_virt_make_start_network:
 *
 * On now, and from now on whenever the host starts. UNSUPPORTED where this user may not make a
 * bridge.
 */
gboolean cvm_virt_make_start_network (CvmVirtLink   *link,
                                      const char    *uuid,
                                      gint64         deadline_us,
                                      GCancellable  *cancellable,
                                      GError       **error);
