/* cvm-launch.h: from what the user chose to a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. BACKEND outlives every call. */
#pragma once

#include "cvm-backend.h"
#include "cvm-order.h"

/**
 * cvm_launch_plan_async:
 * @order: (transfer full)
 *
 * Reads the suites and images that it names. Errors say what is wrong with which file.
 */
void     cvm_launch_plan_async  (CvmOrder            *order,
                                 const CvmBackend    *backend,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
CvmPlan *cvm_launch_plan_finish (GAsyncResult        *result,
                                 GError             **error);

/**
 * cvm_launch_order_async:
 * @order: (transfer full)
 *
 * The same, and makes the run's folder; the run is not started yet
 */
void    cvm_launch_order_async (CvmOrder             *order,
                                const CvmBackend     *backend,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);

/**
 * cvm_launch_again_async:
 *
 * The same plan once more; ends by the same finish
 */
void    cvm_launch_again_async (CvmPlan              *plan,
                                const CvmBackend     *backend,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);

/**
 * cvm_launch_past_async:
 * @dir: the folder of a run that is over
 * @only_failed: only what failed, with what it needs (cvm-rerun.h)
 *
 * The run of a folder once more; ends by the same finish
 */
void    cvm_launch_past_async  (const char           *dir,
                                gboolean              only_failed,
                                const CvmBackend     *backend,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);

/**
 * cvm_launch_check_async:
 * @job: "01"
 * @only: "boot-log", or of a subtest "boot-log/3"
 *
 * One check of the run of a folder alone, with what it needs; ends by the same finish
 */
void    cvm_launch_check_async (const char           *dir,
                                const char           *job,
                                const char           *only,
                                const CvmBackend     *backend,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);

CvmRun *cvm_launch_run_finish  (GAsyncResult         *result,
                                GError              **error);
