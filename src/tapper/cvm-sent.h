/* cvm-sent.h: which reports of a run a server has, noted in the run's folder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state; blocks on the disk. Several threads and processes may add at once.
 * Trust:   the folder may be anybody's: a line that makes no sense is left out, an address that is
 *          no web page's is not given.
 *
 * RUN/sent.jsonl: an object a line, the latest last. */
#pragma once

#include "cvm-spool-entry.h"

G_BEGIN_DECLS

typedef struct
{
  char    *job;         /* "01" */
  char    *server;      /* its name or address */
  guint64  report_id;   /* on the server; never 0 */
  char    *url;         /* its web page, http or https; or NULL */
  gint64   time_s;      /* Unix time */
  gboolean is_confirmed; /* the server told that it has it, or its copy was read back */
  char    *told;        /* what became of it, as cvm_spool_entry_describe() says it */
} CvmSent;

void       cvm_sent_free (CvmSent              *self);

/**
 * cvm_sent_add:
 *
 * Notes a report that is done. One that is of no run is not noted, nor one noted already; a run
 * that is gone is G_IO_ERROR_NOT_FOUND.
 */
gboolean   cvm_sent_add  (const CvmSpoolEntry  *entry,
                          GError              **error);

/**
 * cvm_sent_read:
 *
 * Returns: (transfer full): of CvmSent, one a job at most: its latest, in the order of jobs; empty
 *   for a run of which nothing was sent
 */
GPtrArray *cvm_sent_read (const char           *dir);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSent, cvm_sent_free)

G_END_DECLS
