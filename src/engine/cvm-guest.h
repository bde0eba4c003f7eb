/* cvm-guest.h: the port to a guest: a domain that this program made, for one job
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine; filled by virt/ and by the tests' fake.
 * Threads: synchronous. Called from the job's thread only, but for what says otherwise. */
#pragma once

#include "cvm-serial.h"

typedef struct
{
  /* what it is; the UUID was journalled before this is asked for */
  char       *name;             /* "cvmtester-2026-11-21T072513Z-7f3a-01" */
  char       *uuid;
  char       *title;            /* for people, in virt-manager */

  /* whose it is: goes into <metadata>, and is what sweep goes by */
  char       *run_id, *job_id, *run_dir, *machine_id;
  guint       uid;

  /* what it is made of */
  char       *hypervisor;       /* domain type: kvm, hvf, qemu, xen, vbox, vmware, test */
  char       *arch;
  guint       memory_mib, cpus;
  char       *kernel, *initrd, *cmdline;   /* direct boot, or NULL */
  char       *disk, *disk_format;          /* this job's overlay, or NULL */
  char       *seed, *context;              /* CDs, never written; or NULL */
  GArray     *ports;            /* of guint16: guest TCP ports forwarded from 127.0.0.1 */
  char       *network;          /* of the host's, by name; NULL: the hypervisor's own NAT */
  char       *mac;              /* "52:54:00:12:34:56"; NULL: the hypervisor's choice */
  guint       video_kib;        /* of the display; 0: the hypervisor's choice */
  gboolean    has_display;
  gboolean    outlives_us;      /* a failed guest may be kept: do not end it with the connection */
} CvmGuestSpec;

CvmGuestSpec *cvm_guest_spec_new  (void);
void          cvm_guest_spec_free (CvmGuestSpec *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmGuestSpec, cvm_guest_spec_free)

#define CVM_TYPE_GUEST (cvm_guest_get_type ())
G_DECLARE_INTERFACE (CvmGuest, cvm_guest, CVM, GUEST, GObject)

struct _CvmGuestInterface
{
  GTypeInterface parent_iface;

  const char *(*get_xml)      (CvmGuest *self);
  gboolean    (*start)        (CvmGuest *self, gint64 deadline_us, GCancellable *cancellable,
                               GError **error);
  gboolean    (*shut_down)    (CvmGuest *self, gint64 deadline_us, GCancellable *cancellable,
                               GError **error);
  gboolean    (*reboot)       (CvmGuest *self, gint64 deadline_us, GCancellable *cancellable,
                               GError **error);
  gboolean    (*set_link)     (CvmGuest *self, gboolean is_up, gint64 deadline_us,
                               GCancellable *cancellable, GError **error);
  gboolean    (*destroy)      (CvmGuest *self, gint64 deadline_us, GError **error);
  gboolean    (*is_running)   (CvmGuest *self);
  gboolean    (*send_serial)  (CvmGuest *self, const char *bytes, gsize len, GError **error);
  int         (*host_port)    (CvmGuest *self, guint16 guest_port, gint64 deadline_us,
                               GCancellable *cancellable, GError **error);
  int         (*open_display) (CvmGuest *self, gint64 deadline_us, GCancellable *cancellable,
                               GError **error);
  gint64      (*get_activity) (CvmGuest *self, gint64 deadline_us, GCancellable *cancellable);
};

/**
 * cvm_guest_get_xml:
 *
 * The domain's XML as it was given to the host
 */
const char *cvm_guest_get_xml      (CvmGuest *self);

/**
 * cvm_guest_start:
 *
 * Makes the domain paused, opens its console, lets it run: no byte of the boot is lost. May be
 * called again after it was shut down.
 */
gboolean    cvm_guest_start        (CvmGuest      *self,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable,
                                    GError       **error);

/**
 * cvm_guest_shut_down:
 *
 * Asks politely (ACPI), again every few seconds, and returns when the guest is off
 */
gboolean    cvm_guest_shut_down    (CvmGuest      *self,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable,
                                    GError       **error);

/**
 * cvm_guest_reboot:
 *
 * Asks for a restart and returns at once: what comes back is for the caller to see
 */
gboolean    cvm_guest_reboot       (CvmGuest      *self,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable,
                                    GError       **error);

/**
 * cvm_guest_set_link:
 *
 * Pulls its network cable, or plugs it in again; of a guest that is off, for when it starts
 */
gboolean    cvm_guest_set_link     (CvmGuest      *self,
                                    gboolean       is_up,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable,
                                    GError       **error);

/**
 * cvm_guest_destroy:
 *
 * Ends it the hard way; TRUE when nothing of it is left, also when it was gone already. Not
 * cancellable: this is what a cancel calls.
 */
gboolean    cvm_guest_destroy      (CvmGuest      *self,
                                    gint64         deadline_us,
                                    GError       **error);

gboolean    cvm_guest_is_running   (CvmGuest      *self);

/**
 * cvm_guest_send_serial:
 *
 * Types into the serial console. Any thread; does not block.
 */
gboolean    cvm_guest_send_serial  (CvmGuest      *self,
                                    const char    *bytes,
                                    gsize          len,
                                    GError       **error);

/**
 * cvm_guest_host_port:
 *
 * The port of 127.0.0.1 that leads to @guest_port, or -1. Asked again after every start and
 * restart: it changes. The guest may not listen yet: connected is not answered.
 */
int         cvm_guest_host_port    (CvmGuest      *self,
                                    guint16        guest_port,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable,
                                    GError       **error);

/**
 * cvm_guest_open_display:
 *
 * A descriptor that speaks VNC, owned by the caller, or -1. Ask for shared access on it, or a
 * second viewer throws the first one out. Any thread but the main one.
 */
int         cvm_guest_open_display (CvmGuest      *self,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable,
                                    GError       **error);

/**
 * cvm_guest_get_activity:
 *
 * A number that grows as the guest reads and writes its disks; -1: nobody knows. Any thread but
 * the main one.
 */
gint64      cvm_guest_get_activity (CvmGuest      *self,
                                    gint64         deadline_us,
                                    GCancellable  *cancellable);
