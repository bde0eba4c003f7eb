/* cvm-cli-evidence.h: the reports of a run, and the files that go with each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: any; no state.
 * Trust:   the folder may be anybody's: no path of its journal leads outside it. */
#pragma once

#include "cvm-spool.h"

typedef struct
{
  char      *title;   /* for people */
  char      *path;    /* its report.tap */
  GPtrArray *paths;   /* of char *: plan.ini, serial.log, domain.xml, frames, logs; those that
                         exist */
  GArray    *files;   /* of CvmSpoolFile, beside it */
} CvmCliJobReport;

/**
 * cvm_cli_evidence_find_run:
 *
 * The folder that a run's id or path names, or NULL
 */
char      *cvm_cli_evidence_find_run (const char  *name);

/**
 * cvm_cli_evidence_read:
 *
 * The reports of the run in DIR, one a job (CvmCliJobReport); of a run that died they are made
 * from its journal first. G_IO_ERROR_NOT_FOUND if it has no job.
 */
GPtrArray *cvm_cli_evidence_read     (const char  *dir,
                                      GError     **error);
