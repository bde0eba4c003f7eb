/* cvm-run.h: one execution of a plan
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: made in any thread, asked and ended on the main context; its jobs have threads of
 *          their own. All signals are emitted on the main context. */
#pragma once

#include "cvm-context.h"
#include "cvm-plan.h"
#include "cvm-result.h"

#define CVM_TYPE_RUN (cvm_run_get_type ())
G_DECLARE_FINAL_TYPE (CvmRun, cvm_run, CVM, RUN, GObject)

/**
 * CvmRun::records:
 * @records: (element-type CvmRecord): what has happened since the last emission, in order
 *
 * The journal has them already. At most once a frame (16 ms).
 *
 * CvmRun::finished: after the last record; every guest is gone and the lock is still held,
 * until the run is disposed.
 */

/**
 * cvm_run_new:
 * @ports: must outlive every thread of the run: a static table
 * @find: the checks
 * @dir: (nullable): --output; %NULL for a folder of the user's data
 *
 * Makes the run's folder, plan.ini and journal; nothing else is touched before it starts.
 */
CvmRun          *cvm_run_new          (CvmPlan         *plan,
                                       const CvmPorts  *ports,
                                       CvmCheckFind     find,
                                       const char      *dir,
                                       GError         **error);

/**
 * cvm_run_new_unlisted:
 *
 * The same for a run that is in no list of runs and that no sweep finds: one that makes nothing
 * on any host. DIR is the caller's to remove.
 */
CvmRun          *cvm_run_new_unlisted (CvmPlan         *plan,
                                       const CvmPorts  *ports,
                                       CvmCheckFind     find,
                                       const char      *dir,
                                       GError         **error);

/**
 * cvm_run_keep_open:
 * @idle_ms: the longest that a guest is kept for nothing
 *
 * Before it starts: when its cases are over, a job whose guest is on waits with it for more, until
 * it is cancelled or the guest is gone. See CvmTryout.
 */
void             cvm_run_keep_open    (CvmRun *self,
                                       gint64  idle_ms);

/**
 * cvm_run_offer:
 * @suite: resolved; ids that JOB has had stay its own
 *
 * SUITE's cases are the next points of JOB, on its guest as it is. FALSE: it does not wait for any.
 */
gboolean         cvm_run_offer        (CvmRun     *self,
                                       const char *job,
                                       CvmSuite   *suite);

/**
 * cvm_run_is_idle:
 *
 * All that its jobs still do is to keep their guests
 */
gboolean         cvm_run_is_idle      (CvmRun *self);

void             cvm_run_start        (CvmRun *self);

/**
 * cvm_run_cancel:
 *
 * Every job stops at its next wait, tears its guest down, and ends as cancelled
 */
void             cvm_run_cancel       (CvmRun *self);

/**
 * cvm_run_pause:
 *
 * No job begins another check until cvm_run_resume (); the one that runs goes on to its end. The
 * suite's limit stands still meanwhile.
 */
void             cvm_run_pause        (CvmRun *self);
void             cvm_run_resume       (CvmRun *self);
gboolean         cvm_run_is_paused    (CvmRun *self);

/**
 * cvm_run_stop_after_check:
 *
 * As cvm_run_cancel (), but the checks that run now go on to their ends
 */
void             cvm_run_stop_after_check (CvmRun *self);

/**
 * cvm_run_may_keep_guests:
 *
 * Before it starts: its guests are made such that they can be kept. They do not end with this
 * program's connection then, also not where it dies; sweep finds them.
 */
void             cvm_run_may_keep_guests (CvmRun *self);

/**
 * cvm_run_keep_guests:
 *
 * However the run ends, what runs then is left running: say so before it is stopped
 */
void             cvm_run_keep_guests  (CvmRun *self);

/**
 * cvm_run_skip:
 *
 * Of a case that has not begun, or runs: what needs it is skipped too. FALSE: it is too late.
 */
gboolean         cvm_run_skip         (CvmRun     *self,
                                       const char *job,
                                       const char *case_id);

/**
 * cvm_run_fail_now:
 *
 * The check that runs in JOB has failed. FALSE: none runs.
 */
gboolean         cvm_run_fail_now     (CvmRun     *self,
                                       const char *job);

/**
 * cvm_run_extend:
 *
 * So much more time for the check that runs in JOB. FALSE: none runs.
 */
gboolean         cvm_run_extend       (CvmRun     *self,
                                       const char *job,
                                       gint64      ms);

const char      *cvm_run_get_dir      (CvmRun *self);
CvmPlan         *cvm_run_get_plan     (CvmRun *self);
gboolean         cvm_run_is_finished  (CvmRun *self);
CvmStatus        cvm_run_get_status   (CvmRun *self);

/**
 * cvm_run_get_result:
 *
 * Fed before ::records is emitted: what a handler sees is up to date
 */
CvmResult       *cvm_run_get_result   (CvmRun *self);

/**
 * cvm_run_get_serial:
 *
 * The console of a job's guest; never NULL, empty before it starts
 */
CvmSerial       *cvm_run_get_serial   (CvmRun     *self,
                                       const char *job);

/**
 * cvm_run_send_serial:
 *
 * Types into it; FALSE while no guest runs
 */
gboolean         cvm_run_send_serial  (CvmRun     *self,
                                       const char *job,
                                       const char *bytes,
                                       gsize       len);

/**
 * cvm_run_keep:
 * @name: "frames/screenshot-1.png", in the job's folder; ours, never a guest's
 *
 * Keeps a file as evidence of the job, told by a record where the run has not ended; returns its
 * path. Blocks on the disk: any thread but the main one.
 */
char            *cvm_run_keep         (CvmRun      *self,
                                       const char  *job,
                                       const char  *name,
                                       const char  *media_type,
                                       GBytes      *bytes,
                                       GError     **error);

/**
 * cvm_run_open_display_async:
 * A descriptor that speaks VNC to the job's guest, opened off the main thread; at most 10 s.
 * Fails with CVM_ENGINE_ERROR_GUEST_LOST while none runs. Ask again after a record
 * "acted domain".
 */
void             cvm_run_open_display_async  (CvmRun              *self,
                                              const char          *job,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);

int              cvm_run_open_display_finish (CvmRun              *self,
                                              GAsyncResult        *result,
                                              GError             **error);
