/* frame-probe.c: tells how far apart the frames of a program's window are, for benchmarks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A GTK module: GTK_MODULES=/path/of/this.so CVM_FRAME_PROBE=FILE. The first window that is shown is
 * asked to draw as often as it can, and each frame is a line in FILE, which should lie in memory:
 *
 *   123456 16700 2000         when it was painted, µs of the monotonic clock; how long after the one
 *                             before, in µs; and how much of that the loop wanted to run and got no
 *                             processor, since others had them all (0 where the kernel does not tell)
 */
#include <fcntl.h>
#include <gtk/gtk.h>
#include <stdio.h>
#include <unistd.h>

#define LOOK_MS 50

typedef struct
{
  int    fd;
  int    stat_fd;      /* /proc/thread-self/schedstat, or -1 */
  gint64 last_us;
  gint64 last_wait_us;
} Probe;

static Probe probe;

/* How long this thread waited for a processor, ever */
static gint64
wait_us (void)
{
  char text[128] = "";
  gint64 run_ns, wait_ns;

  if (probe.stat_fd < 0 || pread (probe.stat_fd, text, sizeof text - 1, 0) <= 0
      || sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &run_ns, &wait_ns) != 2)
    return 0;

  return wait_ns / 1000;
}

static void
on_painted (GdkFrameClock *clock,
            gpointer       data)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 now_wait_us = wait_us ();

  if (probe.last_us > 0)
    dprintf (probe.fd, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", now_us,
             now_us - probe.last_us, now_wait_us - probe.last_wait_us);
  probe.last_us = now_us;
  probe.last_wait_us = now_wait_us;
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
look_for_window (gpointer data)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (GTK_IS_APPLICATION_WINDOW (at->data) && gtk_widget_get_mapped (at->data))
      {
        gtk_widget_add_tick_callback (at->data, on_tick, NULL, NULL);
        g_signal_connect (gtk_widget_get_frame_clock (at->data), "after-paint",
                          G_CALLBACK (on_painted), NULL);
        return G_SOURCE_REMOVE;
      }

  return G_SOURCE_CONTINUE;
}

/* GTK calls it in the main thread when it has been set up */
G_MODULE_EXPORT void gtk_module_init (int *argc, char ***argv);

void
gtk_module_init (int    *argc,
                 char ***argv)
{
  const char *path = g_getenv ("CVM_FRAME_PROBE");

  probe.fd = path != NULL ? open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
  if (probe.fd < 0)
    return;

  probe.stat_fd = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  g_timeout_add (LOOK_MS, look_for_window, NULL);
}

G_MODULE_EXPORT const char *g_module_check_init (GModule *module);

/* It stays: the callbacks are its */
const char *
g_module_check_init (GModule *module)
{
  g_module_make_resident (module);

  return NULL;
}
