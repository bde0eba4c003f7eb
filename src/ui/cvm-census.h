/* cvm-census.h: how much is in the places that were not looked at yet
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: reads names in a thread of its own, and opens hosts.ini alone: what the files say is
 *          the business of the places. */
#pragma once

#include "cvm-backend.h"

typedef struct
{
  guint images;
  guint suites;
  guint hosts;     /* that are not hidden */
} CvmCensus;

/**
 * cvm_census_take_async:
 *
 * With a low priority. Fails only by being cancelled: what cannot be read counts as nothing.
 */
void     cvm_census_take_async  (const CvmBackend     *backend,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);

gboolean cvm_census_take_finish (GAsyncResult         *result,
                                 CvmCensus            *census,
                                 GError              **error);
