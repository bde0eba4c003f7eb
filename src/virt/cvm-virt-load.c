/* cvm-virt-load.c: how busy a host is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-load.h"

#include <string.h>

#include "cvm-virt-error.h"
#include "cvm-wait.h"

#define SAMPLE_MS  250   /* between two looks at the processors' clocks */
#define MAX_STATS  32

typedef struct
{
  guint64 busy, idle;   /* nanoseconds since the host started */
} Clock;

/* What could be given to a new guest: caches give way */
static void
read_memory (virConnectPtr  conn,
             CvmHostLoad   *load)
{
  virNodeMemoryStats stats[MAX_STATS];
  int n = 0;
  guint64 free_kib = 0;

  if (virNodeGetMemoryStats (conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &n, 0) == 0
      && n > 0 && n <= MAX_STATS
      && virNodeGetMemoryStats (conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, stats, &n, 0) == 0)
    {
      for (int i = 0; i < n; i++)
        if (strcmp (stats[i].field, VIR_NODE_MEMORY_STATS_TOTAL) != 0)
          free_kib += stats[i].value;
    }
  else
    {
      free_kib = virNodeGetFreeMemory (conn) / 1024;
    }

  load->has_memory = free_kib > 0;
  load->memory_free_kib = free_kib;
}

static gboolean
read_clock (virConnectPtr  conn,
            Clock         *clock)
{
  virNodeCPUStats stats[MAX_STATS];
  int n = 0;

  *clock = (Clock){ 0 };
  if (virNodeGetCPUStats (conn, VIR_NODE_CPU_STATS_ALL_CPUS, NULL, &n, 0) != 0
      || n <= 0 || n > MAX_STATS
      || virNodeGetCPUStats (conn, VIR_NODE_CPU_STATS_ALL_CPUS, stats, &n, 0) != 0)
    return FALSE;

  for (int i = 0; i < n; i++)
    {
      if (strcmp (stats[i].field, VIR_NODE_CPU_STATS_IDLE) == 0
          || strcmp (stats[i].field, VIR_NODE_CPU_STATS_IOWAIT) == 0)
        clock->idle += stats[i].value;
      else
        clock->busy += stats[i].value;
    }

  return TRUE;
}

/* Some hosts, the test driver among them, have a clock that stands still */
static void
read_processors (virConnectPtr  conn,
                 CvmHostLoad   *load)
{
  Clock first, last;
  guint64 busy, all;

  if (!read_clock (conn, &first) || !cvm_wait_ms (SAMPLE_MS, CVM_DEADLINE_NEVER, NULL, NULL)
      || !read_clock (conn, &last) || last.busy < first.busy || last.idle < first.idle)
    return;

  busy = last.busy - first.busy;
  all = busy + last.idle - first.idle;
  load->has_cpus = all > 0;
  load->cpu_percent = all > 0 ? (guint)(busy * 100 / all) : 0;
}

gboolean
cvm_virt_load_read (virConnectPtr   conn,
                    CvmHostLoad    *load,
                    GError        **error)
{
  int n_guests = virConnectNumOfDomains (conn);

  if (n_guests < 0)
    {
      cvm_virt_error_take ("count the host's guests", error);
      return FALSE;
    }

  load->guests = (guint)n_guests;
  read_memory (conn, load);
  read_processors (conn, load);
  virResetLastError ();   /* of what this host cannot tell */

  return TRUE;
}
