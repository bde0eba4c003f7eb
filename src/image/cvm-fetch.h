/* cvm-fetch.h: a file from afar as a stream, which breaks of the line do not end
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image.
 * Threads: reads block; one thread reads, any thread asks for the progress. A stream has a thread
 *          of its own, which fetches ahead of the reader.
 * Trust:   the server may cut off, stall, lie about lengths, redirect in a loop, never end.
 *
 * The bytes go to a part file first and are read back from there (they are still in memory), so
 * that a slow reader does not hold the server up, a break is mended without the reader knowing of
 * it, and what came is there for the next process. */
#pragma once

#include <gio/gio.h>

/**
 * CvmFetchError:
 * @CVM_FETCH_ERROR_REFUSED: the server does not have it, or what it says cannot be: do not try
 *   again
 * @CVM_FETCH_ERROR_BROKEN: given up after breaks; what came is kept, and a later fetch goes on
 * @CVM_FETCH_ERROR_CHANGED: the file was replaced while it was read: begin again
 * @CVM_FETCH_ERROR_WRONG_SUM: all came, and it is not what was promised; it was thrown away
 *
 * A full disk is G_IO_ERROR_NO_SPACE, another process that fetches the same is G_IO_ERROR_BUSY.
 */
typedef enum
{
  CVM_FETCH_ERROR_REFUSED,
  CVM_FETCH_ERROR_BROKEN,
  CVM_FETCH_ERROR_CHANGED,
  CVM_FETCH_ERROR_WRONG_SUM,
} CvmFetchError;

#define CVM_FETCH_ERROR (cvm_fetch_error_quark ())
GQuark cvm_fetch_error_quark (void);

#define CVM_FETCH_MAX_BYTES   (G_GINT64_CONSTANT (1) << 40)
#define CVM_FETCH_PATIENCE_MS 60000

typedef struct
{
  const char *url;           /* http, https or file URL, or a path */
  const char *part;          /* where the bytes go; not used for a local file */
  const char *sha256;        /* of the file; NULL: not known */
  gint64      max_bytes;     /* 0: CVM_FETCH_MAX_BYTES */
  gint64      patience_ms;   /* without a new byte; 0: CVM_FETCH_PATIENCE_MS */
} CvmFetchSpec;

typedef struct
{
  gint64 bytes;              /* that are here, those of an earlier process too */
  gint64 total;              /* -1: not known */
  gint64 bytes_per_s;        /* lately; 0: nothing comes */
  gint64 left_ms;            /* -1: not known */
  guint  n_breaks;
} CvmFetchProgress;

#define CVM_TYPE_FETCH_STREAM (cvm_fetch_stream_get_type ())
G_DECLARE_FINAL_TYPE (CvmFetchStream, cvm_fetch_stream, CVM, FETCH_STREAM, GInputStream)

/**
 * cvm_fetch_stream_new:
 *
 * Nothing happens before the first read. A stream that is closed or dropped early keeps its part file: the next one for the same URL and part goes on from there,
 * if the server still has the same file.
 */
CvmFetchStream *cvm_fetch_stream_new          (const CvmFetchSpec *spec);

/**
 * cvm_fetch_stream_finish:
 *
 * Waits for the last byte, whether it was read or not, and compares the sum. Whoever used what
 * was read before must throw it away when this fails. An end that was read says the same.
 */
gboolean        cvm_fetch_stream_finish       (CvmFetchStream     *self,
                                               GCancellable       *cancellable,
                                               GError            **error);

void            cvm_fetch_stream_get_progress (CvmFetchStream     *self,
                                               CvmFetchProgress   *progress);

/**
 * cvm_fetch_stream_get_sha256:
 *
 * Hex SHA-256 of the whole file, after cvm_fetch_stream_finish ()
 */
const char     *cvm_fetch_stream_get_sha256   (CvmFetchStream     *self);

/**
 * cvm_fetch_stream_get_path:
 *
 * The file with the bytes: the part, or the local file itself
 */
const char     *cvm_fetch_stream_get_path     (CvmFetchStream     *self);

/**
 * cvm_fetch_part_remove:
 *
 * Throws a part file away, and what is noted beside it
 */
void            cvm_fetch_part_remove         (const char         *part);
