/* cvm-host.h: the port to a host: a libvirt connection and what it can do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine; filled by virt/ and by the tests' fake.
 * Threads: synchronous, any thread but the main one. A call that outlives its deadline is
 *          abandoned. When it had 5 s or more, the host is lost from then on, and every later
 *          call says so at once; one with less has only run out of its own time. */
#pragma once

#include "cvm-guest.h"

typedef struct
{
  char    *uri;                  /* as libvirt has it */
  char    *driver;               /* "QEMU", "Test", "Xen"… */
  char    *host_name;
  char    *arch;                 /* "x86_64" */
  char    *libvirt_version, *hypervisor_version;   /* "9.0.0" */
  char   **hypervisors;          /* domain types it offers: "kvm", "qemu"… */
  gboolean is_local;             /* images of this machine can be booted there */
  guint    cpus;
  guint64  memory_kib;
} CvmHostFacts;

CvmHostFacts *cvm_host_facts_new  (void);
void          cvm_host_facts_free (CvmHostFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmHostFacts, cvm_host_facts_free)

/* Something on the host that carries this program's mark, or a name like one */
typedef struct
{
  char     *kind;                /* "domain", "network" */
  char     *name, *uuid;
  gboolean  is_marked;           /* the metadata below was there; else only the name is ours */
  char     *run_id, *run_dir, *machine_id;
  guint     uid;
} CvmHostObject;

CvmHostObject *cvm_host_object_new  (void);
void           cvm_host_object_free (CvmHostObject *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmHostObject, cvm_host_object_free)

#define CVM_TYPE_HOST (cvm_host_get_type ())
G_DECLARE_INTERFACE (CvmHost, cvm_host, CVM, HOST, GObject)

struct _CvmHostInterface
{
  GTypeInterface parent_iface;

  const CvmHostFacts *(*get_facts)     (CvmHost *self);
  CvmGuest           *(*new_guest)     (CvmHost *self, const CvmGuestSpec *spec, CvmSerial *serial,
                                        GError **error);
  GPtrArray          *(*list_objects)  (CvmHost *self, gint64 deadline_us,
                                        GCancellable *cancellable, GError **error);
  gboolean            (*remove_object) (CvmHost *self, const char *kind, const char *uuid,
                                        gint64 deadline_us, GCancellable *cancellable,
                                        GError **error);
};

const CvmHostFacts *cvm_host_get_facts     (CvmHost             *self);

/**
 * cvm_host_new_guest:
 *
 * Describes the guest; nothing is made on the host before cvm_guest_start (). @serial gets
 * what its console says.
 */
CvmGuest           *cvm_host_new_guest     (CvmHost             *self,
                                            const CvmGuestSpec  *spec,
                                            CvmSerial           *serial,
                                            GError             **error);

/**
 * cvm_host_list_objects:
 *
 * (element-type CvmHostObject): what carries our mark, or is named like it ("cvmtester-…")
 */
GPtrArray          *cvm_host_list_objects  (CvmHost             *self,
                                            gint64               deadline_us,
                                            GCancellable        *cancellable,
                                            GError             **error);

/**
 * cvm_host_remove_object:
 *
 * Ends and undefines it. TRUE when nothing of it is left, also when it was gone already.
 */
gboolean            cvm_host_remove_object (CvmHost             *self,
                                            const char          *kind,
                                            const char          *uuid,
                                            gint64               deadline_us,
                                            GCancellable        *cancellable,
                                            GError             **error);
