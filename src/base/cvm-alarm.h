/* cvm-alarm.h: ends a library's blocking call when its time is over
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: each alarm has a thread of its own, since a job thread runs no main loop while a
 *          library blocks in it. */
#pragma once

#include "cvm-wait.h"

typedef struct _CvmAlarm CvmAlarm;

/**
 * cvm_alarm_new:
 *
 * Calls RING (in the alarm's thread) once, at the deadline or when CANCELLABLE is cancelled,
 * whichever comes first.
 */
CvmAlarm *cvm_alarm_new  (void        (*ring) (gpointer data),
                          gpointer       data,
                          gint64         deadline_us,
                          GCancellable  *cancellable);

/**
 * cvm_alarm_free:
 *
 * After it, RING is neither running nor called any more.
 */
void      cvm_alarm_free (CvmAlarm *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmAlarm, cvm_alarm_free)
