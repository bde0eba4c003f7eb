/* cvm-record.h: something that happened in a run, written once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   record.
 * Threads: a record is immutable once its run has it; the count of references is atomic.
 *
 * As JSON it is one line of journal.jsonl, at most CVM_RECORD_MAX_LINE bytes:
 *   {"v":1,"seq":7,"t":"2026-11-21T07:25:13.123456Z","job":"01","type":"case.end",…}
 * A record type uses the fields named beside it; all others stay NULL or 0 and are not written. */
#pragma once

#include <gio/gio.h>

#define CVM_RECORD_MAX_LINE (64 * 1024)

typedef enum
{
  CVM_RECORD_RUN_BEGIN,    /* name: title; text: program version; number: jobs */
  CVM_RECORD_RUN_END,      /* status */
  CVM_RECORD_JOB_BEGIN,    /* name: image; kind: host URI; text: suite's name; number: points
                              planned */
  CVM_RECORD_JOB_END,      /* status, text: why it ended early */
  CVM_RECORD_ACT,          /* before the outside is touched. kind: what ("domain", "overlay"…),
                              name, uuid, path, text: host URI; "unmake" acts: kind
                              "domain-remove"… */
  CVM_RECORD_ACTED,        /* the same kind, name, uuid, path; ok, text: the error */
  CVM_RECORD_CASE_PLANNED, /* after job.begin, one a case. number, id, name: title; precondition */
  CVM_RECORD_CASE_BEGIN,   /* number, id, ms: its limit */
  CVM_RECORD_CASE_WAIT,    /* number, id, text: what it waits for, NULL: as before; ms: until
                              when, from now */
  CVM_RECORD_CASE_END,     /* number, id, outcome, ms, reason, details */
  CVM_RECORD_POINT,        /* of a TAP program: number: the case's; path "2.1"; ok, directive, text,
                              reason, details */
  CVM_RECORD_FACT,         /* name, text: "hypervisor" "qemu (kvm: no output within 10 s)" */
  CVM_RECORD_EVIDENCE,     /* name, path: relative to the job's folder; kind: media type; id:
                              case */
  CVM_RECORD_LOG,          /* text: one line; kind: "info", "warning" */
} CvmRecordType;

typedef enum
{
  CVM_OUTCOME_PASS,
  CVM_OUTCOME_FAIL,
  CVM_OUTCOME_SKIP,
  CVM_OUTCOME_CANCELLED,   /* interrupted by the user; not ok in the report */
} CvmOutcome;

typedef enum
{
  CVM_DIRECTIVE_NONE,
  CVM_DIRECTIVE_TODO,
  CVM_DIRECTIVE_SKIP,
} CvmDirective;

/* Exit statuses, of jobs, runs and the program; the worst of several is the first of
 * 130 > 4 > 3 > 1 > 0 that occurs */
typedef enum
{
  CVM_STATUS_PASSED      = 0,
  CVM_STATUS_FAILED      = 1,
  CVM_STATUS_USAGE       = 2,
  CVM_STATUS_ENVIRONMENT = 3,
  CVM_STATUS_FAULT       = 4,
  CVM_STATUS_CANCELLED   = 130,
} CvmStatus;

CvmStatus   cvm_status_worst         (CvmStatus a,
                                      CvmStatus b);

/* What a result says about itself, in order: "expected: 0", "output: …". Values may be long and
 * hold any bytes; whoever writes them out escapes them. */
typedef struct
{
  char *key;
  char *value;
} CvmDetail;

typedef struct
{
  gatomicrefcount ref_count;

  CvmRecordType type;
  guint64       seq;
  gint64        time_us;      /* UTC, microseconds since 1970 */
  char         *job;          /* "01", or NULL for the run itself */

  guint         number;
  char         *id;
  char         *name;
  char         *kind;
  char         *uuid;
  char         *path;
  char         *text;
  char         *reason;
  gint64        ms;
  gboolean      ok;
  gboolean      precondition;
  CvmOutcome    outcome;
  CvmDirective  directive;
  CvmStatus     status;
  GPtrArray    *details;      /* of CvmDetail, or NULL */
} CvmRecord;

/**
 * cvm_record_new:
 *
 * A record of the given type, its fields still to be set by the caller (all strings owned)
 */
CvmRecord  *cvm_record_new          (CvmRecordType type,
                                     const char   *job);

CvmRecord  *cvm_record_ref          (CvmRecord    *self);
void        cvm_record_unref        (CvmRecord    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmRecord, cvm_record_unref)

void        cvm_record_add_detail   (CvmRecord    *self,
                                     const char   *key,
                                     const char   *value);

/**
 * cvm_record_type_name:
 *
 * "case.end"
 */
const char *cvm_record_type_name    (CvmRecordType type);

const char *cvm_outcome_name        (CvmOutcome    outcome);

/**
 * cvm_record_to_line:
 *
 * One line with its newline, at most CVM_RECORD_MAX_LINE: details, then text and reason are cut
 * (the cut is marked) where it would be longer. Bytes that are not UTF-8 become \xNN.
 */
char       *cvm_record_to_line      (const CvmRecord *self);

/**
 * cvm_record_from_line:
 *
 * Errors: G_IO_ERROR_INVALID_DATA, saying what was wrong with it, and G_IO_ERROR_NOT_SUPPORTED for
 * a type that is not known. Unknown members are ignored, so that a later program's journal can
 * still be read.
 */
CvmRecord  *cvm_record_from_line    (const char   *line,
                                     gsize         len,
                                     GError      **error);

/**
 * cvm_record_dup_utf8:
 *
 * A copy in which every byte that is not UTF-8 has become \xNN
 */
char       *cvm_record_dup_utf8     (const char   *bytes);
