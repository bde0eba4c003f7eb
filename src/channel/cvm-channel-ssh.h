/* cvm-channel-ssh.h: the ssh port, by libssh
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   channel.
 * Threads: blocks; for job threads. A session belongs to the thread that opened it.
 * Trust:   the server is a guest: it may stall, stop, lie or flood at any byte. */
#pragma once

#include "cvm-channel.h"

/**
 * cvm_channel_ssh_open:
 *
 * Connects, proves the server's key, logs in: once. No file of the user is read or written, and
 * an agent ($SSH_AUTH_SOCK) is asked only when @target has neither a key nor a password.
 * Fails with %CVM_ENGINE_ERROR_REFUSED where another try would end alike (another server key than
 * the learnt one, a key or password that is not accepted, nothing in common to encrypt with), with
 * a %G_IO_ERROR of the network otherwise.
 */
CvmSsh *cvm_channel_ssh_open (const CvmSshTarget *target,
                              gint64              deadline_us,
                              GCancellable       *cancellable,
                              GError            **error);

/**
 * cvm_channel_ssh_key:
 *
 * The public half of the private key in @file, as a line of authorized_keys. A @file that is not
 * there is made: a new ed25519 key, mode 0600.
 */
char   *cvm_channel_ssh_key  (const char          *file,
                              GError             **error);
