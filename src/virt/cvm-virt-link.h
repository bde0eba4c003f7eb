/* cvm-virt-link.h: one connection to libvirt, shared by a host, its guests and their calls
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   virt.
 * Threads: any; reference counted. The last unref returns at once: the connection is closed in
 *          a thread of its own, since that is a question to the other side. */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>

#include "cvm-virt-call.h"

typedef struct _CvmVirtLink CvmVirtLink;

/**
 * cvm_virt_link_new:
 *
 * Takes CONN. Blocks: for a call's thread.
 */
CvmVirtLink   *cvm_virt_link_new     (virConnectPtr   conn,
                                      const char     *uri);

CvmVirtLink   *cvm_virt_link_ref     (CvmVirtLink    *self);
void           cvm_virt_link_unref   (CvmVirtLink    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmVirtLink, cvm_virt_link_unref)

virConnectPtr  cvm_virt_link_conn    (CvmVirtLink    *self);
const char    *cvm_virt_link_uri     (CvmVirtLink    *self);

/**
 * cvm_virt_link_lost:
 *
 * Cancelled when the host is lost, from any thread. A handler may not call libvirt.
 */
GCancellable  *cvm_virt_link_lost    (CvmVirtLink    *self);

/**
 * cvm_virt_link_check:
 *
 * FALSE with HOST_LOST when it is
 */
gboolean       cvm_virt_link_check   (CvmVirtLink    *self,
                                      GError        **error);

/**
 * cvm_virt_link_add_event:
 *
 * Remembers an event callback of the connection: each holds it open until it is taken back
 */
void           cvm_virt_link_add_event (CvmVirtLink  *self,
                                        int           callback_id);

/* A call that had this long and is not back means that the host is lost. One whose deadline was
 * nearer has only run out of its own time. */
#define CVM_VIRT_PATIENCE_US (5 * G_USEC_PER_SEC)

/**
 * cvm_virt_link_run:
 *
 * cvm_virt_call_run () for a call over this connection: fails at once when the host is lost,
 * and finds out whether it is.
 */
gboolean       cvm_virt_link_run     (CvmVirtLink    *self,
                                      gpointer        call,
                                      gint64          deadline_us,
                                      GCancellable   *cancellable,
                                      GError        **error);
