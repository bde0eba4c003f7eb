/* cvm-file.h: files read within bounds, written whole, locked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state. */
#pragma once

#include <gio/gio.h>

/**
 * cvm_file_open:
 *
 * The descriptor of a regular file, to read from, or -1; never waits, as the open of a FIFO would.
 */
int      cvm_file_open         (const char  *path,
                                GError     **error);

/**
 * cvm_file_read:
 *
 * Reads a regular file of at most MAX bytes (G_IO_ERROR_MESSAGE_TOO_LARGE beyond it, and for
 * a file that grows meanwhile). A NUL follows the last byte; it is not counted.
 */
char    *cvm_file_read         (const char  *path,
                                gsize        max,
                                gsize       *len,
                                GError     **error);

/**
 * cvm_file_write:
 *
 * Temporary file, fsync, rename: the old content or the new one, never half.
 */
gboolean cvm_file_write        (const char  *path,
                                const char  *data,
                                gssize       len,
                                int          mode,
                                GError     **error);

/**
 * cvm_file_sync_folder:
 *
 * What was made or renamed in the folder is on the disk when it returns.
 */
gboolean cvm_file_sync_folder  (const char  *path,
                                GError     **error);

/**
 * cvm_file_lock:
 *
 * The exclusive flock (2) of PATH (a file or a folder), or -1 with G_IO_ERROR_BUSY while
 * another process, or another descriptor of this one, holds it. Closing the descriptor, or the
 * end of the process however it ends, frees it. Never inherited by a child.
 */
int      cvm_file_lock         (const char  *path,
                                GError     **error);

/**
 * cvm_file_sha256:
 *
 * Hex SHA-256 of a file, read in blocks
 */
char    *cvm_file_sha256       (const char   *path,
                                GCancellable *cancellable,
                                GError      **error);

/**
 * cvm_file_beside:
 *
 * Resolves NAME against the folder that FILE lies in, unless NAME is absolute.
 */
char    *cvm_file_beside       (const char  *file,
                                const char  *name);

/**
 * cvm_file_remove_tree:
 *
 * Removes PATH and all below it, as far as that can be; follows no link, and stays on its file system
 */
void     cvm_file_remove_tree  (const char  *path);
