/* cvm-cli-tap.h: what the verbs of TAP share: the streams they read
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: one thread at a time.
 * Trust:   files may be anybody's. */
#pragma once

#include "cvm-cli-output.h"
#include "cvm-result.h"
#include "cvm-tap-archive.h"

#define CVM_CLI_TAP "cvmtester-cli tap"

int cvm_cli_tap_convert    (int argc, char **argv);
int cvm_cli_tap_rerun_list (int argc, char **argv);

/* A file of TAP, or a TAP archive: one stream, or several */
typedef struct _CvmCliTapInput CvmCliTapInput;

/**
 * cvm_cli_tap_input_open:
 * @file: a path, or "-" for standard input
 *
 * Returns: (nullable): %NULL after it was told why the file cannot be read
 */
CvmCliTapInput *cvm_cli_tap_input_open (const char     *file);

void            cvm_cli_tap_input_free (CvmCliTapInput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCliTapInput, cvm_cli_tap_input_free)

guint           cvm_cli_tap_input_n_streams (CvmCliTapInput *self);

/**
 * cvm_cli_tap_input_member:
 *
 * Returns: (nullable): what an archive says about a stream of its; %NULL for a file of TAP
 */
const CvmTapMember *cvm_cli_tap_input_member (CvmCliTapInput *self,
                                              guint           index);

/**
 * cvm_cli_tap_input_name:
 *
 * Returns: (transfer full): "report.tap", "tests.tgz:t/00-load.t"
 */
char           *cvm_cli_tap_input_name (CvmCliTapInput *self,
                                        guint           index);

/**
 * cvm_cli_tap_input_read:
 *
 * Gives every stream whole, one after the other, each with an end. FALSE after it was told why
 * that cannot be done.
 */
gboolean        cvm_cli_tap_input_read (CvmCliTapInput       *self,
                                        CvmTapArchiveHandler  handler,
                                        gpointer              data);

/**
 * cvm_cli_tap_result:
 *
 * Returns: (transfer full) (nullable): all of a file, a job a stream; %NULL after it was told why
 * that cannot be read
 */
CvmResult      *cvm_cli_tap_result     (const char           *file);

/**
 * cvm_cli_tap_rewrite:
 * @version: 13 or 14
 *
 * Returns: the exit status
 */
int             cvm_cli_tap_rewrite    (const char           *file,
                                        guint                 version,
                                        CvmCliOutput         *output);
