/* cvm-report-item.h: a report as a row of a table: of this computer, or of a server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. Strings are translated and fit to be shown.
 * Threads: no state outside the struct; made in a thread, shown in the main one. */
#pragma once

#include "cvm-history.h"
#include "cvm-point-state.h"
#include "cvm-submission.h"
#include "cvm-tapper-report.h"

/**
 * CvmReportKind:
 * @CVM_REPORT_RUN: a run of this computer, sent or not
 * @CVM_REPORT_WAITING: a report in the spool
 * @CVM_REPORT_SERVER: one that a server has
 */
typedef enum
{
  CVM_REPORT_RUN,
  CVM_REPORT_WAITING,
  CVM_REPORT_SERVER,
} CvmReportKind;

typedef struct
{
  CvmReportKind  kind;
  guint64        id;        /* on a server; 0: none yet */
  guint64        number;    /* of one that waits: in the spool */
  char          *dir;       /* of a run, or of the run that waits; or NULL */
  char          *url;       /* its web page, or NULL */
  gint64         time_us;   /* UTC */
  CvmPointState  verdict;
  char          *suite;
  char          *machine;
  char          *result;    /* "35 of 37", "98 %" */
  char          *state;     /* "report 1042", "not sent", why it waits */
  gboolean       is_asked;  /* of one that waits: a person must decide */
  gboolean       is_sent;   /* of a run */
  gboolean       is_silent; /* of a run: neither sent nor about to be */
  char          *haystack;  /* what a text is looked for in, folded */
} CvmReportItem;

CvmReportItem *cvm_report_item_new_run     (const CvmHistoryRun   *run,
                                            const CvmSubmission   *submission);
CvmReportItem *cvm_report_item_new_waiting (const CvmSpoolEntry   *entry);
CvmReportItem *cvm_report_item_new_server  (const CvmTapperReport *report,
                                            const CvmTapperServer *server);
void           cvm_report_item_free        (CvmReportItem         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmReportItem, cvm_report_item_free)

/**
 * cvm_report_item_set_submission:
 *
 * What became of the run's reports meanwhile
 */
void           cvm_report_item_set_submission (CvmReportItem       *self,
                                               const CvmSubmission *submission);

/**
 * cvm_report_item_has:
 * @folded: g_utf8_casefold () of what was typed; "" is in all
 */
gboolean       cvm_report_item_has         (const CvmReportItem   *self,
                                            const char            *folded);

/**
 * cvm_report_item_time:
 *
 * "Today 14:02", "Yesterday 07:59", "21 Nov 2026 07:59", of this computer's zone
 */
char          *cvm_report_item_time        (gint64                 time_us,
                                            gint64                 now_us);
