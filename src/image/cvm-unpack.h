/* cvm-unpack.h: what lies in a download, as files of one folder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: blocks; for job threads and workers.
 * Trust:   the bytes may come from anywhere. Nothing is written outside the folder, nor beyond the
 *          limits, and what is damaged, or cut off at any byte, does not pass. */
#pragma once

#include <gio/gio.h>

/* 0: the default */
typedef struct
{
  guint64 max_bytes;     /* of all files together, holes too; 256 GiB */
  guint   max_entries;   /* 1000 */
  guint   max_ratio;     /* bytes stored to bytes packed, from 16 MiB on; 200. Zeros become holes
                            and do not count: an empty disk packs a thousandfold, and is no bomb */
} CvmUnpackLimits;

/* In the caller's thread, often: draw it rarely */
typedef void (*CvmUnpackFunc) (guint64  n_packed,
                               guint64  n_unpacked,
                               gpointer data);

typedef struct
{
  GInputStream    *packed;      /* from its first byte on; read in order, as it comes */
  const char      *name;        /* of the one file that there is where nothing is archived but a
                                   disk alone; its suffix goes with its packing */
  const char      *dir;         /* is there; what is in it stays */
  CvmUnpackLimits  limits;
  CvmUnpackFunc    on_progress; /* or NULL */
  gpointer         data;
} CvmUnpack;

/**
 * cvm_unpack_run:
 *
 * Unpacks gz, bz2, xz, zst, tar (also packed by one of these; an ova is a tar), zip, or nothing at
 * all, told apart by content, while the bytes come in. A zip's index lies at its end, so that one
 * is kept in a file without a name first, unless @unpack's stream is a local file.
 *
 * Refuses names outside the folder, links, devices, names given twice, archives within archives,
 * encrypted ones, and what grows beyond the limits; the message names the entry. G_IO_ERROR:
 * INVALID_DATA for what is damaged or refused, NO_SPACE for a full disk. Then nothing is left.
 *
 * The files are sparse, and not synced: who gives them their last name does that.
 *
 * Returns: (element-type filename): the files, as names below the folder, in the archive's order
 */
GPtrArray *cvm_unpack_run (const CvmUnpack  *unpack,
                           gint64            deadline_us,
                           GCancellable     *cancellable,
                           GError          **error);
