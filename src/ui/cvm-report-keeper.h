/* cvm-report-keeper.h: writes a live run's reports, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one; it has a thread of its own for the disk. */
#pragma once

#include "cvm-run.h"

typedef struct _CvmReportKeeper CvmReportKeeper;

CvmReportKeeper *cvm_report_keeper_new  (CvmRun          *run);

/**
 * cvm_report_keeper_free:
 *
 * Waits until all that was told so far is written
 */
void             cvm_report_keeper_free (CvmReportKeeper *self);

CvmRun          *cvm_report_keeper_get_run (CvmReportKeeper *self);
