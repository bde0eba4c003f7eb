/* cvm-tapper-browse-private.h: the ways to ask a server, for the browser and its lists
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper, and only here.
 * Threads: as cvm-tapper-browse.h. */
#pragma once

#include "cvm-tapper-browse.h"

G_BEGIN_DECLS

struct _CvmTapperBrowse
{
  gatomicrefcount  ref_count;
  CvmTapperServer *server;
  GMutex           lock;      /* of what follows */
  CvmTapperWay     way;       /* that worked last */
  gboolean         is_read;   /* what was remembered on the disk is in WAY */
};

/* One try by WAY; FALSE with an error lets the next way be tried, unless it is final */
typedef gboolean (*CvmTapperTry) (CvmTapperBrowse  *browse,
                                  CvmTapperWay      way,
                                  gpointer          data,
                                  gint64            deadline_us,
                                  GCancellable     *cancellable,
                                  GError          **error);

CvmTapperBrowse *cvm_tapper_browse_ref (CvmTapperBrowse        *self);

gboolean         cvm_tapper_ways_try   (CvmTapperBrowse        *browse,
                                        CvmTapperWay            last,
                                        CvmTapperTry            one_try,
                                        gpointer                data,
                                        gint64                  deadline_us,
                                        GCancellable           *cancellable,
                                        GError                **error);
gboolean         cvm_tapper_ways_has   (const CvmTapperServer  *server,
                                        CvmTapperWay            way);

/* Reports of a span of time, read from a server at one go */
typedef struct
{
  const CvmTapperFilter *filter;
  gint64                 from_us, to_us;   /* UTC, the second excluded */
  gboolean               is_5;             /* learned: the web pages are of 5.x */
  GPtrArray             *reports;          /* found, newest first; NULL before */
} CvmTapperWindow;

gboolean         cvm_tapper_window_read (CvmTapperWindow        *self,
                                         const CvmTapperServer  *server,
                                         CvmTapperWay            way,
                                         gint64                  deadline_us,
                                         GCancellable           *cancellable,
                                         GError                **error);

G_END_DECLS
