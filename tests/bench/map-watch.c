/* map-watch.c: starts a program and prints when the X server mapped its window, and its memory
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * map-watch SECONDS PROGRAM ARG…: "MS KIB": milliseconds from fork to the MapNotify of the first
 * window of at least 200 × 50 pixels (virt-viewer on test:///default shows a small one), as an X client sees it (no polling), and the resident
 * set SECONDS later, in KiB. Then the program is ended. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <X11/Xlib.h>

#define LIMIT_MS 30000

static double
now_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);

  return t.tv_sec * 1000.0 + t.tv_nsec / 1e6;
}

static int
ignore_error (Display     *display,
              XErrorEvent *event)
{
  return 0;
}

static int
is_main_window (Display *display,
                Window   window)
{
  XWindowAttributes attributes;

  return XGetWindowAttributes (display, window, &attributes) && !attributes.override_redirect
         && attributes.width >= 200 && attributes.height >= 50;
}

/* Milliseconds, or -1 when none came */
static double
wait_mapped (Display *display,
             double   begun)
{
  struct pollfd fd = { ConnectionNumber (display), POLLIN, 0 };

  while (now_ms () - begun < LIMIT_MS)
    {
      while (XPending (display) > 0)
        {
          XEvent event;

          XNextEvent (display, &event);
          double seen = now_ms () - begun;

          if (event.type == MapNotify && is_main_window (display, event.xmap.window))
            return seen;
        }

      poll (&fd, 1, 1000);
    }

  return -1;
}

static long
resident_kib (pid_t pid)
{
  char path[64];
  long pages = 0;

  snprintf (path, sizeof path, "/proc/%d/statm", (int)pid);
  FILE *file = fopen (path, "r");

  if (file == NULL || fscanf (file, "%*d %ld", &pages) != 1)
    pages = -1;
  if (file != NULL)
    fclose (file);

  return pages * (sysconf (_SC_PAGESIZE) / 1024);
}

int
main (int    argc,
      char **argv)
{
  Display *display = XOpenDisplay (NULL);

  if (argc < 3 || display == NULL)
    {
      fprintf (stderr, "usage: map-watch SECONDS PROGRAM ARG…, with an X display\n");
      return 2;
    }

  XSetErrorHandler (ignore_error);
  XSelectInput (display, DefaultRootWindow (display), SubstructureNotifyMask);
  XSync (display, False);

  double begun = now_ms ();
  pid_t pid = fork ();

  if (pid == 0)
    {
      execvp (argv[2], argv + 2);
      _exit (127);
    }

  double mapped = wait_mapped (display, begun);
  struct timespec settle = { atol (argv[1]), 0 };

  nanosleep (&settle, NULL);
  printf ("%.1f %ld\n", mapped, resident_kib (pid));
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);

  return mapped < 0;
}
