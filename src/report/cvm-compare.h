/* cvm-compare.h: what differs between jobs: their cases and subtests, row by row
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   report. Pure: the same jobs, the same rows.
 * Threads: one thread at a time; rows borrow from the results, which must neither go nor grow while
 *          rows are looked at.
 *
 * The jobs may be those of one run (cases × guests) or of several (then and now). Cases are matched
 * by id, subtests by title within theirs, and of several alike the first with the first. */
#pragma once

#include "cvm-result.h"

typedef enum
{
  CVM_CHANGE_NONE,
  CVM_CHANGE_OTHER,      /* there and not there; skipped instead of failed */
  CVM_CHANGE_SLOWER,     /* it passes as before, and takes much longer */
  CVM_CHANGE_BETTER,     /* it passes and did not */
  CVM_CHANGE_WORSE,      /* it fails and did not, or it is skipped and passed */
} CvmChange;

typedef enum
{
  CVM_COMPARE_CHANGES = 0,        /* only rows that differ, and those above them */
  CVM_COMPARE_ALL     = 1 << 0,   /* every row */
  CVM_COMPARE_LIVE    = 1 << 1,   /* what has not ended does not differ: it will end */
  CVM_COMPARE_TIMES   = 1 << 2,   /* then and now: half as long again, and a second more, is slower */
} CvmCompareFlags;

typedef struct
{
  const char      *id;         /* of a case; NULL for a subtest */
  const char      *title;
  guint            depth;      /* 0: a case */
  CvmChange        change;     /* the greatest, of any job against the first that has the point */
  guint            n_points;
  const CvmPoint  *points[];   /* one a job, in their order; NULL: it has no such point */
} CvmCompareRow;

/**
 * cvm_compare_jobs:
 *
 * Returns: (transfer full): of CvmCompareRow, a case before its subtests, in the order of the first
 * job; what only later jobs have comes behind.
 */
GPtrArray *cvm_compare_jobs  (const CvmJobResult *const *jobs,
                              guint                      n_jobs,
                              CvmCompareFlags            flags);

/**
 * cvm_compare_worst:
 *
 * Returns: the greatest change of the rows
 */
CvmChange  cvm_compare_worst (GPtrArray                 *rows);

/**
 * cvm_compare_count:
 * @counts: (out caller-allocates): how many cases have each change; with their subtests, the greatest
 */
void       cvm_compare_count (GPtrArray                 *rows,
                              guint                      counts[CVM_CHANGE_WORSE + 1]);

/**
 * cvm_compare_sort:
 *
 * What is worse first: the cases, each with its subtests, by their greatest change; those of one
 * change stay in their order
 */
void       cvm_compare_sort  (GPtrArray                 *rows);

/* The same job, then and now; NULL: there was none */
typedef struct
{
  const CvmJobResult *before, *after;
} CvmComparePair;

/**
 * cvm_compare_pairs:
 *
 * Returns: (transfer full): of CvmComparePair: each job of one run with the one most like it of the
 * other: suite, image and host, as far as they have them alike. A single job on each side is a pair
 * whatever it is of.
 */
GArray    *cvm_compare_pairs (CvmResult                 *before,
                              CvmResult                 *after);
