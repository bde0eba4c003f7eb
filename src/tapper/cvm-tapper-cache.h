/* cvm-tapper-cache.h: fetched reports, kept on the disk
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; several threads and processes may use it.
 * Trust:   an entry that is not whole is removed and not given; a disk that is full or cannot be
 *          written costs the cache and nothing else.
 *
 * $XDG_CACHE_HOME/cvmtester/reports/SERVER/NAME. What was used least lately goes when it grows
 * beyond CVM_TAPPER_CACHE_MAX. */
#pragma once

#include "cvm-tapper-server.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAPPER_CACHE_MAX       (256 * 1024 * 1024)   /* bytes, of all servers */
#define CVM_TAPPER_CACHE_ENTRY_MAX (32 * 1024 * 1024)    /* larger ones are not kept */

GBytes *cvm_tapper_cache_get    (const CvmTapperServer *server,
                                 const char            *name,
                                 gint64                *stored_us);
void    cvm_tapper_cache_put    (const CvmTapperServer *server,
                                 const char            *name,
                                 GBytes                *bytes);
void    cvm_tapper_cache_remove (const CvmTapperServer *server,
                                 const char            *name);
void    cvm_tapper_cache_trim   (guint64                max);

G_END_DECLS
