/* cvm-test-probe.h: a GTK module that tells how far apart the beats of a program's loop are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads: the main thread alone.
 *
 * GTK_MODULES=/path/of/this.so CVM_…_PROBE=FILE: FILE should lie in memory (/dev/shm), since a disk
 * that hangs would be seen as a loop that does. A beat is a timer's, or a frame: the module's own
 * matter, as is what it writes. */
#pragma once

#include <glib.h>

typedef struct
{
  int    fd;             /* of FILE */
  int    stat_fd;        /* /proc/thread-self/schedstat, or -1 */
  gint64 last_us;        /* of the last beat, by the monotonic clock; 0: there was none */
  gint64 last_wait_us;   /* how long the thread had waited for a processor then, ever */
} CvmTestProbe;

typedef struct
{
  gint64 now_us;
  gint64 gap_us;      /* since the beat before; 0 of the first */
  gint64 waited_us;   /* of these it wanted to run and got no processor, since others had them all;
                         0 where the kernel does not tell */
} CvmTestBeat;

CvmTestBeat cvm_test_probe_beat (CvmTestProbe *self);

/* What the module has: the variable that names FILE, and what it does once GTK has been set up */
extern const char cvm_test_probe_variable[];

void        cvm_test_probe_begin (CvmTestProbe *probe);
