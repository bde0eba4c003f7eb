/* cvm-tapper-safe.h: what a Tapper server would lose
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; any.
 * Trust:   any file; it is read in blocks, and archives are only listed. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean cvm_tapper_safe_check (const char    *path,
                                const char    *name,
                                gboolean      *is_archive,
                                GCancellable  *cancellable,
                                GError       **error);

G_END_DECLS
