/* cvm-cli-submit.h: reports into the spool, and what waits there to its server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli.
 * Threads: blocks: for a worker (cvm-cli-worker.h). One thread at a time. */
#pragma once

#include "cvm-spool.h"

typedef struct _CvmCliSubmit CvmCliSubmit;

/**
 * cvm_cli_submit_new:
 * @is_quiet: standard output belongs to something else: all is said on standard error
 *
 * Opens the user's spool.
 */
CvmCliSubmit *cvm_cli_submit_new      (gboolean                is_quiet);
void          cvm_cli_submit_free     (CvmCliSubmit           *self);

CvmSpool     *cvm_cli_submit_get_spool (CvmCliSubmit          *self);

/**
 * cvm_cli_submit_add:
 * @name: a file of TAP, an archive, a run's folder or its id
 *
 * Puts its reports into the spool. Errors: CVM_TAPPER_ERROR_WOULD_LOSE, G_IO_ERROR_NOT_FOUND and
 * others of the files or the disk; reports added before one that fails stay.
 */
gboolean      cvm_cli_submit_add      (CvmCliSubmit           *self,
                                       const CvmTapperServer  *server,
                                       const char             *name,
                                       GCancellable           *cancellable,
                                       GError                **error);

/**
 * cvm_cli_submit_want:
 *
 * Makes the report of that number in the spool one that the next flush is about
 */
void          cvm_cli_submit_want     (CvmCliSubmit           *self,
                                       guint64                 number);

/**
 * cvm_cli_submit_flush:
 * @is_now: earlier failures do not make it wait
 *
 * Sends the wanted reports, then all others that are due; a line each, with what became of it.
 * TRUE also if some still wait: cvm_cli_submit_n_waiting () tells.
 */
gboolean      cvm_cli_submit_flush    (CvmCliSubmit           *self,
                                       gboolean                is_now,
                                       GCancellable           *cancellable,
                                       GError                **error);

/**
 * cvm_cli_submit_n_waiting:
 *
 * Of the wanted ones (or of all, if none is), after a flush
 */
guint         cvm_cli_submit_n_waiting (CvmCliSubmit          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCliSubmit, cvm_cli_submit_free)
