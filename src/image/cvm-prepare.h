/* cvm-prepare.h: what a hypervisor boots, made out of an image that stays as it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; for job threads and workers.
 * Trust:   the disk may come from anywhere; it is opened for reading only. */
#pragma once

#include "cvm-seed.h"

typedef struct
{
  const char    *disk;         /* the image's */
  const char    *format;       /* of it, as its owner says */
  const char    *hypervisor;   /* as cvm_prepare_format () knows it */
  const char    *dir;          /* is there */
  const char    *name;         /* what is made begins with it */
  const CvmSeed *seed;         /* or NULL */
  const char    *user_data;    /* CernVM's, or NULL */
  gsize          user_data_len;
} CvmPrepare;

typedef struct
{
  char *disk;      /* DIR/NAME.FORMAT */
  char *format;
  char *seed;      /* DIR/NAME-seed.iso, or NULL */
  char *context;   /* DIR/NAME-context.iso, or NULL */
} CvmPrepared;

void         cvm_prepared_free  (CvmPrepared *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmPrepared, cvm_prepared_free)

/**
 * cvm_prepare_format:
 *
 * The format of disks that a hypervisor takes; NULL for a hypervisor that is not known.
 * Those of QEMU take a qcow2, which is an overlay over whatever there is.
 */
const char  *cvm_prepare_format (const char        *hypervisor);

/**
 * cvm_prepare_disk:
 * @path: nothing may be there yet
 * @path_format: what cvm_prepare_format () said
 *
 * An overlay over @base where it is a qcow2, else a copy; a vdi gets a UUID of its own. Where it
 * fails, nothing is left at @path.
 */
gboolean     cvm_prepare_disk   (const char        *base,
                                 const char        *format,
                                 const char        *path,
                                 const char        *path_format,
                                 gint64             deadline_us,
                                 GCancellable      *cancellable,
                                 GError           **error);

/**
 * cvm_prepare_run:
 *
 * An overlay where the hypervisor is QEMU's, else a copy in its format; for VirtualBox with a
 * UUID of its own. Fails where one of the files is there already; then nothing new is left.
 */
CvmPrepared *cvm_prepare_run    (const CvmPrepare  *prepare,
                                 gint64             deadline_us,
                                 GCancellable      *cancellable,
                                 GError           **error);
