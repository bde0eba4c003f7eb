/* cvm-point-index.h: which points of a job a filter shows, known before anybody asks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: one at a time. Of an old run it is made in the thread that reads it.
 *
 * A job may have a million points. Those that a filter shows are kept with what is above them, so
 * that to choose it costs nothing; a record costs as much as its point is deep. */
#pragma once

#include "cvm-point-state.h"

typedef enum
{
  CVM_POINT_FILTER_ALL,
  CVM_POINT_FILTER_FAILED,     /* cancelled ones, too */
  CVM_POINT_FILTER_SKIPPED,
  CVM_POINT_FILTER_TODO,
  CVM_POINT_FILTER_SLOW,       /* 10 s or longer, or more than half its limit */
  CVM_POINT_N_FILTERS
} CvmPointFilter;

typedef struct _CvmPointIndex CvmPointIndex;

/**
 * cvm_point_index_new:
 * @job: outlives it
 */
CvmPointIndex   *cvm_point_index_new      (const CvmJobResult  *job);
void             cvm_point_index_free     (CvmPointIndex       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmPointIndex, cvm_point_index_free)

/**
 * cvm_point_indexes_new:
 *
 * Returns: (transfer full) (element-type CvmPointIndex): of each job of a result
 */
GPtrArray       *cvm_point_indexes_new    (CvmResult           *result);

/**
 * cvm_point_index_take:
 *
 * Once the result has it
 */
void             cvm_point_index_take     (CvmPointIndex       *self,
                                           const CvmRecord     *record);

const CvmJobResult *cvm_point_index_get_job (CvmPointIndex     *self);

/**
 * cvm_point_index_children:
 * @parent: (nullable): NULL: the cases
 *
 * Returns: (nullable): those below PARENT that FILTER shows, of CvmPoint, in order
 */
const GPtrArray *cvm_point_index_children (CvmPointIndex       *self,
                                           CvmPointFilter       filter,
                                           const CvmPoint      *parent);

/**
 * cvm_point_index_count:
 *
 * How many points FILTER shows for their own sake
 */
guint            cvm_point_index_count    (CvmPointIndex       *self,
                                           CvmPointFilter       filter);

gboolean         cvm_point_filter_shows   (CvmPointFilter       filter,
                                           const CvmPoint      *point);

/**
 * cvm_point_index_all_async:
 * @result: of a run that is over; nobody changes it meanwhile
 * @known: (nullable): they were made already, and are what comes
 *
 * Those of all its jobs, made off the main thread: of CvmPointIndex, in their order
 */
void             cvm_point_index_all_async  (CvmResult            *result,
                                             GPtrArray            *known,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
GPtrArray       *cvm_point_index_all_finish (GAsyncResult         *result,
                                             GError              **error);

/**
 * cvm_point_index_all:
 *
 * The same, at once
 */
GPtrArray       *cvm_point_index_all        (CvmResult            *result);
