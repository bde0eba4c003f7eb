/* cvm-tapper-web.h: what a Tapper server's web pages answer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper, and only here.
 * Threads: blocks; no state: any thread but a window's.
 * Trust:   the server may say anything: the body is bounded, redirects stay at the same origin,
 *          certificates are checked. What is "missing" comes as HTTP 200, and is found by its
 *          text. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CVM_TAPPER_PAGE_MAX (16 * 1024 * 1024)   /* bytes of a page */

typedef struct
{
  gboolean is_text;    /* by its content type, or the lack of one */
  gboolean is_whole;   /* its length was told, so that it is known to be all of it */
} CvmTapperWebInfo;

GBytes   *cvm_tapper_web_get  (const char        *web,
                               const char        *path,
                               gsize              max,
                               CvmTapperWebInfo  *info,
                               gint64             deadline_us,
                               GCancellable      *cancellable,
                               GError           **error);
gboolean  cvm_tapper_web_save (const char        *web,
                               const char        *path,
                               GOutputStream     *out,
                               guint64            max,
                               CvmTapperWebInfo  *info,
                               gint64             deadline_us,
                               GCancellable      *cancellable,
                               GError           **error);

G_END_DECLS
