/* cvm-ports.h: all that the engine asks of the world outside, in one table
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine. cli/ and app/ fill it from virt/, channel/ and image/; tests with fakes.
 * Threads: every function is called from job threads, several at once. */
#pragma once

#include "cvm-channel.h"
#include "cvm-host.h"

typedef struct
{
  /* A host that wants to know who one is asks the user; the deadline rests meanwhile */
  CvmHost      *(*open_host)    (const char    *uri,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

  /* The same for a look: nobody is asked who one is. CVM_ENGINE_ERROR_UNAUTHORIZED where the host
   * wants to know and what is remembered does not do. */
  CvmHost      *(*peek_host)    (const char    *uri,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

  /* The format of the disks that a hypervisor takes; NULL: it is not known */
  const char   *(*disk_format)  (const char    *hypervisor);

  /* A disk of that format at PATH, for one job: an overlay over BASE where it can be one, else a
   * copy. BASE is never written. */
  gboolean      (*make_disk)    (const char    *base,
                                 const char    *format,
                                 const char    *path,
                                 const char    *path_format,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

  /* One try: connects, proves the server's key, logs in. The guest may still be booting:
   * cvm_context_ssh () is what tries again. Errors: G_IO_ERROR_CONNECTION_REFUSED and other
   * network errors may pass; CVM_ENGINE_ERROR_REFUSED (wrong key or password) will not. */
  CvmSsh       *(*open_ssh)     (const CvmSshTarget *target,
                                 gint64              deadline_us,
                                 GCancellable       *cancellable,
                                 GError            **error);

  /* The public half of the private key in FILE, as a line of authorized_keys (transfer full). A
   * FILE that is not there is made: a new key, mode 0600. */
  char         *(*ssh_key)      (const char    *file,
                                 GError       **error);

  /* One try */
  CvmHttpReply *(*http_send)    (const CvmHttpRequest *request,
                                 gint64                deadline_us,
                                 GCancellable         *cancellable,
                                 GError              **error);

  /* The password that the user's keyring has under NAME (transfer full); NULL: there is no
   * keyring */
  char         *(*keyring)      (const char    *name,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

  /* The password that the user types for ACCOUNT (transfer full); NULL: nobody can be asked */
  char         *(*ask_password) (const char    *account,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

  /* FD speaks VNC and belongs to the display from now on, also on failure */
  CvmDisplay   *(*open_display) (int            fd,
                                 gint64         deadline_us,
                                 GCancellable  *cancellable,
                                 GError       **error);

  /* How long a guest under a hypervisor that nobody has proven may stay silent; 0: 10 s for a
   * probe guest, 20 s for a job's own */
  guint           first_sign_ms;

  /* How long a guest that a check waits for may do nothing before it looks stuck; 0: 60 s */
  guint           silent_ms;
} CvmPorts;
