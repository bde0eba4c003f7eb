/* cvm-launcher.h: makes runs of what was chosen, one at a time, ready to be started
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one, which it never blocks. */
#pragma once

#include "cvm-launch.h"

/**
 * CvmLauncher::ready:
 * @run: not started yet
 * @usual_ms: what such a run usually takes; 0: nobody knows
 *
 * CvmLauncher::failed:
 * @message: why the run could not begin
 *
 * CvmLauncher::changed: it began to make one, or is done
 */
#define CVM_TYPE_LAUNCHER (cvm_launcher_get_type ())
G_DECLARE_FINAL_TYPE (CvmLauncher, cvm_launcher, CVM, LAUNCHER, GObject)

CvmLauncher *cvm_launcher_new     (const CvmBackend *backend);

/**
 * cvm_launcher_is_busy:
 *
 * It makes one: what is asked for now is not heard
 */
gboolean     cvm_launcher_is_busy (CvmLauncher      *self);

/**
 * cvm_launcher_order:
 * @order: (transfer full)
 */
void         cvm_launcher_order   (CvmLauncher      *self,
                                   CvmOrder         *order);

void         cvm_launcher_plan    (CvmLauncher      *self,
                                   CvmPlan          *plan);

/**
 * cvm_launcher_past:
 *
 * See cvm_launch_past_async ()
 */
void         cvm_launcher_past    (CvmLauncher      *self,
                                   const char       *dir,
                                   gboolean          only_failed);

/**
 * cvm_launcher_check:
 *
 * See cvm_launch_check_async ()
 */
void         cvm_launcher_check   (CvmLauncher      *self,
                                   const char       *dir,
                                   const char       *job,
                                   const char       *only);

/**
 * cvm_launcher_stop:
 *
 * Nothing is told from now on
 */
void         cvm_launcher_stop    (CvmLauncher      *self);
