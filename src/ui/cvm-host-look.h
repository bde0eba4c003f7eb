/* cvm-host-look.h: what a host is, how busy, and what of ours is there: asked off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: each look has one of its own, so that a host that is silent keeps no other waiting. */
#pragma once

#include "cvm-ports.h"

typedef enum
{
  CVM_GUEST_OWNER_LIVES,     /* its run goes on */
  CVM_GUEST_OWNER_DIED,      /* it can be cleaned up */
  CVM_GUEST_OWNER_UNKNOWN,   /* another's, or only named like ours */
} CvmGuestOwner;

typedef struct
{
  char          *name;
  char          *kind;      /* "domain", "network" */
  char          *run_id, *run_dir;   /* or NULL */
  CvmGuestOwner  owner;
} CvmHostThing;

typedef struct
{
  char         *driver;
  char         *hypervisors;   /* "kvm, qemu" */
  guint         cpus;
  guint64       memory_kib;
  gboolean      is_local;
  gboolean      has_load;
  CvmHostLoad   load;
  GPtrArray    *things;        /* of CvmHostThing: what is ours there */
  guint         n_dead;        /* of those, to be cleaned up */
} CvmHostLook;

void         cvm_host_look_free   (CvmHostLook          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmHostLook, cvm_host_look_free)

/**
 * cvm_host_look_async:
 * @may_ask: the user is asked who one is, where the host wants to know
 *
 * Fails with what the host says, CVM_ENGINE_ERROR_UNAUTHORIZED where it only wants a password
 */
void         cvm_host_look_async  (const CvmPorts       *ports,
                                   const char           *uri,
                                   gboolean              may_ask,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);

CvmHostLook *cvm_host_look_finish (GAsyncResult         *result,
                                   GError              **error);
