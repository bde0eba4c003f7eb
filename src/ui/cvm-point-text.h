/* cvm-point-text.h: a point as a line of a tree
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. All strings are translated and the caller's. */
#pragma once

#include "cvm-point-state.h"

/* Many points in one row */
typedef struct
{
  CvmPointState state;          /* the worst; running while some are to come */
  guint         total, ended;
  guint         failed, stopped, skipped, todo;
  gint64        ms;
} CvmPointSummary;

/**
 * cvm_point_summarize:
 *
 * Takes one point more
 */
void   cvm_point_summary_add   (CvmPointSummary       *self,
                                const CvmPoint        *point);

/**
 * cvm_point_summary_close:
 *
 * After the last: sets the state
 */
void   cvm_point_summary_close (CvmPointSummary       *self);

/**
 * cvm_point_title_markup:
 *
 * With why it was skipped or failed, or what it waits for
 */
char  *cvm_point_title_markup  (const CvmPoint        *point,
                                gint64                 now_us);

char  *cvm_point_time          (const CvmPoint        *point,
                                gint64                 now_us);

/**
 * cvm_point_wait:
 *
 * "waiting 0:43 of 3:00: port 8004 refused"
 */
char  *cvm_point_wait          (const CvmPoint        *point,
                                gint64                 now_us);

/**
 * cvm_point_summary_time:
 *
 * "7 of 14" while some are to come; then how long they took
 */
char  *cvm_point_summary_time  (const CvmPointSummary *self);

/**
 * cvm_point_summary_counts:
 *
 * "3 failed, 1 skipped"; "" where there is nothing to tell
 */
char  *cvm_point_summary_counts (const CvmPointSummary *self);
