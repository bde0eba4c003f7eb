/* cvm-evidence.h: the files that a job kept, as a page shows and opens them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Trust:   names come from a journal, which may be anybody's. */
#pragma once

#include "cvm-result.h"

/**
 * cvm_evidence_dup_path:
 * @dir: of the run
 *
 * Where RECORD's file is; NULL for one that would be outside the job's folder
 */
char *cvm_evidence_dup_path (const CvmJobResult *job,
                             const char         *dir,
                             const CvmRecord    *record);

/**
 * cvm_evidence_dup_name:
 * @id: of the case that is looked at
 *
 * "logs/boot-log-dmesg.log" of the case boot-log is "dmesg.log" to whoever looks at that case
 */
char *cvm_evidence_dup_name (const CvmRecord    *record,
                             const char         *id);

/**
 * cvm_evidence_load_async:
 * @path: of cvm_evidence_dup_path ()
 * @max: bytes; what comes after them is left out
 *
 * Reads a text off the main thread. What is no regular file is refused, and not waited for.
 */
void  cvm_evidence_load_async  (const char           *path,
                                gsize                 max,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);

/**
 * cvm_evidence_load_finish:
 * @is_cut: (out): something was left out
 *
 * Returns: (transfer full): as cvm_format_log () has it, for any text view
 */
char *cvm_evidence_load_finish (GAsyncResult         *result,
                                gboolean             *is_cut,
                                GError              **error);
