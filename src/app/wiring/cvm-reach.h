/* cvm-reach.h: what speaks with hosts and guests: a module that is loaded when it is first needed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * libvirt and ssh bring two dozen libraries, which no window needs to come up, and no command that
 * only reads. So virt/ and channel/ are a module of their own; it takes what it uses of base/ and
 * engine/ from the program.
 *
 * Layer:   app; the command line shares it. No GTK.
 * Threads: any. */
#pragma once

#include "cvm-login.h"
#include "cvm-ports.h"

typedef struct
{
  CvmPorts   ports;     /* those of hosts and guests; the others are NULL */
  void     (*set_ask)  (CvmLoginAsk ask);   /* see cvm_wiring_set_ask () */
  gboolean (*settle)   (gint64 deadline_us);
} CvmReach;

/**
 * cvm_reach:
 *
 * The module's one symbol
 */
extern const CvmReach cvm_reach;

/**
 * cvm_reach_load:
 * @ask: handed to the module when it is loaded; or NULL
 *
 * Loads the module, if that was not done yet; it stays. Error: %CVM_ENGINE_ERROR_REFUSED.
 */
const CvmReach *cvm_reach_load (CvmLoginAsk   ask,
                                GError      **error);

/**
 * cvm_reach_peek:
 *
 * NULL: nothing was asked of a host or guest yet. Waits for a load that is under way.
 */
const CvmReach *cvm_reach_peek (void);
