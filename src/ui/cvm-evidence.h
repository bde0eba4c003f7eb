/* cvm-evidence.h: the files that a job kept, as a page shows and opens them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Trust:   names come from a journal, which may be anybody's. */
#pragma once

#include "cvm-result.h"

typedef struct
{
  char     *path;
  char     *name;      /* for who looks at the case: "dmesg.log" of "logs/boot-log-dmesg.log"; or that
                          it is the guest's screen, at the end of the case */
  gboolean  is_text;
} CvmEvidence;

/**
 * cvm_evidence_dup_path:
 * @dir: of the run
 *
 * Where RECORD's file is; NULL for one that has none, or would be outside the job's folder
 */
char      *cvm_evidence_dup_path (const CvmJobResult *job,
                                  const char         *dir,
                                  const CvmRecord    *record);

/**
 * cvm_evidence_list:
 * @dir: of the run
 * @id: (nullable): of the case
 * @max: so many at most
 *
 * What it kept, without what would be outside the job's folder
 *
 * Returns: (transfer full) (element-type CvmEvidence)
 */
GPtrArray *cvm_evidence_list     (const CvmJobResult *job,
                                  const char         *dir,
                                  const char         *id,
                                  guint               max);

/**
 * cvm_evidence_load_async:
 * @path: of a CvmEvidence
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
 * @is_cut: (out) (nullable): something was left out
 *
 * Returns: (transfer full): as cvm_format_log () has it, for any text view
 */
char *cvm_evidence_load_finish (GAsyncResult         *result,
                                gboolean             *is_cut,
                                GError              **error);

/**
 * cvm_evidence_load_dup_source:
 *
 * What was read, unaltered, for a clipboard: a text view's is folded and has no controls
 *
 * Returns: (transfer full) (nullable): UTF-8; NULL of what was not read
 */
char *cvm_evidence_load_dup_source (GAsyncResult *result);
