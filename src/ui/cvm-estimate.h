/* cvm-estimate.h: how long jobs will take, and how much memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. Arithmetic only. */
#pragma once

#include <glib.h>

typedef struct
{
  gint64      ms;             /* of this one; 0: nobody knows */
  guint64     memory;         /* bytes; 0: nobody knows, or none */
  guint       n_runs;         /* that MS is from */
  const char *host_uri;
} CvmEstimateJob;

typedef struct
{
  gint64      ms;             /* of all, as many at once as may be; 0: nobody knows */
  gboolean    is_at_least;    /* of some nobody knows */
  guint       n_runs;         /* that it is from, at most */
  guint64     memory;         /* at the worst moment */
} CvmEstimate;

/**
 * cvm_estimate_jobs:
 * @parallel: jobs at once; at least 1
 *
 * Jobs begin in their order, each as soon as one before it ends
 */
CvmEstimate cvm_estimate_jobs   (const CvmEstimateJob *jobs,
                                 guint                 n_jobs,
                                 guint                 parallel);

/**
 * cvm_estimate_memory_on:
 *
 * The memory that a host has to give at the worst moment
 */
guint64     cvm_estimate_memory_on (const CvmEstimateJob *jobs,
                                    guint                 n_jobs,
                                    guint                 parallel,
                                    const char           *host_uri);
