/* cvm-image-import.h: from files of this machine to an image that boots
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; for workers.
 * Trust:   the files may come from anywhere; they are only read. */
#pragma once

#include "cvm-image-store.h"
#include "cvm-unpack.h"

typedef struct
{
  const char    *path;         /* an archive, a packed disk, a disk, or a folder with one */
  const char    *name;         /* NULL: the path's last part without its suffixes */
  const char    *disk;         /* which one, where there are several; or NULL */
  const char    *description;
  const char    *arch;         /* NULL: as the path's last part says, if it does */
  gboolean       replaces;     /* an image of this name */
  CvmUnpackFunc  on_progress;  /* or NULL */
  gpointer       data;
} CvmImageImport;

/**
 * cvm_image_import_run:
 *
 * Copies the disk into the store, unpacked; of a folder, it and its extents only. Nothing that was
 * there before is touched when it fails.
 *
 * Returns: (transfer full): the path of NAME.image
 */
char *cvm_image_import_run (CvmImageStore         *store,
                            const CvmImageImport  *import,
                            gint64                 deadline_us,
                            GCancellable          *cancellable,
                            GError               **error);
