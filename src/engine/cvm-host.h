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

/* How busy a host is */
typedef struct
{
  guint    guests;               /* that run there, whosever they are */
  gboolean has_memory, has_cpus; /* it tells */
  guint64  memory_free_kib;      /* for a new guest */
  guint    cpu_percent;          /* of all its processors, in the last moment */
} CvmHostLoad;

/* A NAT network for one job; its name and UUID were journalled before it is asked for */
typedef struct
{
  const char *name, *uuid;
} CvmNetworkSpec;

typedef enum
{
  CVM_XML_VALID,                 /* XML, and allowed by libvirt's schema */
  CVM_XML_COMPLETE,              /* with all settings that cannot be done without */
} CvmXmlLevel;

#define CVM_TYPE_HOST (cvm_host_get_type ())
G_DECLARE_INTERFACE (CvmHost, cvm_host, CVM, HOST, GObject)

struct _CvmHostInterface
{
  GTypeInterface parent_iface;

  const CvmHostFacts *(*get_facts)     (CvmHost *self);
  CvmGuest           *(*new_guest)     (CvmHost *self, const CvmGuestSpec *spec, CvmSerial *serial,
                                        GError **error);
  gboolean            (*check)         (CvmHost *self, GError **error);
  GPtrArray          *(*list_objects)  (CvmHost *self, gint64 deadline_us,
                                        GCancellable *cancellable, GError **error);
  gboolean            (*remove_object) (CvmHost *self, const char *kind, const char *uuid,
                                        gint64 deadline_us, GCancellable *cancellable,
                                        GError **error);
  char               *(*network_xml)   (CvmHost *self, const CvmNetworkSpec *spec, GError **error);
  gboolean            (*check_xml)     (CvmHost *self, const char *kind, const char *xml,
                                        CvmXmlLevel level, GError **error);
  gboolean            (*define_object) (CvmHost *self, const char *kind, const char *xml,
                                        gint64 deadline_us, GCancellable *cancellable,
                                        GError **error);
  gboolean            (*start_network) (CvmHost *self, const char *uuid, gint64 deadline_us,
                                        GCancellable *cancellable, GError **error);
  gboolean            (*read_load)     (CvmHost *self, CvmHostLoad *load, gint64 deadline_us,
                                        GCancellable *cancellable, GError **error);
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
 * cvm_host_check:
 *
 * FALSE with HOST_LOST when it was lost; asks nobody
 */
gboolean            cvm_host_check         (CvmHost             *self,
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
 * cvm_host_read_load:
 *
 * Takes a quarter of a second, to see how busy its processors are
 */
gboolean            cvm_host_read_load     (CvmHost             *self,
                                            CvmHostLoad         *load,
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

/**
 * cvm_host_network_xml:
 *
 * The network as it would be given to the host; nothing is made
 */
char               *cvm_host_network_xml   (CvmHost               *self,
                                            const CvmNetworkSpec  *spec,
                                            GError               **error);

/**
 * cvm_host_check_xml:
 * @kind: "domain" or "network"
 *
 * FALSE with what is wrong with it
 */
gboolean            cvm_host_check_xml     (CvmHost             *self,
                                            const char          *kind,
                                            const char          *xml,
                                            CvmXmlLevel          level,
                                            GError             **error);

/**
 * cvm_host_define_object:
 * @kind: "domain" or "network"
 *
 * The host keeps it from now on, off; cvm_host_remove_object () takes it away
 */
gboolean            cvm_host_define_object (CvmHost             *self,
                                            const char          *kind,
                                            const char          *xml,
                                            gint64               deadline_us,
                                            GCancellable        *cancellable,
                                            GError             **error);

/**
 * cvm_host_start_network:
 *
 * On now, and whenever the host starts. CVM_ENGINE_ERROR_UNSUPPORTED where the user's session may
 * not: guests have the hypervisor's own NAT there.
 */
gboolean            cvm_host_start_network (CvmHost             *self,
                                            const char          *uuid,
                                            gint64               deadline_us,
                                            GCancellable        *cancellable,
                                            GError             **error);
