/* frame-probe.c: tells how far apart the frames of a program's window are, for benchmarks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A probe (cvm-test-probe.h) of CVM_FRAME_PROBE. The first window that is shown is asked to draw as
 * often as it can, and each frame is a line in the file:
 *
 *   123456 16700 2000         when it was painted, µs of the monotonic clock; how long after the one
 *                             before, in µs; and how much of that the loop wanted to run and got no
 *                             processor
 */
#include <gtk/gtk.h>
#include <stdio.h>

#include "cvm-test-probe.h"

#define LOOK_MS 50

const char cvm_test_probe_variable[] = "CVM_FRAME_PROBE";

static void
on_painted (GdkFrameClock *clock,
            CvmTestProbe  *probe)
{
  gboolean is_first = probe->last_us == 0;
  CvmTestBeat beat = cvm_test_probe_beat (probe);

  if (!is_first)
    dprintf (probe->fd, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
             beat.now_us, beat.gap_us, beat.waited_us);
}

/* There is a next frame: else a window where nothing changes would seem to stand still */
static gboolean
on_tick (GtkWidget     *window,
         GdkFrameClock *clock,
         gpointer       data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
look_for_window (gpointer probe)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (GTK_IS_APPLICATION_WINDOW (at->data) && gtk_widget_get_mapped (at->data))
      {
        gtk_widget_add_tick_callback (at->data, on_tick, NULL, NULL);
        g_signal_connect (gtk_widget_get_frame_clock (at->data), "after-paint",
                          G_CALLBACK (on_painted), probe);
        return G_SOURCE_REMOVE;
      }

  return G_SOURCE_CONTINUE;
}

void
cvm_test_probe_begin (CvmTestProbe *probe)
{
  g_timeout_add (LOOK_MS, look_for_window, probe);
}
