/* cvm-launch.h: from what the user chose to a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-backend.h"

typedef struct
{
  const char *suite;        /* a name or a path, as on the command line */
  const char *image;
  const char *host_uri;
  const char *hypervisor;
} CvmChoice;

/**
 * cvm_launch_run_async:
 *
 * Reads suite and image and makes the run's folder, all off the main thread; the run is not
 * started yet. BACKEND outlives the call. Errors say what is wrong with which file.
 */
void    cvm_launch_run_async  (const CvmChoice      *choice,
                               const CvmBackend     *backend,
                               GCancellable         *cancellable,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data);

/**
 * cvm_launch_again_async:
 *
 * The same plan once more; ends by the same finish
 */
void    cvm_launch_again_async (CvmPlan             *plan,
                                const CvmBackend    *backend,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data);

CvmRun *cvm_launch_run_finish (GAsyncResult         *result,
                               GError              **error);
