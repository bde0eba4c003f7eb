/* cvm-tryout.h: checks tried one at a time, on a guest that is kept for it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: the main context, which it never blocks; the guest belongs to a job of a CvmRun of its
 *          own, with a thread of its own, so all that is made is journalled, marked and swept as
 *          that of any run. Dropping the last reference ends the guest too. */
#pragma once

#include "cvm-run.h"

typedef enum
{
  CVM_TRYOUT_EMPTY,       /* the next try boots a guest */
  CVM_TRYOUT_BOOTING,     /* a guest is made for a check, which runs as soon as it can */
  CVM_TRYOUT_TRYING,      /* a check runs on the guest that was kept */
  CVM_TRYOUT_KEPT,        /* a guest waits for the next try */
  CVM_TRYOUT_STOPPING,
} CvmTryoutState;

/* Why a guest that was kept is not used any more */
typedef enum
{
  CVM_TRYOUT_NEW,          /* there was none */
  CVM_TRYOUT_STOPPED,      /* by the user */
  CVM_TRYOUT_UNUSED,       /* for too long */
  CVM_TRYOUT_GONE,         /* it is off: by itself, by a check, or with its host */
  CVM_TRYOUT_ELSEWHERE,    /* another image or host was chosen */
  CVM_TRYOUT_OTHER_GUEST,  /* what the suite makes its guest of was changed, or is what is tried */
  CVM_TRYOUT_NO_PORT,      /* the check wants a port that is not forwarded to the guest */
} CvmTryoutReason;

/**
 * CvmTryout::made:
 * @run: not started: whoever keeps the runs of the program takes it in, and starts it
 *
 * CvmTryout::changed: its state, or a point of its run
 *
 * CvmTryout::failed:
 * @message: why no run could be made
 */
#define CVM_TYPE_TRYOUT (cvm_tryout_get_type ())
G_DECLARE_FINAL_TYPE (CvmTryout, cvm_tryout, CVM, TRYOUT, GObject)

/**
 * cvm_tryout_new:
 * @ports: as of cvm_run_new ()
 */
CvmTryout      *cvm_tryout_new        (const CvmPorts *ports,
                                       CvmCheckFind    find);

/**
 * cvm_tryout_set_idle_ms:
 *
 * The longest that a guest is kept unused; ten minutes unless set. For guests that boot later.
 */
void            cvm_tryout_set_idle_ms (CvmTryout *self,
                                        gint64     idle_ms);

/**
 * cvm_tryout_try:
 * @plan: one job, of a suite that was resolved for @id alone
 * @id: of the case
 *
 * Runs it on the guest that is kept, after those of its preconditions and needs that have not
 * passed there as they stand; on a new guest where that one does not do. FALSE: it is busy.
 */
gboolean        cvm_tryout_try        (CvmTryout  *self,
                                       CvmPlan    *plan,
                                       const char *id);

/**
 * cvm_tryout_stop:
 *
 * Ends what is tried, and the guest
 */
void            cvm_tryout_stop       (CvmTryout *self);

CvmTryoutState  cvm_tryout_get_state  (CvmTryout *self);

/**
 * cvm_tryout_is_busy:
 *
 * It boots or tries
 */
gboolean        cvm_tryout_is_busy    (CvmTryout *self);

/**
 * cvm_tryout_get_reason:
 *
 * Of %CVM_TRYOUT_EMPTY: why there is no guest; else why the one before was not used
 */
CvmTryoutReason cvm_tryout_get_reason (CvmTryout *self);

/**
 * cvm_tryout_get_run:
 *
 * (nullable): the one of the guest, or of the last one; its only job is "01"
 */
CvmRun         *cvm_tryout_get_run    (CvmTryout *self);
