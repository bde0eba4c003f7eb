/* cvm-context-private.h: a context's insides
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   engine, private to it. */
#pragma once

#include "cvm-job-private.h"

typedef struct _CvmContextTap CvmContextTap;

struct _CvmContext
{
  CvmJob        *job;
  const CvmCase *item;
  guint          number;
  CvmRecord     *end;           /* of the case, to be written: reason and details go there */
  gint64         deadline_us;   /* as it was at its begin: its limit knows of more */
  gint64         try_ms;        /* how long the last try of a connection could take */
  GError        *error;
  char          *waiting;
  CvmContextTap *tap;           /* of a check that feeds TAP, or NULL */
};

/**
 * cvm_context_tap_clear:
 *
 * cvm-context-tap.c
 */
void cvm_context_tap_clear (CvmContext *self);

/**
 * cvm_context_take_reason:
 *
 * Why the case ended as it does; takes it, and forgets an earlier one
 */
void cvm_context_take_reason (CvmContext *self,
                              char       *reason);

/**
 * cvm_context_lose_host:
 *
 * The host is away: nothing later is run, and no image is to blame
 */
void cvm_context_lose_host (CvmContext *self);
