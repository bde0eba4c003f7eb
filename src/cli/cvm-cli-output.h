/* cvm-cli-output.h: where what a verb makes goes: a file, whole or not at all, or standard output
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: one thread at a time. */
#pragma once

#include <gio/gio.h>

typedef struct _CvmCliOutput CvmCliOutput;

/**
 * cvm_cli_output_open:
 * @path: (nullable): a file that is made or replaced; %NULL for standard output
 *
 * Returns: (nullable): %NULL after it was told why it cannot be written
 */
CvmCliOutput  *cvm_cli_output_open       (const char   *path);

/**
 * cvm_cli_output_free:
 *
 * Of a file that was not closed nothing remains: what stood there before stays.
 */
void           cvm_cli_output_free       (CvmCliOutput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCliOutput, cvm_cli_output_free)

/**
 * cvm_cli_output_write:
 * @output: a #CvmCliOutput
 *
 * As a CvmReportWrite. What cannot be written is told at the end.
 */
void           cvm_cli_output_write      (const char   *bytes,
                                          gsize         len,
                                          gpointer      output);

GOutputStream *cvm_cli_output_get_stream (CvmCliOutput *self);

/**
 * cvm_cli_output_close:
 *
 * Returns: FALSE after it was told that not all could be written
 */
gboolean       cvm_cli_output_close      (CvmCliOutput *self);
