/* cvm-tapper-json.h: reports read from the JSON that the reports API answers with
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state.
 * Trust:   any bytes, within CVM_TAPPER_JSON_MAX. */
#pragma once

#include "cvm-tapper-report.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAPPER_JSON_MAX (32 * 1024 * 1024)

GPtrArray *cvm_tapper_json_read (const char  *bytes,
                                 gsize        len,
                                 GError     **error);
char      *cvm_tapper_json_write (const CvmTapperReport *const *reports,
                                  guint                         n_reports);

G_END_DECLS
