/* loop-probe.c: tells how long the main loop of a program stood still, for tests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A GTK module: GTK_MODULES=/path/of/this.so CVM_LOOP_PROBE=FILE. A timer of 10 ms in the default
 * main context writes into FILE, which should lie in memory (/dev/shm), since a disk that hangs
 * would be seen as a loop that does:
 *
 *   00000000000000123456      20 digits: the last beat, µs of the monotonic clock; always there
 *   123000 34567 2000         a gap a line: when the loop was last alive, for how long it was not,
 *                             and how much of that it wanted to run and got no processor, since
 *                             others had them all (0 where the kernel does not tell); gaps under
 *                             20 ms are left out
 *
 * The timer has the priority of events: what is measured is how late a key or a click would be
 * looked at. What starves drawing alone is not seen. */
#include <fcntl.h>
#include <gmodule.h>
#include <glib.h>
#include <stdio.h>
#include <unistd.h>

#define BEAT_MS 10
#define GAP_US  20000

typedef struct
{
  int    fd;
  int    stat_fd;      /* /proc/thread-self/schedstat, or -1 */
  gint64 last_us;
  gint64 last_wait_us;
} Probe;

static Probe probe;

static void
put (off_t       at,
     const char *text,
     int         len)
{
  if (pwrite (probe.fd, text, (gsize)len, at) < len)
    g_warning ("The loop probe cannot write");
}

static void
beat (gint64 now_us)
{
  char text[32];
  int len = snprintf (text, sizeof text, "%020" G_GINT64_FORMAT "\n", now_us);

  put (0, text, len);
}

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
tell_gap (gint64 gap_us,
          gint64 waited_us)
{
  char text[96];
  int len = snprintf (text, sizeof text,
                      "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                      probe.last_us, gap_us, waited_us);

  put (lseek (probe.fd, 0, SEEK_END), text, len);
}

static gboolean
on_beat (gpointer data)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 now_wait_us = wait_us ();

  if (now_us - probe.last_us > GAP_US)
    tell_gap (now_us - probe.last_us, now_wait_us - probe.last_wait_us);
  beat (now_us);
  probe.last_us = now_us;
  probe.last_wait_us = now_wait_us;

  return G_SOURCE_CONTINUE;
}

/* GTK calls it in the main thread when it has been set up */
G_MODULE_EXPORT void gtk_module_init (int *argc, char ***argv);

void
gtk_module_init (int    *argc,
                 char ***argv)
{
  const char *path = g_getenv ("CVM_LOOP_PROBE");

  probe.fd = path != NULL ? open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
  if (probe.fd < 0)
    return;

  probe.stat_fd = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  probe.last_us = g_get_monotonic_time ();
  probe.last_wait_us = wait_us ();
  beat (probe.last_us);
  g_timeout_add (BEAT_MS, on_beat, NULL);
}

G_MODULE_EXPORT const char *g_module_check_init (GModule *module);

/* It stays: the timer is its */
const char *
g_module_check_init (GModule *module)
{
  g_module_make_resident (module);

  return NULL;
}
