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

/* Takes the next bytes of a report: it may be larger than one wants to hold */
typedef void (*CvmReportWrite) (const char *bytes,
                                gsize       len,
                                gpointer    data);

/* Makes a report of a whole result; each of these is one */
typedef void (*CvmReportMake) (CvmResult      *result,
                               CvmReportWrite  write,
                               gpointer        data);

/**
 * cvm_report_json_write:
 *
 * Everything a result holds, for programs; keys in the man page
 */
void          cvm_report_json_write  (CvmResult      *result,
                                      CvmReportWrite  write,
                                      gpointer        data);

/**
 * cvm_report_junit_write:
 *
 * JUnit's XML, as Jenkins and GitLab read it: a testsuite a job, a testcase a point; subtests are
 * of the class of their case. What a job says of itself as a whole is a testcase with an error.
 */
void          cvm_report_junit_write (CvmResult      *result,
                                      CvmReportWrite  write,
                                      gpointer        data);

/**
 * cvm_report_html_write:
 *
 * A page for a person, which needs no other file: what failed first, then all. Of more points
 * than CVM_REPORT_HTML_MAX those that passed are only counted.
 */
void          cvm_report_html_write  (CvmResult      *result,
                                      CvmReportWrite  write,
                                      gpointer        data);

#define CVM_REPORT_HTML_MAX 20000   /* a job */

/**
 * cvm_report_to_string:
 *
 * Returns: (transfer full): all that MAKE writes
 */
char         *cvm_report_to_string   (CvmReportMake   make,
                                      CvmResult      *result);

/**
 * cvm_report_json:
 *
 * Returns: (transfer full): what cvm_report_json_write () writes
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

/**
 * cvm_report_files_collect:
 * @result: (out): what the reports say
 *
 * What rebuild () would write, and writes nothing. Returns: (transfer full): a text a job, in order
 */
GPtrArray      *cvm_report_files_collect (const char   *run_dir,
                                          CvmResult   **result,
                                          GError      **error);
