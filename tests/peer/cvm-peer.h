/* cvm-peer.h: what listens on 127.0.0.1 while a test talks to it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads: a peer has one thread, which serves one client after the other. */
#pragma once

#include <gio/gio.h>

typedef struct _CvmPeer CvmPeer;

/* Called in the peer's thread; returns when CLIENT has gone or STOP is cancelled. */
typedef void (*CvmPeerServe) (GSocket      *client,
                              GCancellable *stop,
                              gpointer      data);

CvmPeer *cvm_peer_new      (CvmPeerServe    serve,
                            gpointer        data);
guint16  cvm_peer_get_port (CvmPeer        *self);
void     cvm_peer_free     (CvmPeer        *self);

/* A stand-in for a server: says its words, then waits, or does worse */
typedef struct
{
  const char   *says;          /* or NULL */
  const char   *then;          /* for ever, or NULL */
  gboolean      hears_first;   /* speaks only when it is spoken to, as http does */
  gboolean      hangs_up;
  GCancellable *cancels;       /* when a client has come, or NULL */
} CvmPeerScript;

/* A CvmPeerServe; DATA is a CvmPeerScript */
void     cvm_peer_play     (GSocket        *client,
                            GCancellable   *stop,
                            gpointer        data);

/* Those that this process has open: to find one that leaks */
guint    cvm_peer_count_sockets (void);
