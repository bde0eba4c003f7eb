/* cvm-run-reports.h: the reports of a run, and the files that go with each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; blocks on the disk.
 * Trust:   the folder may be anybody's: no path of its journal leads outside it. */
#pragma once

#include "cvm-spool.h"

typedef struct
{
  char      *run;     /* its folder, without links */
  char      *job;     /* "01" */
  char      *title;   /* for people */
  char      *path;    /* its report.tap */
  GPtrArray *paths;   /* of char *: plan.ini, serial.log, domain.xml, frames, logs; those that
                         exist */
  GArray    *files;   /* of CvmSpoolFile, beside it */
} CvmRunReport;

/**
 * cvm_run_reports_find:
 *
 * The folder that a run's id or path names, or NULL
 */
char      *cvm_run_reports_find (const char  *name);

/**
 * cvm_run_reports_read:
 *
 * The reports of the run in DIR, one a job (CvmRunReport); of a run that died they are made
 * from its journal first. G_IO_ERROR_NOT_FOUND if it has no job.
 */
GPtrArray *cvm_run_reports_read     (const char  *dir,
                                      GError     **error);
