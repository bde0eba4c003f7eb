/* cvm-report-source.h: where the rows of the place of the reports come from, a page at a time
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main thread; disk and network are for its threads. */
#pragma once

#include "cvm-report-item.h"

/* What is wanted; NULL and 0 are all */
typedef struct
{
  char   *suite;       /* exactly */
  char   *machine;     /* exactly: the image, of this computer's */
  int     is_passed;   /* -1: whatever; else 0 or 1 */
  guint   days;
} CvmReportFilter;

/* A page of rows, the newest first */
typedef struct
{
  GPtrArray *items;      /* of CvmReportItem */
  gboolean   is_over;    /* there is no other behind it */
  char      *server;     /* the label of the server that was asked, or NULL */
  gint64     as_of_us;   /* kept since then; 0: fresh */
} CvmReportPage;

void           cvm_report_page_free (CvmReportPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmReportPage, cvm_report_page_free)

#define CVM_TYPE_REPORT_SOURCE (cvm_report_source_get_type ())
G_DECLARE_FINAL_TYPE (CvmReportSource, cvm_report_source, CVM, REPORT_SOURCE, GObject)

/**
 * cvm_report_source_new_mine:
 *
 * What waits in the spool, then all runs, sent or not
 */
CvmReportSource *cvm_report_source_new_mine   (CvmHistory             *history,
                                               const CvmReportFilter  *filter);

/**
 * cvm_report_source_new_server:
 * @server: (nullable): a name of servers.ini; NULL: the default
 */
CvmReportSource *cvm_report_source_new_server (const char             *server,
                                               const CvmReportFilter  *filter);

/**
 * cvm_report_source_kept_async:
 *
 * The first page as it was the last time that it was asked for; of a server only, else none. Asks
 * nobody.
 */
void             cvm_report_source_kept_async (CvmReportSource        *self,
                                               GCancellable           *cancellable,
                                               GAsyncReadyCallback     callback,
                                               gpointer                user_data);

/**
 * cvm_report_source_next_async:
 *
 * The next page. One at a time; after an error the same may be asked for again.
 * Errors: CVM_TAPPER_SERVER_ERROR_UNKNOWN (no server is set up), CVM_TAPPER_ERROR …
 */
void             cvm_report_source_next_async (CvmReportSource        *self,
                                               GCancellable           *cancellable,
                                               GAsyncReadyCallback     callback,
                                               gpointer                user_data);

/**
 * cvm_report_source_finish:
 *
 * Of both; NULL without an error: nothing is kept
 */
CvmReportPage   *cvm_report_source_finish     (CvmReportSource        *self,
                                               GAsyncResult           *result,
                                               GError                **error);
