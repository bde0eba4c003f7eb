/* cvm-submission.h: what became of the reports of a run: not sent, on their way, or on a server
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. All strings are translated and the caller's.
 * Threads: no state outside the struct. cvm_submission_read () blocks on the disk. */
#pragma once

#include "cvm-spool.h"

/**
 * CvmSubmissionState:
 * @CVM_SUBMISSION_NONE: nothing was sent and nothing waits
 * @CVM_SUBMISSION_WAITING: one of its reports, or more, waits in the spool
 * @CVM_SUBMISSION_ASKED: one waits that is maybe sent, or is broken: a person decides
 * @CVM_SUBMISSION_SENT: a server has the reports of all jobs that were sent
 */
typedef enum
{
  CVM_SUBMISSION_NONE,
  CVM_SUBMISSION_WAITING,
  CVM_SUBMISSION_ASKED,
  CVM_SUBMISSION_SENT,
} CvmSubmissionState;

typedef struct
{
  CvmSubmissionState state;
  char    *server;        /* its name or address; NULL: of none */
  guint    n_reports;     /* sent, or waiting */
  guint64  report_id;     /* of the first; 0: none yet */
  char    *url;           /* its web page, or NULL */
  char    *why;           /* the last failure of one that waits, in plain English; or NULL */
  gint64   next_try_s;    /* Unix time; 0: now */
  gint64   sent_s;        /* Unix time; 0: not sent */
  gboolean is_confirmed;  /* by the server, of all that were sent */
  char    *told;          /* of one that was sent: what the server made of it, in plain English */
} CvmSubmission;

void           cvm_submission_free (CvmSubmission *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSubmission, cvm_submission_free)

/**
 * cvm_submission_list_waiting:
 *
 * Returns: (transfer full): CvmSpoolEntry, what the spool has; blocks on the disk, and makes no
 * folder
 */
GPtrArray     *cvm_submission_list_waiting (void);

/**
 * cvm_submission_read:
 * @waiting: CvmSpoolEntry, all that the spool has
 *
 * Of the run in DIR; never fails
 */
CvmSubmission *cvm_submission_read      (const char          *dir,
                                         GPtrArray           *waiting);

/**
 * cvm_submission_new_of_waiting:
 *
 * Of one report of the spool alone
 */
CvmSubmission *cvm_submission_new_of_waiting (const CvmSpoolEntry *entry);

/**
 * cvm_submission_brief:
 *
 * For a row: "report 1042", "not sent", "waits: connection refused"
 */
char          *cvm_submission_brief     (const CvmSubmission *self);

/**
 * cvm_submission_sentence:
 * @now_s: Unix time
 *
 * "Sent as 1042 to “tapper”, stored and confirmed.", "Waiting for the server “tapper”: connection
 * refused. Trying again in 4 min."
 */
char          *cvm_submission_sentence  (const CvmSubmission *self,
                                         gint64               now_s);

/**
 * cvm_submission_summary:
 * @waiting: CvmSpoolEntry
 *
 * Of all that waits: "1 report waits for the server “tapper”: connection refused. Trying again in
 * 4 min."; NULL when nothing waits
 */
char          *cvm_submission_summary   (GPtrArray           *waiting,
                                         gint64               now_s);

/**
 * cvm_submission_clause:
 *
 * The end of a message, which says why: "connection refused" of "Cannot reach the receiver
 * 127.0.0.1:7357: Connection refused"
 */
char          *cvm_submission_clause    (const char          *why);

/**
 * cvm_submission_fingerprint:
 * @waiting: CvmSpoolEntry
 *
 * Another text when anything of what waits is another
 */
char          *cvm_submission_fingerprint (GPtrArray         *waiting);
