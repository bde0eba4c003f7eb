/* cvm-virt-ask.h: calls that ask one thing of a running guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt, private to the guest. */
#pragma once

#include <libvirt/libvirt.h>

#include "cvm-virt-link.h"

typedef struct
{
  CvmVirtCall   call;

  CvmVirtLink  *link;
  virDomainPtr  domain;
  char         *uuid;
  gboolean      is_up;    /* set_link */
  char         *text;     /* out: what the monitor said */
  int           fd;       /* out: owned, or -1 */
  gint64        n_bytes;  /* out */
} CvmVirtAsk;

extern const CvmVirtCallClass cvm_virt_ask_shut_down;
extern const CvmVirtCallClass cvm_virt_ask_reboot;
extern const CvmVirtCallClass cvm_virt_ask_remove;    /* whatever there is of the UUID */
extern const CvmVirtCallClass cvm_virt_ask_set_link;
extern const CvmVirtCallClass cvm_virt_ask_usernet;
extern const CvmVirtCallClass cvm_virt_ask_display;
extern const CvmVirtCallClass cvm_virt_ask_activity;  /* bytes read from and written to disks */

/**
 * cvm_virt_ask_link:
 *
 * In the call's thread: pulls the network cable of DOMAIN, or plugs it in
 */
gboolean    cvm_virt_ask_link (virDomainPtr             domain,
                               gboolean                 is_up,
                               GError                 **error);

/**
 * cvm_virt_ask_new:
 *
 * DOMAIN or UUID, whichever it asks by; the other NULL
 */
CvmVirtAsk *cvm_virt_ask_new (const CvmVirtCallClass *klass,
                              CvmVirtLink            *link,
                              virDomainPtr            domain,
                              const char             *uuid);
