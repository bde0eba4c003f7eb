/* cvm-cli-plan.h: what a run is to do, from what the command line says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

#include "cvm-order.h"

typedef struct
{
  char     **suites;        /* names or paths */
  char     **images;        /* names or paths */
  char     **hosts;         /* ids or URIs; NULL: CVM_ORDER_HOST */
  char      *hypervisor;    /* NULL: that of the settings */
  char     **cells;         /* "TYPE;HOST;IMAGE"; instead of the three above */
  char     **presets;       /* these three: for all suites, or "SUITE:…" */
  char     **sets;
  char     **only;
  char      *kernel_args;
  int        parallel;      /* 0: that of the settings */
  int        repeat;        /* 0: once */
  CvmOrder  *profile;       /* what the above leaves open; or NULL */
  gboolean   allow_exec;
  gboolean   keep_failed;
} CvmCliWish;

void     cvm_cli_wish_clear (CvmCliWish *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCliWish, cvm_cli_wish_clear)

/**
 * cvm_cli_resolve_hosts:
 * @words: (nullable): ids or URIs; NULL: CVM_ORDER_HOST
 *
 * Their URIs (transfer full); NULL with CVM_HOSTS_ERROR_UNKNOWN where an id is not known
 */
char   **cvm_cli_resolve_hosts (char    **words,
                                GError  **error);

/**
 * cvm_cli_plan_new:
 *
 * Reads and resolves everything that the wish names, and touches nothing; cvm_order_make_plan ()
 * says which jobs there are. Errors: CVM_KEYFILE_ERROR, with file:line, and CVM_SUITE_ERROR; each
 * is a wrong usage.
 */
CvmPlan *cvm_cli_plan_new   (const CvmCliWish *wish,
                             GError          **error);
