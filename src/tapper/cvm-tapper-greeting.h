/* cvm-tapper-greeting.h: the line by which a Tapper receiver tells a report's id
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; any.
 * Trust:   the bytes come from a server. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* bytes of the line, its end included; no server's is longer */
#define CVM_TAPPER_GREETING_MAX 1024

gboolean cvm_tapper_greeting_read (const char *line,
                                   gsize       len,
                                   guint64    *id);

G_END_DECLS
