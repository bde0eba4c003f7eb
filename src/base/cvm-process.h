/* cvm-process.h: run a program of the host by its argv, within limits
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: blocks; for job threads and workers. */
#pragma once

#include <gio/gio.h>

typedef void (*CvmOutputFunc) (const char *bytes,
                               gsize       len,
                               gpointer    data);

typedef struct
{
  const char *const *argv;      /* argv[0] is looked up in $PATH; never a shell */
  const char *const *env;       /* NULL: this process's own */
  const char        *cwd;       /* NULL: this process's own */
  CvmOutputFunc      on_stdout; /* called as it arrives, in the caller's thread; NULL: dropped */
  CvmOutputFunc      on_stderr;
  gpointer           data;
} CvmProcess;

/**
 * cvm_process_run:
 * @exit_status: (out): 0–255, or 128 + the signal that ended it
 *
 * Runs @process in a process group of its own, stdin empty, and waits for it. When the deadline
 * or the cancellable ends the wait, the whole group gets SIGTERM and, 2 s later, SIGKILL; the
 * call returns once its leader is reaped, and never leaves a zombie.
 * Returns FALSE when the program could not be started or did not end by itself.
 */
gboolean cvm_process_run (const CvmProcess  *process,
                          gint64             deadline_us,
                          GCancellable      *cancellable,
                          int               *exit_status,
                          GError           **error);
