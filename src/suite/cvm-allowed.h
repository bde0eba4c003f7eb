/* cvm-allowed.h: suites that the user let run programs on this host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: no state; reads and writes allowed.ini of the user's configuration.
 *
 * Remembered by the SHA-256 of the suite's file: a changed suite is asked for again. */
#pragma once

#include "cvm-suite.h"

/**
 * cvm_allowed_load:
 *
 * The SHA-256 of all of them; never NULL. A file that cannot be read allows nothing.
 */
char   **cvm_allowed_load (void);

gboolean cvm_allowed_add  (const char  *sha256,
                           const char  *name,
                           const char  *program,
                           GError     **error);
