/* cvm-rerun.h: a run of the past, planned once more
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   record.
 * Threads: reads files: not on the main thread.
 * Trust:   the run's folder may be anybody's. */
#pragma once

#include "cvm-plan.h"
#include "cvm-result.h"

/**
 * cvm_rerun_list_failed:
 *
 * Returns: (transfer full): "boot-log", or of subtests "boot-log/3": what failed of a job, as it is
 * named to run it alone; known-broken points and those without an id are not in it
 */
char   **cvm_rerun_list_failed (const CvmJobResult *job);

/**
 * cvm_rerun_plan:
 * @dir: the folder of a run
 * @only_failed: the checks that failed, with their preconditions and what they need; of a job that
 *   did not come to its end, all; nothing of one that passed
 * @again: (nullable): what may be run; its choice is not used
 *
 * Errors: G_IO_ERROR_NOT_FOUND where nothing failed; else those of cvm_plan_load () and of reading
 * the journal
 */
CvmPlan *cvm_rerun_plan (const char          *dir,
                         gboolean             only_failed,
                         CvmCheckLookup       lookup,
                         const CvmPlanAgain  *again,
                         GError             **error);

/**
 * cvm_rerun_plan_check:
 * @job: "01"
 * @only: "boot-log", or of a subtest "boot-log/3"
 *
 * One check of one job alone, with its preconditions and what it needs
 */
CvmPlan *cvm_rerun_plan_check (const char          *dir,
                               const char          *job,
                               const char          *only,
                               CvmCheckLookup       lookup,
                               const CvmPlanAgain  *again,
                               GError             **error);
