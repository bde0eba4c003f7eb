/* cvm-peer-vnc.h: a stand-in for a VNC server, which can misbehave
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Threads: it lives in one of its own, at the other end of a socket pair. */
#pragma once

#include <glib.h>

typedef struct
{
  const char *says_first;     /* instead of its version */
  gboolean    hangs_up;       /* after that */
  gboolean    wants_password;
  guint16     width;
  guint16     height;
  gboolean    resizes;        /* after the first frame, to half of it */
  gboolean    breaks_off;     /* in the middle of the first frame */
  gboolean    has_key_codes;

  /* the stand-in's own */
  int         fd;
  GThread    *thread;
  GMutex      mutex;
  GString    *keys;           /* "+61 -61 ": what was pressed and released */
  gboolean    is_shared;
} CvmPeerVnc;

/* The client's descriptor */
int     cvm_peer_vnc_start (CvmPeerVnc *self);

/* Waits until the client has closed its descriptor; what it did is known then. */
void    cvm_peer_vnc_join  (CvmPeerVnc *self);
void    cvm_peer_vnc_clear (CvmPeerVnc *self);

/* What it shows at a place: 0x00RRGGBB */
guint32 cvm_peer_vnc_pixel (guint       x,
                            guint       y);
