/* cvm-tap-archive.h: TAP archives, as `prove -a` and the Tapper server know them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: an archive, or a writer, belongs to one thread at a time. Calls block.
 * Trust:   the bytes come from anywhere. Nothing is unpacked onto the disk, and memory is bounded
 *          by the limits below, whatever the archive says about itself.
 *
 * An archive is a tar, compressed by gzip, or a zip, of a file of TAP for each test program and of meta.yml,
 * which says in which order they ran (file_order) and when. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAP_ARCHIVE_MEMBERS_MAX 10000                      /* files, listed or there */
#define CVM_TAP_ARCHIVE_NAME_MAX    1024                       /* bytes */
#define CVM_TAP_ARCHIVE_META_MAX    (4 * 1024 * 1024)          /* bytes of meta.yml */
#define CVM_TAP_ARCHIVE_BYTES_MAX   (G_GUINT64_CONSTANT (4) << 30) /* unpacked, all together */
#define CVM_TAP_ARCHIVE_RATIO_MAX   200                        /* unpacked to packed … */
#define CVM_TAP_ARCHIVE_RATIO_FREE  (32 * 1024 * 1024)         /* … beyond so many bytes */

typedef struct
{
  char     *name;         /* without "./" or "/" before it; UTF-8 */
  guint64   size;         /* bytes */
  gint64    start_us;     /* UTC; 0: not told */
  gint64    end_us;
  gboolean  is_missing;   /* meta.yml lists it, and it is not there: a test without a result */
} CvmTapMember;

typedef struct _CvmTapArchive CvmTapArchive;

/**
 * cvm_tap_archive_detect:
 *
 * Do these bytes, the first of a file, begin an archive? 512 tell it surely.
 */
gboolean             cvm_tap_archive_detect    (const char     *bytes,
                                                gsize           len);

/**
 * cvm_tap_archive_new:
 * @stream: a seekable stream; a reference is kept
 *
 * Reads it once, to its end: checksums, limits, names, meta.yml.
 *
 * Errors: %G_IO_ERROR_INVALID_DATA for what is no archive, or a broken or a hostile one;
 * %G_IO_ERROR_MESSAGE_TOO_LARGE beyond a limit; what @stream says.
 */
CvmTapArchive       *cvm_tap_archive_new       (GInputStream   *stream,
                                                GCancellable   *cancellable,
                                                GError        **error);

void                 cvm_tap_archive_free      (CvmTapArchive  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapArchive, cvm_tap_archive_free)

/**
 * cvm_tap_archive_n_members:
 *
 * The tests, in the order of meta.yml; without a list there, every file in the archive's order.
 */
guint                cvm_tap_archive_n_members (CvmTapArchive  *self);
const CvmTapMember  *cvm_tap_archive_member    (CvmTapArchive  *self,
                                                guint           index);

/**
 * cvm_tap_archive_get_times:
 *
 * When the whole began and ended; UTC, 0: not told
 */
void                 cvm_tap_archive_get_times (CvmTapArchive  *self,
                                                gint64         *start_us,
                                                gint64         *stop_us);

/**
 * CvmTapArchiveHandler:
 * @index: of the member
 * @bytes: the next of its bytes; %NULL, with @len 0, once at its end
 */
typedef void (*CvmTapArchiveHandler) (guint       index,
                                      const char *bytes,
                                      gsize       len,
                                      gpointer    user_data);

/**
 * cvm_tap_archive_read:
 *
 * Gives the bytes of every member, one after the other, in the order they have in the archive
 * (which need not be that of meta.yml), in pieces; a missing one comes last and empty.
 */
gboolean             cvm_tap_archive_read      (CvmTapArchive        *self,
                                                CvmTapArchiveHandler  handler,
                                                gpointer              user_data,
                                                GCancellable         *cancellable,
                                                GError              **error);

typedef struct _CvmTapArchiveWriter CvmTapArchiveWriter;

/**
 * cvm_tap_archive_writer_new:
 * @out: where the bytes go; a reference is kept, and it is not closed
 *
 * The same members and times make the same bytes.
 */
CvmTapArchiveWriter *cvm_tap_archive_writer_new   (GOutputStream        *out);

void                 cvm_tap_archive_writer_free  (CvmTapArchiveWriter  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapArchiveWriter, cvm_tap_archive_writer_free)

/**
 * cvm_tap_archive_writer_add:
 * @name: "t/00-load.t", "job-01.tap": relative, without "..", not "meta.yml"
 * @start_us: UTC; 0: not known
 *
 * Errors: %G_IO_ERROR_INVALID_FILENAME, %G_IO_ERROR_EXISTS, %G_IO_ERROR_MESSAGE_TOO_LARGE; what
 * the stream says.
 */
gboolean             cvm_tap_archive_writer_add   (CvmTapArchiveWriter  *self,
                                                   const char           *name,
                                                   const char           *bytes,
                                                   gsize                 len,
                                                   gint64                start_us,
                                                   gint64                end_us,
                                                   GError              **error);

/**
 * cvm_tap_archive_writer_close:
 *
 * Writes meta.yml and the end. An archive that was not closed is not one.
 */
gboolean             cvm_tap_archive_writer_close (CvmTapArchiveWriter  *self,
                                                   gint64                start_us,
                                                   gint64                stop_us,
                                                   GError              **error);

G_END_DECLS
