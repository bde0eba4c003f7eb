/* cvm-open-kind.h: what a file is that the program is asked to open
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: blocks: for workers.
 * Trust:   the file may be anybody's. At most CVM_OPEN_HEAD bytes of it are read, and as many
 *          unpacked. */
#pragma once

#include <gio/gio.h>

#define CVM_OPEN_HEAD (64 * 1024)

typedef enum
{
  CVM_OPEN_UNKNOWN,
  CVM_OPEN_SUITE,
  CVM_OPEN_TAP,        /* or an archive of it: cvm_result_from_tap_file () */
  CVM_OPEN_CFG,        /* an old CVM_* configuration */
  CVM_OPEN_DISK,       /* a disk, an appliance, or an archive: an image once it is imported */
  CVM_OPEN_RUN,        /* the folder of a run */
} CvmOpenKind;

/**
 * cvm_open_kind_of:
 *
 * By its content, and where that says nothing by its name. %CVM_OPEN_UNKNOWN is no error.
 * Errors: what the file system says; %G_IO_ERROR_NOT_REGULAR_FILE for a FIFO or a device
 */
CvmOpenKind cvm_open_kind_of       (GFile         *file,
                                    GCancellable  *cancellable,
                                    GError       **error);

/**
 * cvm_open_kind_of_bytes:
 * @bytes: the first of the file
 * @name: the file's, or NULL
 */
CvmOpenKind cvm_open_kind_of_bytes (const char    *bytes,
                                    gsize          len,
                                    const char    *name);
