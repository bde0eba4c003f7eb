/* cvm-memory.h: what a long-lived program gives back to the system
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: any. */
#pragma once

#include <glib.h>

/**
 * cvm_memory_share:
 *
 * First in main (): the threads allocate from few heaps. glibc gives each its own otherwise, and
 * what a thread freed there is of use to no other (mallopt (3), M_ARENA_MAX).
 */
void cvm_memory_share (void);

/**
 * cvm_memory_trim:
 *
 * After work that took much: what was freed goes back to the system, where the C library keeps it
 */
void cvm_memory_trim  (void);
