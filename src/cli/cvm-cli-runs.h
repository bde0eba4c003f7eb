/* cvm-cli-runs.h: what the verbs of runs share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: blocks, but for the verbs themselves: for a worker (cvm-cli-worker.h). */
#pragma once

#include "cvm-cli-list.h"
#include "cvm-history.h"
#include "cvm-result.h"

#define CVM_CLI_RUNS "cvmtester-cli runs"

int cvm_cli_runs_compare (int argc, char **argv);
int cvm_cli_runs_export (int argc, char **argv);
int cvm_cli_runs_list (int argc, char **argv);
int cvm_cli_runs_rm (int argc, char **argv);
int cvm_cli_runs_show (int argc, char **argv);

/* A run that the user named */
typedef struct
{
  char             *id;        /* of its folder */
  char             *dir;
  CvmResult        *result;    /* once it was read */
} CvmCliNamedRun;

void       cvm_cli_named_run_free   (CvmCliNamedRun   *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCliNamedRun, cvm_cli_named_run_free)

/**
 * cvm_cli_runs_open:
 *
 * The history as the folders of runs have it now. What there is to tell of it is told.
 */
CvmHistory *cvm_cli_runs_open       (GCancellable     *cancellable,
                                     GError          **error);

/**
 * cvm_cli_runs_find:
 * @name: an id, the beginning of one, a folder, or "last"
 *
 * Fails with G_IO_ERROR_INVALID_ARGUMENT when it is none, or the beginning of several.
 */
CvmCliNamedRun *cvm_cli_runs_find   (CvmHistory       *history,
                                     const char       *name,
                                     GCancellable     *cancellable,
                                     GError          **error);

/**
 * cvm_cli_runs_read:
 *
 * As find (), with the run's result
 */
CvmCliNamedRun *cvm_cli_runs_read   (CvmHistory       *history,
                                     const char       *name,
                                     GCancellable     *cancellable,
                                     GError          **error);

/**
 * cvm_cli_runs_fail:
 *
 * As cvm_cli_fail (); a run that is not there, or whose journal is damaged, is the user's file: 2
 */
int        cvm_cli_runs_fail        (const GError     *error);

/**
 * cvm_cli_runs_parse_time:
 * @text: "30d", "12h", "90m", "2w": so long ago; or "2026-11-21", "2026-11-21T07:25", here
 *
 * FALSE if it is none of these
 */
gboolean   cvm_cli_runs_parse_time  (const char       *text,
                                     gint64           *time_us);

const char *cvm_cli_runs_state_name (CvmHistoryState   state);

/**
 * cvm_cli_runs_state:
 *
 * FALSE for a name that no state has
 */
gboolean   cvm_cli_runs_state       (const char       *name,
                                     int              *state);

/**
 * cvm_cli_runs_fill:
 *
 * The members that a run has in every listing
 */
void       cvm_cli_runs_fill        (JsonObject          *object,
                                     const CvmHistoryRun *run);

char      *cvm_cli_runs_time_text   (gint64            time_us);   /* "2026-11-21T07:25:13Z" */
char      *cvm_cli_runs_clock       (gint64            ms);        /* "4:51", "1:02:03"; "" for 0 */
const char *cvm_cli_runs_outcome    (const CvmPoint   *point);     /* "pass"; "none": not ended */
