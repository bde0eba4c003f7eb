/* cvm-report.h: a result as bytes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   report. Pure but for CvmReportFiles: the same records, the same bytes.
 * Threads: one thread at a time.
 *
 * report.tap is TAP 13, ASCII, the plan before the first point, one point a case from 1 and in
 * file order; points of TAP programs stand as subtests before their case's own point; what
 * failed says why in YAML; facts are comments. */
#pragma once

#include "cvm-result.h"

/* The report of one job, made while its records come: what it appends is final. Points appear
 * in file order as soon as their case has ended. */
typedef struct _CvmReportTap CvmReportTap;

CvmReportTap *cvm_report_tap_new    (const char   *job);
void          cvm_report_tap_free   (CvmReportTap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmReportTap, cvm_report_tap_free)

/**
 * cvm_report_tap_add:
 *
 * Appends to OUT what the record adds (often nothing). Records of other jobs are ignored.
 */
void          cvm_report_tap_add    (CvmReportTap    *self,
                                     const CvmRecord *record,
                                     GString         *out);

/**
 * cvm_report_tap_join:
 *
 * Several jobs in one: an outer plan, and a 4-space subtest a job. JOBS: their report.tap in
 * order; TITLES and OKS of the same length.
 */
char         *cvm_report_tap_join   (const char *const *jobs,
                                     const char *const *titles,
                                     const gboolean    *oks,
                                     gsize              n_jobs);

/**
 * cvm_report_json:
 *
 * Everything a result holds, for programs; keys in the man page
 */
char         *cvm_report_json       (CvmResult    *result);

/* Keeps DIR/job-NN/report.tap, fed with a run's records in order: each file grows as its cases
 * end, and is whole after job.end. */
typedef struct _CvmReportFiles CvmReportFiles;

CvmReportFiles *cvm_report_files_new  (const char      *run_dir);
void            cvm_report_files_free (CvmReportFiles  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmReportFiles, cvm_report_files_free)

gboolean        cvm_report_files_add  (CvmReportFiles  *self,
                                       CvmRecord       *record,
                                       GError         **error);

/**
 * cvm_report_files_rebuild:
 *
 * For a run that died: its reports from its journal, the points it never reached as failed by
 * "the run ended without a result"
 */
gboolean        cvm_report_files_rebuild (const char   *run_dir,
                                          GError      **error);
