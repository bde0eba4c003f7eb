/* cvm-unpack-private.h: what the parts of unpacking share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here. */
#pragma once

#include "cvm-unpack.h"

/* What the first bytes say ------------------------------------------------------------------- */

#define CVM_PACKING_HEAD 512   /* bytes that tell them all apart */

typedef enum
{
  CVM_PACKING_NONE,
  CVM_PACKING_GZIP,
  CVM_PACKING_BZIP2,
  CVM_PACKING_XZ,
  CVM_PACKING_ZSTD,
  CVM_PACKING_TAR,
  CVM_PACKING_ZIP,
  CVM_PACKING_OTHER,   /* known, and not unpacked here */
} CvmPacking;

CvmPacking  cvm_packing_of   (const guint8 *head,
                              gsize         len);

/**
 * cvm_packing_name:
 *
 * As its suffix: "gz"
 */
const char *cvm_packing_name (const guint8 *head,
                              gsize         len);

/* The bytes, unpacked but still in their archive ----------------------------------------------- */

typedef struct _CvmUnpackSource CvmUnpackSource;

CvmUnpackSource *cvm_unpack_source_new      (GInputStream     *packed,
                                             gint64            deadline_us,
                                             GCancellable     *cancellable);
void             cvm_unpack_source_free     (CvmUnpackSource  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmUnpackSource, cvm_unpack_source_free)

/**
 * cvm_unpack_source_peek:
 *
 * The first bytes, at least CVM_PACKING_HEAD unless there are less; they stay to be pulled
 */
gboolean         cvm_unpack_source_peek     (CvmUnpackSource  *self,
                                             const guint8    **bytes,
                                             gsize            *len,
                                             GError          **error);

/**
 * cvm_unpack_source_pull:
 *
 * The next bytes, good until the next call. 0 at the end, which is only reached when lengths and
 * checksums are right; -1 with an error.
 */
gssize           cvm_unpack_source_pull     (CvmUnpackSource  *self,
                                             const guint8    **bytes,
                                             GError          **error);

guint64          cvm_unpack_source_n_packed (CvmUnpackSource  *self);

/**
 * cvm_unpack_source_is_packed:
 *
 * Whether gz, bz2, xz or zst is being taken off; known after the first peek
 */
gboolean         cvm_unpack_source_is_packed (CvmUnpackSource *self);

/**
 * cvm_unpack_source_name:
 *
 * "gz" where that is being taken off, what lies in it else; known after the first peek
 */
const char      *cvm_unpack_source_name      (CvmUnpackSource *self);

/**
 * cvm_unpack_source_ends_in_zeros:
 *
 * Whether the last bytes that were pulled are that many zeros, as the end of a tar is
 */
gboolean         cvm_unpack_source_ends_in_zeros (CvmUnpackSource *self,
                                                  gsize            n);

/* The files, as they grow ---------------------------------------------------------------------- */

typedef struct _CvmUnpackFolder CvmUnpackFolder;

CvmUnpackFolder *cvm_unpack_folder_new      (const char             *dir,
                                             const CvmUnpackLimits  *limits,
                                             GError                **error);

/**
 * cvm_unpack_folder_free:
 *
 * Removes all that was made, unless it was kept
 */
void             cvm_unpack_folder_free     (CvmUnpackFolder        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmUnpackFolder, cvm_unpack_folder_free)

GPtrArray       *cvm_unpack_folder_keep     (CvmUnpackFolder        *self);

/**
 * cvm_unpack_folder_spool:
 *
 * A file without a name, gone with its descriptor
 */
int              cvm_unpack_folder_spool    (CvmUnpackFolder        *self,
                                             GError                **error);

gboolean         cvm_unpack_folder_add_dir  (CvmUnpackFolder        *self,
                                             const char             *name,
                                             GError                **error);

/**
 * cvm_unpack_folder_begin:
 * @size: as the archive says, so that too much is refused at once; 0 if it does not say
 *
 * A new file, the one that is written to until cvm_unpack_folder_end ()
 */
gboolean         cvm_unpack_folder_begin    (CvmUnpackFolder        *self,
                                             const char             *name,
                                             guint64                 size,
                                             GError                **error);

/**
 * cvm_unpack_folder_write:
 * @n_packed: bytes that were read so far, for the ratio
 */
gboolean         cvm_unpack_folder_write    (CvmUnpackFolder        *self,
                                             guint64                 offset,
                                             const guint8           *bytes,
                                             gsize                   len,
                                             guint64                 n_packed,
                                             GError                **error);

gboolean         cvm_unpack_folder_end      (CvmUnpackFolder        *self,
                                             GError                **error);

guint64          cvm_unpack_folder_n_bytes  (CvmUnpackFolder        *self);

/* An archive's entries ------------------------------------------------------------------------- */

typedef struct
{
  const CvmUnpack *unpack;
  CvmUnpackSource *source;
  CvmUnpackFolder *folder;
  gint64           deadline_us;
  GCancellable    *cancellable;
} CvmUnpacking;

gboolean cvm_unpack_tar      (const CvmUnpacking  *self,
                              GError             **error);
gboolean cvm_unpack_zip      (const CvmUnpacking  *self,
                              GError             **error);
void     cvm_unpack_progress (const CvmUnpacking  *self);
