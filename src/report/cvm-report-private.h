/* cvm-report-private.h: what the reports of a whole result share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   report, and only here. */
#pragma once

#include "cvm-report.h"

/* Collects what is written, and gives it on in large pieces */
typedef struct
{
  GString        *text;
  CvmReportWrite  write;
  gpointer        data;
} CvmReportOut;

void  cvm_report_out_init  (CvmReportOut   *self,
                            CvmReportWrite  write,
                            gpointer        data);
void  cvm_report_out_clear (CvmReportOut   *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmReportOut, cvm_report_out_clear)

/**
 * cvm_report_out_settle:
 *
 * Gives on what came together, if it is enough
 */
void  cvm_report_out_settle (CvmReportOut *self);

/**
 * cvm_report_plain:
 *
 * Returns: (transfer full): @bytes as UTF-8 that XML 1.0 may hold: other bytes, and controls, as
 * \xNN
 */
char *cvm_report_plain (const char *bytes);

/**
 * cvm_report_job_title:
 *
 * Returns: (transfer full): "demo on qemu:///session: Boots", or "t/00-load.t"
 */
char *cvm_report_job_title (const CvmJobResult *job);

/**
 * cvm_report_point_title:
 *
 * Returns: (transfer full): "login - Log in", or "point 3" where it has neither id nor title
 */
char *cvm_report_point_title (const CvmPoint *point);

/**
 * cvm_report_point_failed:
 *
 * Not passed, and not excused
 */
gboolean cvm_report_point_failed (const CvmPoint *point);
