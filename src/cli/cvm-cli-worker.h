/* cvm-cli-worker.h: work that blocks, while the main context runs; and what Ctrl-C does
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

#include <gio/gio.h>

/* In a thread of its own */
typedef gboolean (*CvmCliWork) (gpointer       data,
                                GCancellable  *cancellable,
                                GError       **error);

/**
 * cvm_cli_work:
 *
 * Does WORK and runs the default main context meanwhile, where libvirt's events live. SIGINT,
 * SIGTERM and SIGHUP cancel it.
 */
gboolean cvm_cli_work         (CvmCliWork     work,
                               gpointer       data,
                               GError       **error);

/**
 * cvm_cli_on_interrupt:
 *
 * Calls ON_INTERRUPT at the first SIGINT, SIGTERM or SIGHUP; a later one only says that guests
 * are being removed: leaving at once would leave them behind.
 */
void     cvm_cli_on_interrupt (void          (*on_interrupt) (gpointer data),
                               gpointer        data);
