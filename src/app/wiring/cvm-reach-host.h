/* cvm-reach-host.h: hosts that ask who one is, answered from memory, the keyring or a person
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   app; the command line shares it. No GTK.
 * Threads: any but the main one. */
#pragma once

#include "cvm-host.h"
#include "cvm-login.h"

void     cvm_reach_set_ask   (CvmLoginAsk    ask);

/**
 * cvm_reach_open_host:
 *
 * For CvmPorts: a person is asked where what is remembered does not do
 */
CvmHost *cvm_reach_open_host (const char    *uri,
                               gint64         deadline_us,
                               GCancellable  *cancellable,
                               GError       **error);

/**
 * cvm_reach_peek_host:
 *
 * For CvmPorts: nobody is asked
 */
CvmHost *cvm_reach_peek_host (const char    *uri,
                               gint64         deadline_us,
                               GCancellable  *cancellable,
                               GError       **error);
