/* cvm-spool.h: reports that wait to be sent, until the server has them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: a spool object belongs to one thread at a time; several objects, threads and processes
 *          may use one folder. All calls block: for workers, not for the main thread of a window.
 * Trust:   what lies in the folder is read as if a stranger had written it.
 *
 *   $XDG_DATA_HOME/cvmtester/spool/
 *   ├── 00000007/      report.tap or report.tgz, attachments/, state.json
 *   └── orphans/       00000007-1042.json: what a server keeps of a send that did not succeed
 *
 * A report enters the spool before the first byte goes out, and leaves it when the server has it.
 * Each step is on the disk before it is taken, so that the program may die at any moment. */
#pragma once

#include "cvm-spool-entry.h"

G_BEGIN_DECLS

/* How long it waits for what; {0} in a field: the default. */
typedef struct
{
  guint connect_ms;        /* for a connection and its greeting: 30 s */
  guint idle_ms;           /* for each piece to get through, and for the server's leave: 60 s */
  guint confirm_ms;        /* for the report to appear in the API: 10 s */
  guint settle_ms;         /* how long a report must stay short to be an orphan: 60 s */
  guint poll_ms;           /* the longest pause between two looks: 1 s */
  guint first_pause_ms;    /* after a first failure, doubled after each more: 5 s */
  guint longest_pause_ms;  /* 1 h */
  guint confirm_tries;     /* looks for a report that ended well and does not appear: 8 */
} CvmSpoolLimits;

/* A file to go with a report */
typedef struct
{
  const char *path;
  const char *name;        /* NULL: the last part of the path */
  const char *type;        /* NULL: by the name */
} CvmSpoolFile;

typedef struct
{
  const CvmTapperServer *server;
  const char            *path;           /* TAP, or an archive (.tar.gz with meta.yml) */
  const char            *title;          /* for people; NULL: the last part of the path */
  const CvmSpoolFile    *attachments;    /* need a server that has an API */
  gsize                  n_attachments;
  const char            *run;            /* folder of the run that it is of, where its number is
                                            noted (cvm-sent.h); or NULL */
  const char            *job;            /* of that run; NULL with it */
} CvmSpoolReport;

/* What a flush is to do, and whom it tells. Callbacks come in the caller's thread. */
typedef struct
{
  gboolean   is_now;             /* pauses after earlier failures are over */
  guint64    only;               /* 0: all; else this one, and those for its server before it */
  guint      wait_ms;            /* for another process that flushes; 0: G_IO_ERROR_BUSY at once */

  /* After each step, with its state on the disk; CVM_SPOOL_DONE: it leaves the spool */
  void     (*on_step)     (const CvmSpoolEntry *entry,
                           gpointer             data);

  /* WHAT: "report" or an attachment's name */
  void     (*on_progress) (const CvmSpoolEntry *entry,
                           const char          *what,
                           guint64              done,
                           guint64              total,
                           gpointer             data);

  /* A server's address as it is remembered now; NULL: unknown, the entry's own is used */
  CvmTapperServer *(*find_server) (const char *name,
                                   gpointer    data);
  gpointer   data;
} CvmSpoolFlush;

typedef struct _CvmSpool CvmSpool;

CvmSpool      *cvm_spool_new     (const char            *path,
                                  const CvmSpoolLimits  *limits);
CvmSpool      *cvm_spool_new_for_user (void);
void           cvm_spool_free    (CvmSpool              *self);
const char    *cvm_spool_get_path (CvmSpool             *self);

gboolean       cvm_spool_add     (CvmSpool              *self,
                                  const CvmSpoolReport  *report,
                                  guint64               *number,
                                  GCancellable          *cancellable,
                                  GError               **error);
GPtrArray     *cvm_spool_list    (CvmSpool              *self,
                                  GError               **error);
CvmSpoolEntry *cvm_spool_find    (CvmSpool              *self,
                                  guint64                number,
                                  GError               **error);
gboolean       cvm_spool_drop    (CvmSpool              *self,
                                  guint64                number,
                                  GError               **error);
gboolean       cvm_spool_retry   (CvmSpool              *self,
                                  guint64                number,
                                  GError               **error);
GPtrArray     *cvm_spool_orphans (CvmSpool              *self,
                                  GError               **error);
gboolean       cvm_spool_flush   (CvmSpool              *self,
                                  const CvmSpoolFlush   *flush,
                                  GCancellable          *cancellable,
                                  GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSpool, cvm_spool_free)

G_END_DECLS
