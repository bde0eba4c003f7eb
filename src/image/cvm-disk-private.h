/* cvm-disk-private.h: what the parts of the disk's search share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here. */
#pragma once

#include "cvm-disk.h"

/* What a file's bytes say; both NULL for no disk */
typedef struct
{
  const char *format;
  const char *content;     /* of a raw disk */
  guint64     size;        /* of the file */
  char       *descriptor;  /* of a vmdk that is nothing else, or NULL */
} CvmDiskLook;

gboolean cvm_disk_look       (const char   *path,
                              CvmDiskLook  *look,
                              GError      **error);
void     cvm_disk_look_clear (CvmDiskLook  *look);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmDiskLook, cvm_disk_look_clear)
