/* cvm-cli-execute.h: does what a plan says, and tells what came of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

#include "cvm-plan.h"

typedef enum
{
  CVM_CLI_FORMAT_TAP,     /* of one job while it runs; of several at the end */
  CVM_CLI_FORMAT_JSON,    /* this and the others at the end */
  CVM_CLI_FORMAT_JUNIT,
  CVM_CLI_FORMAT_HTML,
  CVM_CLI_FORMAT_LINES,   /* a line a case, for people */
} CvmCliFormat;

/**
 * cvm_cli_execute:
 * @dir: (nullable): the run's folder; %NULL for one of the user's data
 * @run_dir: (out) (optional): the folder that it is in, %NULL if nothing was run
 *
 * Returns: the exit status
 */
int cvm_cli_execute (CvmPlan      *plan,
                     const char   *dir,
                     CvmCliFormat  format,
                     char        **run_dir);
