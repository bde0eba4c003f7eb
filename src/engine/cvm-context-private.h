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
