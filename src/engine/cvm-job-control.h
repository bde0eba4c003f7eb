/* cvm-job-control.h: what the user may ask of a job while it runs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine, private to it.
 * Threads: what the user asks, from any thread; what the job does about it, in the job's. */
#pragma once

#include "cvm-limit.h"
#include "cvm-record.h"
#include "cvm-suite.h"

#define CVM_SKIPPED_BY_USER "skipped by the user"

typedef struct _CvmJob CvmJob;

/* What is asked of all jobs of a run at once */
typedef struct
{
  GMutex   lock;        /* guards all below */
  GCond    changed;
  gboolean is_paused;   /* no job begins another check */
  gboolean is_ending;   /* nor ever will */
  gboolean keeps;       /* guests stay */
} CvmHold;

void      cvm_hold_init  (CvmHold *self);
void      cvm_hold_clear (CvmHold *self);
void      cvm_hold_set   (CvmHold *self, gboolean *what, gboolean is_set);
gboolean  cvm_hold_is    (CvmHold *self, const gboolean *what);

/* How the user wants a case to end */
typedef enum
{
  CVM_CASE_WISH_NONE,
  CVM_CASE_WISH_SKIP,
  CVM_CASE_WISH_FAIL,
} CvmCaseWish;

/* Of a job, under its lock */
typedef struct
{
  GHashTable    *unwanted;     /* ids of cases that are not to be run */
  guint          next;         /* index of the case that comes now; those before it have ended */
  CvmLimit      *limit;        /* its, or NULL */
  gulong         chained;      /* it ends with the run */
  CvmCaseWish    wish;
  gint64         put_off_ms;   /* so much more time it was given */
} CvmJobControl;

void      cvm_job_control_init  (CvmJob *self);
void      cvm_job_control_clear (CvmJob *self);

/* The user's side ------------------------------------------------------------------------- */

/**
 * cvm_job_skip:
 *
 * FALSE: there is no such case, or it has ended
 */
gboolean  cvm_job_skip      (CvmJob *self, const char *case_id);

/**
 * cvm_job_fail_now:
 *
 * FALSE: no case runs
 */
gboolean  cvm_job_fail_now  (CvmJob *self);

/**
 * cvm_job_extend:
 *
 * Returns: (transfer full): the record that tells of it, not written yet; NULL: no case runs
 */
CvmRecord *cvm_job_extend   (CvmJob *self, gint64 ms);

/* The job's side -------------------------------------------------------------------------- */

/**
 * cvm_job_take_turn:
 *
 * The case at INDEX is the next; those before it have ended
 */
void      cvm_job_take_turn   (CvmJob *self, guint index);

/**
 * cvm_job_wait_turn:
 *
 * Waits while the run is paused, before ITEM; the suite's limit waits as well
 */
void      cvm_job_wait_turn   (CvmJob *self, const CvmCase *item);
gboolean  cvm_job_is_unwanted (CvmJob *self, const CvmCase *item);

/**
 * cvm_job_open_case:
 *
 * From now on the job's cancellable is the case's limit
 */
void      cvm_job_open_case   (CvmJob *self, gint64 deadline_us);

/**
 * cvm_job_close_case:
 * @put_off_ms: (out)
 */
CvmCaseWish cvm_job_close_case (CvmJob *self, gint64 *put_off_ms);
