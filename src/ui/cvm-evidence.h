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
 * cvm_evidence_read:
 * @path: of cvm_evidence_dup_path ()
 *
 * Its first MAX bytes. Blocks: for workers; what is no regular file is refused, and not waited for.
 */
GBytes *cvm_evidence_read (const char    *path,
                           gsize          max,
                           GCancellable  *cancellable,
                           GError       **error);
