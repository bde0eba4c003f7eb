/* cvm-scout.h: what hosts can do, asked off the main thread and remembered
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one; hosts are asked in threads, which a silent one holds for 10 s at most. */
#pragma once

#include "cvm-backend.h"

/* What was found of a host, or what was wrong; one of the two */
typedef struct
{
  CvmHostFacts *facts;
  char         *problem;
} CvmScouted;

/**
 * cvm_scout_peek:
 *
 * What is known of it, borrowed until it is asked again; NULL: nothing yet
 */
const CvmScouted *cvm_scout_peek (const char           *uri);

/**
 * cvm_scout_ask_async:
 * @may_ask: the user may be asked who one is; for when the user wants it
 *
 * Asks the host now. Ends with cvm_scout_peek () knowing what came of it.
 */
void              cvm_scout_ask_async  (const CvmBackend     *backend,
                                        const char           *uri,
                                        gboolean              may_ask,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);

/**
 * cvm_scout_ask_finish:
 *
 * FALSE only when it was cancelled
 */
gboolean          cvm_scout_ask_finish (GAsyncResult         *result,
                                        GError              **error);
