/* cvm-result-private.h: a result made otherwise than from records
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   record, and only here. */
#pragma once

#include "cvm-result.h"

/**
 * cvm_result_append_job:
 *
 * Returns: (transfer none): a job behind the others
 */
CvmJobResult *cvm_result_append_job (CvmResult    *self,
                                     const char   *id);

/**
 * cvm_result_set_end:
 *
 * The result has ended; a NULL title leaves the one it has
 */
void          cvm_result_set_end    (CvmResult    *self,
                                     const char   *title,
                                     CvmStatus     status);

/* What of the limits on TAP is used up, by all its streams */
typedef struct
{
  guint n_points;
  gsize n_bytes;
} CvmTapRoom;

CvmTapRoom   *cvm_result_tap_room   (CvmResult    *self);

CvmPoint     *cvm_point_new         (char         *path);
void          cvm_point_free        (CvmPoint     *point);
void          cvm_point_add_detail  (CvmPoint     *point,
                                     const char   *key,
                                     const char   *value);

/**
 * cvm_points_append:
 * @points: (nullable): of CvmPoint; made if there is none
 * @point: (transfer full)
 *
 * Numbers among siblings are counted here: TAP may have one twice.
 */
void          cvm_points_append     (GPtrArray   **points,
                                     CvmPoint     *point);

/**
 * cvm_job_result_count:
 *
 * Takes the outcome of one of the job's cases into its counts
 */
void          cvm_job_result_count  (CvmJobResult *job,
                                     CvmOutcome    outcome);

/**
 * cvm_job_result_count_all:
 * @by: 1, or -1 before an ended point changes
 *
 * Takes any point into the counts of all
 */
void          cvm_job_result_count_all (CvmJobResult   *job,
                                        const CvmPoint *point,
                                        int             by);
