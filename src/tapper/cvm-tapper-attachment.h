/* cvm-tapper-attachment.h: how a file goes with a report: its name, its type, its bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; any.
 * Trust:   names and bytes may be a guest's. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAPPER_NAME_MAX        100          /* bytes */
#define CVM_TAPPER_COMPRESS_ABOVE  (256 * 1024) /* bytes of text */

char       *cvm_tapper_attachment_name      (const char    *wish,
                                             GHashTable    *taken);
const char *cvm_tapper_attachment_type      (const char    *name);
gboolean    cvm_tapper_attachment_compresses (const char   *name,
                                             guint64        size);
gboolean    cvm_tapper_attachment_copy      (int            from,
                                             const char    *to,
                                             gboolean       compress,
                                             guint64       *size,
                                             char         **sha256,
                                             GCancellable  *cancellable,
                                             GError       **error);

G_END_DECLS
