/* cvm-sweep.h: remove what a dead run left, and nothing else
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine.
 * Threads: blocks; for a worker thread or a program without a window.
 *
 * A run is dead only when the lock on its folder is free. What its journal says was made and
 * not removed goes, by UUID; so does every object of a host that carries our mark, this user's
 * uid and this machine's id, and whose run is dead or has no folder any more. What only has a
 * name like ours is listed and left.
 *
 * Trust: a journal may be anybody's. Of what it names only files in its own folder and UUIDs made
 * from its own id go, and no host is opened whose URI could run a program, unless the user named
 * it. A run whose journal cannot be read is left as it is. */
#pragma once

#include "cvm-ports.h"

typedef enum
{
  CVM_SWEPT_REMOVED,
  CVM_SWEPT_WOULD_REMOVE,   /* a dry run */
  CVM_SWEPT_LEFT,           /* not surely ours, or kept on purpose: REASON says which */
  CVM_SWEPT_FAILED,
  CVM_SWEPT_SETTLED,        /* kind "run", name: its folder, whose journal has its end now */
} CvmSwept;

typedef void (*CvmSweepFunc) (CvmSwept    what,
                              const char *kind,
                              const char *name,
                              const char *reason,
                              gpointer    data);

/**
 * cvm_sweep:
 * @hosts: URIs to look at beside those that the dead runs' journals name
 *
 * Returns FALSE when something could not be removed or looked at; @report was told of each.
 */
gboolean cvm_sweep (const CvmPorts     *ports,
                    const char *const  *hosts,
                    gboolean            dry_run,
                    gint64              deadline_us,
                    GCancellable       *cancellable,
                    CvmSweepFunc        report,
                    gpointer            data);
