/* cvm-result-tap.h: the result tree of a stream of TAP
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   record.
 * Threads: one thread only, that of the result.
 * Trust:   the bytes come from anywhere. Memory is bounded by the limits below: a point takes
 *          about 250 bytes beside its text.
 *
 * A report of ours becomes the tree that the run itself had, as far as TAP tells it: cases with id
 * and title, how long they took, why they failed, the facts. Of foreign TAP every point of the
 * outermost level is a case. A stream is a job. */
#pragma once

#include "cvm-result.h"

#define CVM_RESULT_TAP_MAX_POINTS (4 * 1000 * 1000)     /* of a result; others are counted */
#define CVM_RESULT_TAP_MAX_TEXT   (256 * 1024 * 1024)   /* bytes of their texts */

typedef struct _CvmResultTap CvmResultTap;

/**
 * cvm_result_tap_add_job:
 * @name: what the stream is called: its file
 * @begun_us: when the program ran; UTC, 0: not known
 *
 * A job for a stream, in the order in which they are told. Each of them must be read.
 *
 * Returns: its index
 */
guint         cvm_result_tap_add_job   (CvmResult    *result,
                                        const char   *name,
                                        gint64        begun_us,
                                        gint64        ended_us);

/**
 * cvm_result_tap_new:
 *
 * Reads the stream of a job that cvm_result_tap_add_job () made. One at a time.
 */
CvmResultTap *cvm_result_tap_new       (CvmResult    *result,
                                        guint         job);

void          cvm_result_tap_feed      (CvmResultTap *self,
                                        const char   *bytes,
                                        gsize         len);

/**
 * cvm_result_tap_end:
 *
 * The stream is whole: the job gets its verdict. What TAP says of the whole program (a bail-out, a
 * wrong plan) is why it ended early.
 */
void          cvm_result_tap_end       (CvmResultTap *self);
void          cvm_result_tap_free      (CvmResultTap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmResultTap, cvm_result_tap_free)

/* Streams that come one after another, each the job of its index: those of an archive, or one */
typedef struct
{
  CvmResult    *result;   /* with a job for each */
  CvmResultTap *tap;      /* of the stream that comes now, or NULL */
} CvmResultTapStreams;

/**
 * cvm_result_tap_streams_take:
 * @bytes: (nullable): %NULL ends the stream
 * @streams: a CvmResultTapStreams, so that this is a CvmTapArchiveHandler
 */
void          cvm_result_tap_streams_take (guint       index,
                                           const char *bytes,
                                           gsize       len,
                                           gpointer    streams);

/**
 * cvm_result_tap_streams_clear:
 *
 * Drops a stream that was broken off
 */
void          cvm_result_tap_streams_clear (CvmResultTapStreams *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmResultTapStreams, cvm_result_tap_streams_clear)

/**
 * cvm_result_tap_finish:
 *
 * After the last stream: the result's title, and the worst of its jobs
 */
void          cvm_result_tap_finish    (CvmResult    *result,
                                        const char   *title);

