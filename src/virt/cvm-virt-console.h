/* cvm-virt-console.h: a guest's serial console, read and written over libvirt
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: any; reference counted. libvirt's loop only tells that there is something; a thread
 *          of the console's own reads, writes and ends it.
 * Trust:   what comes is a guest's: any bytes, any amount; it is read no faster than the serial
 *          log takes it. */
#pragma once

#include "cvm-serial.h"
#include "cvm-virt-link.h"

#define CVM_VIRT_CONSOLE_MAX_OUT (64 * 1024)   /* what may wait to be typed */

typedef struct _CvmVirtConsole CvmVirtConsole;

/**
 * cvm_virt_console_open:
 *
 * Blocks: for a call's thread. Ends SERIAL when the console ends.
 */
CvmVirtConsole *cvm_virt_console_open     (CvmVirtLink     *link,
                                           virDomainPtr     domain,
                                           CvmSerial       *serial,
                                           GError         **error);

CvmVirtConsole *cvm_virt_console_ref      (CvmVirtConsole  *self);
void            cvm_virt_console_unref    (CvmVirtConsole  *self);

/**
 * cvm_virt_console_send:
 *
 * Does not block. Fails when it is at its end, or too much waits already.
 */
gboolean        cvm_virt_console_send     (CvmVirtConsole  *self,
                                           const char      *bytes,
                                           gsize            len,
                                           GError         **error);

/**
 * cvm_virt_console_stop:
 *
 * Returns at once; what the guest said before may be lost
 */
void            cvm_virt_console_stop     (CvmVirtConsole  *self,
                                           const char      *why);

/**
 * cvm_virt_console_wait_end:
 *
 * Waits until all that the guest said is with the serial log
 */
gboolean        cvm_virt_console_wait_end (CvmVirtConsole  *self,
                                           gint64           deadline_us,
                                           GError         **error);
