/* cvm-wiring.h: the engine's ports on the real world
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   app; the command line shares it. No GTK.
 * Threads: any. */
#pragma once

#include "cvm-login.h"
#include "cvm-ports.h"

/**
 * cvm_wiring_init:
 *
 * First in main (): the user's language, and what the user's settings say, count everywhere.
 * $CVMTESTER_LOCALE_DIR has the translations of a build tree.
 */
void               cvm_wiring_init   (void);

/**
 * cvm_wiring_set_ask:
 *
 * Who asks a person, when a host wants to know who one is; once, before there is a second thread
 */
void               cvm_wiring_set_ask (CvmLoginAsk ask);

/**
 * cvm_wiring_ports:
 *
 * libvirt, ssh, http, VNC and qemu-img; the default main context must run. What speaks with hosts
 * and guests is loaded by the first call that needs it (cvm-reach.h).
 */
const CvmPorts    *cvm_wiring_ports  (void);

/**
 * cvm_wiring_hosts:
 *
 * URIs of this machine that are worth a try; ended by NULL
 */
const char *const *cvm_wiring_hosts  (void);

/**
 * cvm_wiring_settle:
 *
 * For the program's end, on the main thread: waits until no thread of a library is left. FALSE:
 * some hang; leave by _exit () then, since exit () would take away what they use.
 */
gboolean           cvm_wiring_settle (gint64 deadline_us);
