/* cvm-channel-ssh-private.h: what the parts of the ssh channel share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   channel, and only here. */
#pragma once

#include <libssh/libssh.h>

#include "cvm-channel-ssh.h"
#include "cvm-engine-error.h"
#include "cvm-wait.h"

/* A session that does not block, and how long to wait for it */
typedef struct
{
  ssh_session   session;
  gint64        deadline_us;
  GCancellable *cancellable;
} CvmSshWait;

/**
 * cvm_channel_ssh_wait:
 *
 * Waits until a libssh call that said "again" can be tried again.
 */
gboolean cvm_channel_ssh_wait     (const CvmSshWait    *wait,
                                   GError             **error);

/**
 * cvm_channel_ssh_take:
 *
 * What libssh says went wrong, as an error that another try may cure
 */
void     cvm_channel_ssh_take     (ssh_session          session,
                                   const char          *doing,
                                   GError             **error);

/**
 * cvm_channel_ssh_read_key:
 *
 * A private key without a passphrase, owned by the caller; NULL with REFUSED
 */
ssh_key  cvm_channel_ssh_read_key (const char          *file,
                                   GError             **error);

gboolean cvm_channel_ssh_log_in   (const CvmSshWait    *wait,
                                   const CvmSshTarget  *target,
                                   GError             **error);

gboolean cvm_channel_ssh_exec     (const CvmSshWait    *wait,
                                   ssh_event            event,
                                   const char          *command,
                                   const char          *input,
                                   gsize                input_len,
                                   CvmOutputFunc        on_stdout,
                                   CvmOutputFunc        on_stderr,
                                   gpointer             data,
                                   int                 *exit_status,
                                   GError             **error);
