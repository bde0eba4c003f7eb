/* cvm-sweeper.h: looks for what a dead run left, and removes it, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-ports.h"

/**
 * cvm_sweeper_run_async:
 *
 * @host: (nullable): a URI to look at too
 * @is_dry: only looks
 *
 * Looks on the hosts that dead runs name
 */
void     cvm_sweeper_run_async  (const CvmPorts       *ports,
                                 const char           *host,
                                 gboolean              is_dry,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);

/**
 * cvm_sweeper_run_finish:
 * @found: (out): what would be removed, or was
 *
 * FALSE, with what stands in the way: something could not be removed, or looked at.
 */
gboolean cvm_sweeper_run_finish (GAsyncResult         *result,
                                 guint                *found,
                                 GError              **error);
