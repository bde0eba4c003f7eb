/* cvm-tapper-raw.h: is what a server keeps of a report the same as ours, to the byte?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: blocks; no state.
 * Trust:   the pages may be anything; they are compared as they come, and never kept. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CvmTapperRaw:
 * @CVM_TAPPER_RAW_SAME: to the byte
 * @CVM_TAPPER_RAW_SHORT: a beginning of ours, or nothing yet
 * @CVM_TAPPER_RAW_OTHER: something else, or it knows no such report: perhaps another server's pages
 */
typedef enum
{
  CVM_TAPPER_RAW_SAME,
  CVM_TAPPER_RAW_SHORT,
  CVM_TAPPER_RAW_OTHER,
} CvmTapperRaw;

gboolean cvm_tapper_raw_compare (const char    *web,
                                 guint64        id,
                                 const char    *path,
                                 CvmTapperRaw  *result,
                                 guint          idle_ms,
                                 GCancellable  *cancellable,
                                 GError       **error);

G_END_DECLS
