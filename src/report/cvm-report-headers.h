/* cvm-report-headers.h: what a report tells a Tapper server of its run, beside its points
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   report, private to it. Pure.
 * Threads: any.
 *
 * Headers are comment lines of TAP, so that every other reader passes over them. The server takes
 * the last of each, reads dates as UTC without a zone, and knows no others than these; what it does
 * not know it keeps (Tapper-CernVM-…). */
#pragma once

#include "cvm-result.h"
#include "cvm-tap-writer.h"

/**
 * cvm_report_headers_begin:
 *
 * What is known when the job begins; BEGIN: its job.begin
 */
void cvm_report_headers_begin (CvmTapWriter       *writer,
                               const CvmRecord    *begin);

/**
 * cvm_report_headers_fact:
 *
 * A fact as a header; FALSE if there is none for it
 */
gboolean cvm_report_headers_fact  (CvmTapWriter       *writer,
                                   const CvmJobResult *job,
                                   const char         *name,
                                   const char         *text);

/**
 * cvm_report_headers_end:
 *
 * What is known when the job has ended; END: its job.end
 */
void cvm_report_headers_end   (CvmTapWriter       *writer,
                               const CvmRecord    *end);
