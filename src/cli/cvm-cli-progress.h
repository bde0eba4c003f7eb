/* cvm-cli-progress.h: one line on a terminal that says what a run does now
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: main thread. */
#pragma once

#include "cvm-result.h"

typedef struct _CvmCliProgress CvmCliProgress;

/**
 * cvm_cli_progress_new:
 *
 * NULL where standard error is no terminal: then there is none
 */
CvmCliProgress *cvm_cli_progress_new   (CvmResult      *result);

/**
 * cvm_cli_progress_free:
 *
 * Wipes the line
 */
void            cvm_cli_progress_free  (CvmCliProgress *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCliProgress, cvm_cli_progress_free)

/**
 * cvm_cli_progress_draw:
 *
 * Draws it anew, after something has happened; it does so itself each second. NULL is nothing.
 */
void            cvm_cli_progress_draw  (CvmCliProgress *self);

/**
 * cvm_cli_progress_wipe:
 *
 * Takes the line away, before something else is written to the terminal; NULL is nothing
 */
void            cvm_cli_progress_wipe  (CvmCliProgress *self);

/**
 * cvm_cli_progress_text:
 *
 * What the line says, at most WIDTH columns of it
 */
char           *cvm_cli_progress_text  (CvmResult      *result,
                                        gint64          now_us,
                                        int             width);

/**
 * cvm_cli_progress_stopped:
 *
 * ", 2 stopped", to stand behind those that failed; or ""
 */
char           *cvm_cli_progress_stopped (const CvmJobResult *job);

/* For what is no run --------------------------------------------------------------------------- */

/**
 * cvm_cli_progress_is_seen:
 *
 * Whether standard error is a terminal that a line can be drawn on
 */
gboolean        cvm_cli_progress_is_seen (void);

/**
 * cvm_cli_progress_print:
 *
 * Draws TEXT, as much as fits, over the line that is there; "" wipes it
 */
void            cvm_cli_progress_print (const char     *text);
