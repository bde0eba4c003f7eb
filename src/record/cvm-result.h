/* cvm-result.h: the tree of TAP points that a run's records make
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   record.
 * Threads: one thread only: whoever feeds it reads it.
 *
 * Fed live, from the journal of an old run, or (later) from a report: the same tree. The window
 * and the reports look at nothing else. */
#pragma once

#include "cvm-record.h"

typedef struct
{
  char         *path;          /* "3", and of subtests "3.1" */
  char         *id;            /* of a case; NULL for subtests */
  char         *title;
  gboolean      is_precondition;
  gboolean      is_begun, is_ended;
  CvmOutcome    outcome;       /* once ended */
  CvmDirective  directive;
  gboolean      ok;            /* as TAP says it, before the directive */
  gint64        begun_us;      /* UTC */
  gint64        limit_ms;      /* from its begin; what it is given while it runs is in it */
  gint64        ms;            /* how long it took */
  char         *reason;        /* of a skip, a failure, a TODO; or NULL */
  char         *waiting;       /* what it waits for now, or NULL */
  gint64        waiting_us;    /* since when; UTC */
  GPtrArray    *details;       /* of CvmDetail, or NULL */
  GPtrArray    *children;      /* of CvmPoint, or NULL */
} CvmPoint;

typedef struct
{
  char       *id;              /* "01" */
  char       *image, *host_uri, *suite;
  guint       planned;
  GPtrArray  *points;          /* of CvmPoint: the cases in file order, from the first record on */
  GPtrArray  *facts;           /* of CvmDetail */
  GPtrArray  *evidence;        /* of CvmRecord */
  GPtrArray  *log;             /* of CvmRecord: about the last CVM_RESULT_MAX_LOG lines */
  gint64      begun_us, ended_us;   /* UTC; 0: not yet */
  CvmStatus   status;
  char       *why;             /* it ended early, or NULL */
  guint       passed, failed, skipped;   /* of the cases that ended; cancelled counts as failed */
  guint       cancelled;       /* of those failed */
  guint       n_subtests;      /* all that were told, also those beyond CVM_RESULT_MAX_SUBTESTS */
  guint       n_kept;          /* points below the cases */

  /* Of all points that ended, those below the cases too: not ok or cancelled; skipped; TODO */
  guint       all_failed, all_skipped, all_todo;
} CvmJobResult;

#define CVM_RESULT_MAX_LOG      10000
#define CVM_RESULT_MAX_SUBTESTS 1000000  /* a job; later ones are counted and not kept */
#define CVM_RESULT_MAX_DEPTH    24       /* of subtests within a case */
#define CVM_RESULT_MAX_CHAIN    (CVM_RESULT_MAX_DEPTH + 1)
#define CVM_RESULT_MAX_CASES    10000    /* a job; as many as a suite file can have */

#define CVM_TYPE_RESULT (cvm_result_get_type ())
G_DECLARE_FINAL_TYPE (CvmResult, cvm_result, CVM, RESULT, GObject)

CvmResult          *cvm_result_new         (void);
CvmResult          *cvm_result_new_from_journal (const char  *path,
                                                 GError     **error);
void                cvm_result_add         (CvmResult *self,
                                            CvmRecord *record);
guint               cvm_result_n_jobs      (CvmResult  *self);
const CvmJobResult *cvm_result_job         (CvmResult  *self,
                                            guint       index);
const CvmJobResult *cvm_result_find_job    (CvmResult  *self,
                                            const char *id);
const char         *cvm_result_get_title   (CvmResult  *self);
gboolean            cvm_result_is_ended    (CvmResult  *self);

/**
 * cvm_result_sum:
 * @sum: (out caller-allocates): what is counted, and from when to when; nothing in it is owned
 *
 * All its jobs as if they were one; ended when the last has
 */
void                cvm_result_sum         (CvmResult    *self,
                                            CvmJobResult *sum);
CvmStatus           cvm_result_get_status  (CvmResult  *self);

/**
 * cvm_job_result_n_failed:
 *
 * Of its cases, without those that were stopped
 */
guint               cvm_job_result_n_failed  (const CvmJobResult *job);

/**
 * cvm_job_result_find_case:
 *
 * The job's case of that number, or NULL
 */
const CvmPoint     *cvm_job_result_find_case (const CvmJobResult *job,
                                              guint               number);

/**
 * cvm_job_result_find_chain:
 * @path: (nullable): of a point below the case, "2.1"; NULL: the case itself
 * @chain: (out caller-allocates): the case, what is below it on the way, the point
 *
 * What a record of type case.* or point is about. Returns how many there are, 0 for none.
 */
guint               cvm_job_result_find_chain (const CvmJobResult *job,
                                               guint               number,
                                               const char         *path,
                                               const CvmPoint     *chain[CVM_RESULT_MAX_CHAIN]);

/**
 * cvm_point_get_number:
 *
 * By which siblings are sorted; no two have the same
 */
guint               cvm_point_get_number     (const CvmPoint     *point);
