/* cvm-backend.h: what the composition root lends the window
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; filled by app/. */
#pragma once

#include "cvm-history.h"
#include "cvm-run.h"

typedef struct
{
  const CvmPorts *ports;        /* static */
  CvmCheckFind    find;
  CvmCheckLookup  lookup;
  const char *const *hosts;     /* URIs of this machine that are worth a try; ended by NULL */
  CvmHistory     *history;
  GPtrArray    *(*list_checks) (void);   /* (transfer container) (element-type CvmCheckInfo): by
                                            family */
} CvmBackend;
