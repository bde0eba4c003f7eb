/* cvm-tapper-submit.h: drives one report of the spool to the server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper, and only here: cvm_spool_flush () is the door.
 * Threads: blocks; the caller holds the spool's lock.
 *
 *   QUEUED ─▶ SENDING ─▶ SENT ─▶ STORED ─▶ DONE
 *      ▲         │ │       │
 *      │         │ └─▶ MAYBE (cannot be asked)
 *      └─ orphan ┴─────────┘ (short on the server, and still so a while later)
 *
 * The state is on the disk before the step that it names is taken. */
#pragma once

#include "cvm-spool-private.h"

G_BEGIN_DECLS

/**
 * CvmTapperSubmitEnd:
 * @CVM_TAPPER_SUBMIT_DONE: the report may leave the spool
 * @CVM_TAPPER_SUBMIT_LATER: nothing more now; others of that server may go on
 * @CVM_TAPPER_SUBMIT_BLOCKED: its server takes no reports now
 * @CVM_TAPPER_SUBMIT_SETTLING: the server has it in part only; call again soon
 */
typedef enum
{
  CVM_TAPPER_SUBMIT_DONE,
  CVM_TAPPER_SUBMIT_LATER,
  CVM_TAPPER_SUBMIT_BLOCKED,
  CVM_TAPPER_SUBMIT_SETTLING,
} CvmTapperSubmitEnd;

gboolean cvm_tapper_submit (CvmSpool             *spool,
                            CvmSpoolEntry        *entry,
                            const CvmSpoolFlush  *flush,
                            gint64               *short_since_us,
                            CvmTapperSubmitEnd   *end,
                            GCancellable         *cancellable,
                            GError              **error);

G_END_DECLS
