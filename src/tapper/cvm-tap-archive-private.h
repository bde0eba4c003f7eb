/* cvm-tap-archive-private.h: what the reader and the writer of TAP archives share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper, and only here. */
#pragma once

#include "cvm-tap-archive.h"

#define CVM_TAP_ARCHIVE_META "meta.yml"

/* The unpacked bytes of an archive, bounded, their checksum verified at the end */
typedef struct _CvmTapUnzip CvmTapUnzip;

CvmTapUnzip *cvm_tap_unzip_new  (GInputStream  *stream,
                                 GCancellable  *cancellable);
void         cvm_tap_unzip_free (CvmTapUnzip   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapUnzip, cvm_tap_unzip_free)

/**
 * cvm_tap_unzip_next:
 *
 * The next bytes, borrowed until the next call; 0 at the end, -1 after an error
 */
gssize       cvm_tap_unzip_next (CvmTapUnzip   *self,
                                 const char   **bytes,
                                 GError       **error);

/* The same of a zip: what libarchive reads of it and where, and the bounds of what comes out */
typedef struct _CvmTapZip CvmTapZip;

/**
 * cvm_tap_zip_is:
 *
 * Do these bytes begin one?
 */
gboolean     cvm_tap_zip_is         (const char    *bytes,
                                     gsize          len);

CvmTapZip   *cvm_tap_zip_new        (GInputStream  *stream,
                                     GCancellable  *cancellable);
void         cvm_tap_zip_free       (CvmTapZip     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapZip, cvm_tap_zip_free)

gssize       cvm_tap_zip_next       (CvmTapZip     *self,
                                     const char   **bytes,
                                     GError       **error);
gint64       cvm_tap_zip_seek       (CvmTapZip     *self,
                                     gint64         offset,
                                     GSeekType      whence,
                                     GError       **error);

/**
 * cvm_tap_zip_begin_file:
 * @format: libarchive's name of it, which tells how the file is packed
 */
gboolean     cvm_tap_zip_begin_file (CvmTapZip     *self,
                                     const char    *format,
                                     GError       **error);

/**
 * cvm_tap_zip_take:
 * @n: bytes that were unpacked
 */
gboolean     cvm_tap_zip_take       (CvmTapZip     *self,
                                     gsize          n,
                                     GError       **error);

void         cvm_tap_archive_refuse_size (GError  **error);

/**
 * cvm_tap_archive_clean_name:
 *
 * NAME as we know it, or NULL for one that leads out of its folder, is empty or too long, or is no
 * text: "./t//a.t" is "t/a.t"
 */
char        *cvm_tap_archive_clean_name (const char *name);

/**
 * cvm_tap_archive_read_meta:
 * @members: of CvmTapMember, as they are in the archive; on return as meta.yml lists them
 *
 * Errors: G_IO_ERROR_INVALID_DATA, G_IO_ERROR_MESSAGE_TOO_LARGE
 */
gboolean     cvm_tap_archive_read_meta  (const char  *text,
                                         gsize        len,
                                         GPtrArray   *members,
                                         gint64      *start_us,
                                         gint64      *stop_us,
                                         GError     **error);

CvmTapMember *cvm_tap_member_new  (const char   *name);
void          cvm_tap_member_free (CvmTapMember *self);
