/* cvm-tapper-report.h: what a Tapper server says of a report, whatever way it was asked
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state outside the struct.
 * Trust:   all of it comes from a server. Text is UTF-8, of one line, at most
 *          CVM_TAPPER_TEXT_MAX bytes, and may still hold anything else. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CVM_TAPPER_TEXT_MAX    1024
#define CVM_TAPPER_REPORTS_MAX 100000   /* in one answer; more is refused */
#define CVM_TAPPER_FILES_MAX   10000    /* of one report */

#define CVM_TAPPER_UNKNOWN (-1)

typedef struct
{
  guint64  id;          /* the server's number of the file; 0: not known */
  char    *name;        /* as it was uploaded; slashes and all */
  char    *type;        /* or NULL */
  gint64   created_us;  /* UTC; 0: not known */
} CvmTapperFile;

typedef struct
{
  guint64    id;
  gint64     created_us;    /* UTC, as the next two; 0: not known */
  gint64     started_us;
  gint64     ended_us;
  char      *suite;         /* this and all text: NULL where it is not known */
  char      *version;
  char      *machine;
  char      *description;   /* of the machine */
  char      *grade;         /* "PASS", "FAIL", "NOTESTS"; "" for a report not parsed yet */
  double     ratio;         /* percent of the tests that ran; like the counts it may be
                               CVM_TAPPER_UNKNOWN. FAIL may have 100.00: go by the grade */
  int        total, passed, failed, skipped, todo, todo_passed, parse_errors;
  char      *reporter;
  char      *owner;
  char      *group;         /* the run's id, or a testrun's number */
  char      *peer;          /* the host it came from */
  GPtrArray *files;         /* of CvmTapperFile; NULL: not known */
} CvmTapperReport;

CvmTapperReport *cvm_tapper_report_new      (guint64                 id);
CvmTapperReport *cvm_tapper_report_copy     (const CvmTapperReport  *self);
void             cvm_tapper_report_free     (CvmTapperReport        *self);
void             cvm_tapper_report_merge    (CvmTapperReport        *self,
                                             const CvmTapperReport  *other);
gboolean         cvm_tapper_report_passed   (const CvmTapperReport  *self);

CvmTapperFile   *cvm_tapper_file_new        (guint64                 id,
                                             const char             *name,
                                             const char             *type,
                                             gint64                  created_us);
void             cvm_tapper_file_free       (CvmTapperFile          *self);

gint64           cvm_tapper_time_parse      (const char             *text);
char            *cvm_tapper_time_format     (gint64                  time_us);
char            *cvm_tapper_text_mend       (const char             *text,
                                             gssize                  len);
GBytes          *cvm_tapper_bytes_mend      (GBytes                 *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperReport, cvm_tapper_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmTapperFile, cvm_tapper_file_free)

G_END_DECLS
