/* loop-probe.c: tells how long the main loop of a program stood still, for tests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A probe (cvm-test-probe.h) of CVM_LOOP_PROBE. A timer of 10 ms in the default main context writes
 * into the file:
 *
 *   00000000000000123456      20 digits: the last beat, µs of the monotonic clock; always there
 *   123000 34567 2000         a gap a line: when the loop was last alive, for how long it was not,
 *                             and how much of that it wanted to run and got no processor; gaps
 *                             under 20 ms are left out
 *
 * The timer has the priority of events: what is measured is how late a key or a click would be
 * looked at. What starves drawing alone is not seen. */
#include <stdio.h>
#include <unistd.h>

#include "cvm-test-probe.h"

#define BEAT_MS 10
#define GAP_US  20000

const char cvm_test_probe_variable[] = "CVM_LOOP_PROBE";

static void
put (const CvmTestProbe *probe,
     off_t               at,
     const char         *text,
     int                 len)
{
  if (pwrite (probe->fd, text, (gsize)len, at) < len)
    g_warning ("The loop probe cannot write");
}

static void
tell_gap (const CvmTestProbe *probe,
          const CvmTestBeat  *beat)
{
  char text[96];
  int len = snprintf (text, sizeof text,
                      "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                      beat->now_us - beat->gap_us, beat->gap_us, beat->waited_us);

  put (probe, lseek (probe->fd, 0, SEEK_END), text, len);
}

static gboolean
on_beat (gpointer probe)
{
  CvmTestBeat beat = cvm_test_probe_beat (probe);
  char text[32];
  int len = snprintf (text, sizeof text, "%020" G_GINT64_FORMAT "\n", beat.now_us);

  if (beat.gap_us > GAP_US)
    tell_gap (probe, &beat);
  put (probe, 0, text, len);

  return G_SOURCE_CONTINUE;
}

void
cvm_test_probe_begin (CvmTestProbe *probe)
{
  on_beat (probe);
  g_timeout_add (BEAT_MS, on_beat, probe);
}
