/* cvm-disk.h: what is a disk, and which one is meant, told by content
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; for job threads and workers.
 * Trust:   the files may come from anywhere. One that draws on other files (a backing file,
 *          external data, extents elsewhere) is refused: it could name any file of this machine. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  char    *path;
  char    *format;         /* raw, qcow2, vmdk, vdi, vpc or vhdx, as qemu-img names them */
  char    *content;        /* raw: what told it: "GPT", "MBR", "ext"…; else NULL */
  guint64  virtual_size;   /* bytes, as a guest sees it */
  char   **parts;          /* names beside it of the extents that it draws on; mostly none */
} CvmDisk;

void     cvm_disk_free  (CvmDisk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmDisk, cvm_disk_free)

/**
 * cvm_disk_probe:
 *
 * Fails with G_IO_ERROR_NOT_SUPPORTED for what is no disk, CVM_ENGINE_ERROR_REFUSED for a disk
 * that is not used, or what qemu-img says about a damaged one
 */
CvmDisk *cvm_disk_probe (const char    *path,
                         gint64         deadline_us,
                         GCancellable  *cancellable,
                         GError       **error);

/**
 * cvm_disk_find:
 * @files: (element-type filename): names below @dir, as cvm_unpack_run () returns them
 * @wanted: (nullable): one of these, where there are several disks
 *
 * The one disk among the files: the one that an OVF names, else the one that looks like a disk;
 * a vmdk's extents belong to their descriptor. None, or several: an error that names what is there.
 */
CvmDisk *cvm_disk_find  (const char    *dir,
                         GPtrArray     *files,
                         const char    *wanted,
                         gint64         deadline_us,
                         GCancellable  *cancellable,
                         GError       **error);

/**
 * cvm_disk_read_info:
 * @info: what "qemu-img info --output=json" prints
 *
 * The size that a guest sees; 0 with an error when it says none, or that the disk is encrypted
 */
guint64  cvm_disk_read_info (const char  *info,
                             gsize        len,
                             GError     **error);

/**
 * cvm_disk_read_ovf:
 *
 * Returns: (transfer full): the names of the files that an OVF's disks lie in
 */
char   **cvm_disk_read_ovf  (const char  *ovf,
                             gsize        len,
                             GError     **error);
