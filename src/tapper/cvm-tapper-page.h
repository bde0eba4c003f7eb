/* cvm-tapper-page.h: reports read from a Tapper server's web pages and its RSS
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state.
 * Trust:   any bytes. Time is linear, memory is bounded by CVM_TAPPER_REPORTS_MAX reports and
 *          CVM_TAPPER_TEXT_MAX a text, and nothing of a script is taken.
 *
 * Pages of 5.x and of 3.x (2011) are read alike: a row is known by its link to reports/id/N, its
 * columns by their place. */
#pragma once

#include "cvm-tapper-report.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *reports;   /* of CvmTapperReport, in the page's order */
  gboolean   is_list;   /* it has the table of reports, be it empty */
  gboolean   is_5;      /* it is of 5.x, where ?report_date= chooses the days */
} CvmTapperListPage;

CvmTapperListPage *cvm_tapper_list_page_read   (const char         *bytes,
                                                gsize               len,
                                                GError            **error);
void               cvm_tapper_list_page_free   (CvmTapperListPage  *self);

CvmTapperReport   *cvm_tapper_report_page_read (guint64             id,
                                                const char         *bytes,
                                                gsize               len,
                                                GError            **error);
GPtrArray         *cvm_tapper_rss_read         (const char         *bytes,
                                                gsize               len,
                                                GError            **error);
gboolean           cvm_tapper_page_is_missing  (const char         *bytes,
                                                gsize               len);

guint64            cvm_tapper_link_id          (const char         *link,
                                                const char         *mark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperListPage, cvm_tapper_list_page_free)

G_END_DECLS
