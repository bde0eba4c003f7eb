/* cvm-convert.h: a disk in the format of a hypervisor, as a copy
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; for job threads and workers.
 * Trust:   the disk may come from anywhere; it is opened for reading only. */
#pragma once

#include <gio/gio.h>

/**
 * cvm_convert_disk:
 * @format: of the disk at @from, as its owner says; never guessed
 * @to: the copy; nothing may be there yet
 * @to_format: raw, qcow2, vmdk, vdi, vpc or vhdx
 *
 * Refuses a disk that draws on other files. Where it fails, nothing is left at @to.
 */
gboolean cvm_convert_disk  (const char    *from,
                            const char    *format,
                            const char    *to,
                            const char    *to_format,
                            gint64         deadline_us,
                            GCancellable  *cancellable,
                            GError       **error);

/**
 * cvm_convert_set_vdi_uuid:
 * @path: a VDI of one's own: its header is written
 * @uuid: as text
 *
 * VirtualBox registers a disk by this UUID and refuses a second one with the same. Its last
 * modification gets a new one too, and that of a parent is cleared: the copy stands alone.
 */
gboolean cvm_convert_set_vdi_uuid (const char   *path,
                                   const char   *uuid,
                                   GError      **error);
