/* cvm-virt-start.h: the call that makes a guest, whole
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt, private to the guest. */
#pragma once

#include "cvm-virt-console.h"
#include "cvm-virt-life.h"

/* Made paused, its console opened, then resumed. When nobody waits for it any more, it is
 * ended again by the call's own thread. */
typedef struct
{
  CvmVirtCall     call;

  CvmVirtLink    *link;         /* owned, as all below */
  CvmVirtLife    *life;
  CvmSerial      *serial;
  char           *xml;
  gboolean        is_qemu;      /* can be made paused, and has a console */
  gboolean        outlives_us;
  gboolean        is_cut;       /* its network cable is out from the first instruction on */
  gboolean        is_watched;   /* an earlier start asked for its events */

  virDomainPtr    domain;       /* out */
  CvmVirtConsole *console;      /* out; or NULL */
} CvmVirtStart;

CvmVirtStart *cvm_virt_start_new (CvmVirtLink *link,
                                  CvmVirtLife *life,
                                  CvmSerial   *serial,
                                  const char  *xml);
