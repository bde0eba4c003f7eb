/* cvm-past-run.h: a run of the past, read from its folder off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-point-index.h"

typedef struct
{
  GPtrArray *records;   /* of CvmRecord: but points, which may be a million */
  CvmResult *result;
  GPtrArray *indexes;   /* of CvmPointIndex, of the result's jobs */
} CvmPastRun;

void        cvm_past_run_free        (CvmPastRun           *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmPastRun, cvm_past_run_free)

void        cvm_past_run_load_async  (const char           *dir,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
CvmPastRun *cvm_past_run_load_finish (GAsyncResult         *result,
                                      GError              **error);
