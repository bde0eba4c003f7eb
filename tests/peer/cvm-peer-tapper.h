/* cvm-peer-tapper.h: the stand-in Tapper server (standin-tapper.py), for a test in C
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads: belongs to one. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  GSubprocess *process;
  char        *folder;      /* all that it keeps */
  guint        receiver;    /* ports on 127.0.0.1, the same after each start */
  guint        api;
  guint        web;
} CvmPeerTapper;

CvmPeerTapper *cvm_peer_tapper_new        (void);
void           cvm_peer_tapper_free       (CvmPeerTapper *self);
void           cvm_peer_tapper_start      (CvmPeerTapper *self);
void           cvm_peer_tapper_stop       (CvmPeerTapper *self);   /* as by kill -9 */
gboolean       cvm_peer_tapper_is_running (CvmPeerTapper *self);

/* FAULTS: as standin/faults.py reads them; NULL: none */
void           cvm_peer_tapper_fault      (CvmPeerTapper *self,
                                           const char    *faults);

/* How many reports it took in that are PATH's bytes, and how many there are at all */
guint          cvm_peer_tapper_count      (CvmPeerTapper *self,
                                           const char    *path,
                                           guint         *n_all);

/* Of the last report that it made */
guint          cvm_peer_tapper_last_id    (CvmPeerTapper *self);

void           cvm_peer_tapper_remove_tree (const char   *folder);
