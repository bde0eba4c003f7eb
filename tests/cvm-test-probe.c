/* cvm-test-probe.c: a GTK module that tells how far apart the beats of a program's loop are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-test-probe.h"

#include <fcntl.h>
#include <gmodule.h>
#include <stdio.h>
#include <unistd.h>

static gint64
read_wait_us (CvmTestProbe *self)
{
  char text[128] = "";
  gint64 run_ns, wait_ns;

  if (self->stat_fd < 0 || pread (self->stat_fd, text, sizeof text - 1, 0) <= 0
      || sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &run_ns, &wait_ns) != 2)
    return 0;

  return wait_ns / 1000;
}

CvmTestBeat
cvm_test_probe_beat (CvmTestProbe *self)
{
  CvmTestBeat beat = { .now_us = g_get_monotonic_time () };
  gint64 wait_us = read_wait_us (self);

  if (self->last_us > 0)
    {
      beat.gap_us = beat.now_us - self->last_us;
      beat.waited_us = wait_us - self->last_wait_us;
    }
  self->last_us = beat.now_us;
  self->last_wait_us = wait_us;

  return beat;
}

/* GTK calls it in the main thread when it has been set up */
G_MODULE_EXPORT void gtk_module_init (int *argc, char ***argv);

void
gtk_module_init (int    *argc,
                 char ***argv)
{
  static CvmTestProbe probe;
  const char *path = g_getenv (cvm_test_probe_variable);

  probe.fd = path != NULL ? open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
  if (probe.fd < 0)
    return;

  probe.stat_fd = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  cvm_test_probe_begin (&probe);
}

G_MODULE_EXPORT const char *g_module_check_init (GModule *module);

/* It stays: what calls back is its */
const char *
g_module_check_init (GModule *module)
{
  g_module_make_resident (module);

  return NULL;
}
