/* cvm-cli-plan.h: what a run is to do, from what the command line says
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

#include "cvm-plan.h"

typedef struct
{
  char     **suites;        /* names or paths */
  char     **images;        /* names or paths */
  char     **hosts;         /* ids or URIs; NULL: CVM_CLI_HOST */
  char      *hypervisor;    /* NULL: that of the settings */
  char      *preset;
  char     **sets;
  char     **only;
  char      *kernel_args;
  int        parallel;      /* 0: that of the settings */
  gboolean   allow_exec;
  gboolean   keep_failed;
} CvmCliWish;

#define CVM_CLI_HOST "qemu:///session"

void     cvm_cli_wish_clear (CvmCliWish *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCliWish, cvm_cli_wish_clear)

/**
 * cvm_cli_resolve_hosts:
 * @words: (nullable): ids or URIs; NULL: CVM_CLI_HOST
 *
 * Their URIs (transfer full); NULL with CVM_HOSTS_ERROR_UNKNOWN where an id is not known
 */
char   **cvm_cli_resolve_hosts (char    **words,
                                GError  **error);

/**
 * cvm_cli_plan_new:
 *
 * Reads and resolves everything that the wish names, and touches nothing. A suite that starts no
 * guest gets one job a host, one that does a job for each image and host.
 * Errors: CVM_KEYFILE_ERROR, with file:line, and CVM_SUITE_ERROR; each is a wrong usage.
 */
CvmPlan *cvm_cli_plan_new   (const CvmCliWish *wish,
                             GError          **error);
