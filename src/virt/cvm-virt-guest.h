/* cvm-virt-guest.h: the guest port on libvirt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: as cvm-guest.h says; the default main context runs meanwhile. */
#pragma once

#include "cvm-guest.h"
#include "cvm-virt-link.h"

#define CVM_TYPE_VIRT_GUEST (cvm_virt_guest_get_type ())
G_DECLARE_FINAL_TYPE (CvmVirtGuest, cvm_virt_guest, CVM, VIRT_GUEST, GObject)

/**
 * cvm_virt_guest_new:
 *
 * XML: of SPEC
 */
CvmGuest *cvm_virt_guest_new (CvmVirtLink        *link,
                              const CvmGuestSpec *spec,
                              const char         *xml,
                              CvmSerial          *serial);
