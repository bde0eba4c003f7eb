/* cvm-overlay.h: what a guest writes goes to an overlay, never to its image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; for job threads.
 * Trust:   the image may come from anywhere, and is read by qemu-img only. */
#pragma once

#include <gio/gio.h>

/**
 * cvm_image_overlay_make:
 * @base: the image; a file, opened for reading only
 * @format: its format as its owner says: raw, qcow2, vmdk, vdi, vpc or vhdx. It is never
 *   guessed: a guest that writes a qcow2 header into its raw disk would make a guesser follow it.
 * @path: the overlay; nothing may be there yet
 *
 * Makes a qcow2 overlay over @base. Refuses an image that draws on further files (a backing
 * file, external data), since they could be any file of this machine, and the guest would read it.
 * Where it fails, nothing is left at @path.
 */
gboolean cvm_image_overlay_make (const char    *base,
                                 const char    *format,
                                 const char    *path,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);
