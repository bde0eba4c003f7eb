/* cvm-running-bar.h: the check that runs now: what it waits for, and what one can do about it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

#define CVM_TYPE_RUNNING_BAR (cvm_running_bar_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunningBar, cvm_running_bar, CVM, RUNNING_BAR, GtkBox)

/**
 * cvm_running_bar_update:
 * @run: (nullable): NULL: it is over, there is nothing to show
 *
 * With each batch of records, and once a second
 */
void cvm_running_bar_update (CvmRunningBar      *self,
                             CvmRun             *run,
                             const CvmJobResult *job);
