/* cvm-tapper-api.h: the reports API: one command a connection
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: blocks; no state.
 * Trust:   the server may say anything, within the caller's limits. What is asked is made of
 *          integers and constants alone, since the server evaluates it as Perl.
 *
 * Errors, all of %CVM_TAPPER_ERROR: UNREACHABLE; NO_ANSWER: the connection broke, or brought what
 * the API does not say; NO_TEMPLATES. A server without an API (api_host is %NULL) is
 * UNREACHABLE. */
#pragma once

#include "cvm-tapper-server.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAPPER_API_IDS_MAX 1000 /* in one question */

typedef void (*CvmTapperProgress) (guint64  done,
                                   gpointer data);

GBytes  *cvm_tapper_api_query    (const CvmTapperServer  *server,
                                  const char             *condition,
                                  gsize                   max,
                                  gint64                  deadline_us,
                                  GCancellable           *cancellable,
                                  GError                **error);
GBytes  *cvm_tapper_api_reports  (const CvmTapperServer  *server,
                                  const guint64          *ids,
                                  gsize                   n_ids,
                                  gsize                   max,
                                  gint64                  deadline_us,
                                  GCancellable           *cancellable,
                                  GError                **error);
GBytes  *cvm_tapper_api_reports_once (const CvmTapperServer  *server,
                                      const guint64          *ids,
                                      gsize                   n_ids,
                                      gsize                   max,
                                      gint64                  deadline_us,
                                      GCancellable           *cancellable,
                                      GError                **error);
gboolean cvm_tapper_api_upload   (const CvmTapperServer  *server,
                                  guint64                 id,
                                  const char             *name,
                                  const char             *type,
                                  GInputStream           *file,
                                  guint                   idle_ms,
                                  CvmTapperProgress       on_progress,
                                  gpointer                data,
                                  GCancellable           *cancellable,
                                  GError                **error);
gboolean cvm_tapper_api_download (const CvmTapperServer  *server,
                                  guint64                 id,
                                  const char             *name,
                                  guint                   index,
                                  GOutputStream          *out,
                                  guint64                 max,
                                  guint64                *len,
                                  char                  **sha256,
                                  guint                   idle_ms,
                                  GCancellable           *cancellable,
                                  GError                **error);
gboolean cvm_tapper_api_is_name  (const char             *name);

G_END_DECLS
