/* cvm-peer-ssh.h: ssh servers for tests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-peer.h"

/* A real one: dropbear, a process for each connection, as from inetd; its account lives in HOME */
typedef struct
{
  const char *home;        /* with .ssh/authorized_keys */
  const char *crypted;     /* the account's password as in /etc/shadow */
  const char *host_key;    /* a file; made when it is missing */
  const char *option;      /* one more, or NULL */

  GPtrArray  *processes;   /* the server's own */
} CvmPeerDropbear;

CvmPeer *cvm_peer_dropbear_start (CvmPeerDropbear *self);
void     cvm_peer_dropbear_stop  (CvmPeerDropbear *self,
                                  CvmPeer         *peer);

/* A stand-in by libssh's server half, for a way of login that dropbear has not: it asks two
 * questions (keyboard-interactive) and wants the password as the answer to the secret one. */
typedef struct
{
  const char *host_key;    /* a file, in OpenSSH's format */
  const char *password;    /* NULL: no answer is good, it asks again for ever */
  guint       rounds;      /* how often it has asked */
} CvmPeerAsker;

/* A CvmPeerServe; DATA is a CvmPeerAsker */
void     cvm_peer_ask            (GSocket         *client,
                                  GCancellable    *stop,
                                  gpointer         data);
