/* cvm-estimate.c: how long jobs will take, and how much memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-estimate.h"

static guint
find_earliest (const gint64 *ends,
               guint         n)
{
  guint best = 0;

  for (guint i = 1; i < n; i++)
    if (ends[i] < ends[best])
      best = i;

  return best;
}

static int
compare_downwards (gconstpointer a,
                   gconstpointer b)
{
  guint64 x = *(const guint64 *)a;
  guint64 y = *(const guint64 *)b;

  return x < y ? 1 : x > y ? -1 : 0;
}

guint64
cvm_estimate_memory_on (const CvmEstimateJob *jobs,
                        guint                 n_jobs,
                        guint                 parallel,
                        const char           *host_uri)
{
  g_autoptr(GArray) sizes = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint64 sum = 0;

  for (guint i = 0; i < n_jobs; i++)
    if (host_uri == NULL || g_strcmp0 (jobs[i].host_uri, host_uri) == 0)
      g_array_append_val (sizes, jobs[i].memory);

  g_array_sort (sizes, compare_downwards);
  for (guint i = 0; i < MIN (sizes->len, parallel); i++)
    sum += g_array_index (sizes, guint64, i);

  return sum;
}

CvmEstimate
cvm_estimate_jobs (const CvmEstimateJob *jobs,
                   guint                 n_jobs,
                   guint                 parallel)
{
  g_autofree gint64 *ends = g_new0 (gint64, MAX (parallel, 1));
  CvmEstimate self = { 0 };

  for (guint i = 0; i < n_jobs; i++)
    {
      guint worker = find_earliest (ends, MAX (parallel, 1));

      ends[worker] += jobs[i].ms;
      self.ms = MAX (self.ms, ends[worker]);
      self.n_runs = MAX (self.n_runs, jobs[i].n_runs);
      self.is_at_least = self.is_at_least || jobs[i].ms == 0;
    }
  self.memory = cvm_estimate_memory_on (jobs, n_jobs, MAX (parallel, 1), NULL);

  return self;
}
