/* cvm-prepare-image.h: an image made ready for a hypervisor, with an .image file that names it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; for workers.
 * Trust:   the disk may come from anywhere; it is opened for reading only. */
#pragma once

#include "cvm-image.h"

/**
 * cvm_prepare_image:
 * @path: of NAME.image, which stays as it is
 * @hypervisor: as cvm_prepare_format () knows it
 * @dir: where the files are made; is there
 *
 * Makes the disk in the format that the hypervisor takes, and DIR/NAME.image, which says all that
 * the image says but names that disk.
 *
 * Returns: (transfer full): the path of DIR/NAME.image. Fails where one of the files is there
 *   already, or where the image has no disk; then nothing new is left.
 */
char *cvm_prepare_image (const char    *path,
                         const char    *hypervisor,
                         const char    *dir,
                         gint64         deadline_us,
                         GCancellable  *cancellable,
                         GError       **error);
