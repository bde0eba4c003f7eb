/* cvm-memory.c: what a long-lived program gives back to the system
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-memory.h"

#ifdef __GLIBC__
#include <malloc.h>

#define ARENAS 2

void
cvm_memory_share (void)
{
  mallopt (M_ARENA_MAX, ARENAS);
}

void
cvm_memory_trim (void)
{
  malloc_trim (0);
}

#else

void
cvm_memory_share (void)
{
}

void
cvm_memory_trim (void)
{
}

#endif
