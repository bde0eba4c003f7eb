/* cvm-virt-auth.h: what libvirt asks while it connects, put to whoever can answer
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: the connecting call's own. */
#pragma once

#include <libvirt/libvirt.h>

#include "cvm-login.h"
#include "cvm-virt-call.h"

/* One connection's questions; fields are the caller's to fill before it connects */
typedef struct
{
  CvmVirtCall    *call;         /* waits while a person types */
  const char     *uri;
  GCancellable   *cancellable;
  CvmLoginAsk     ask;          /* NULL: nobody answers */
  gpointer        data;
  CvmLogin        login;
  gboolean        was_asked;    /* out */
  gboolean        is_declined;  /* out: the person said no, or there is nobody */
} CvmVirtAuth;

/**
 * cvm_virt_auth_open:
 *
 * virConnectOpenAuth (); the error is libvirt's, in this thread
 */
virConnectPtr cvm_virt_auth_open  (CvmVirtAuth *self);

void          cvm_virt_auth_clear (CvmVirtAuth *self);
