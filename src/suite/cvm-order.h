/* cvm-order.h: what somebody wants to be run: suites, and where
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite. The window's choice, a profile's file and a command line are all one of these,
 *          so that all three run the same.
 * Threads: no state outside the struct. */
#pragma once

#include "cvm-plan.h"

typedef struct
{
  char  *suite;        /* a name, or a path */
  char  *preset;       /* of the suite's own, or NULL */
  char **sets;         /* "ID.parameter=value"; never NULL */
  char **only;         /* "ID", "ID/N"; never NULL; empty: all */
} CvmOrderSuite;

typedef struct
{
  char *image;         /* a name, or a path; NULL: for suites that need none */
  char *host_uri;      /* NULL: CVM_ORDER_HOST */
  char *hypervisor;    /* NULL: auto */
} CvmOrderCell;

typedef struct
{
  GPtrArray *suites;       /* of CvmOrderSuite */
  GPtrArray *cells;        /* of CvmOrderCell */
  guint      repeat;       /* each job so often; 0: once */
  guint      parallel;     /* jobs at once; 0: as a plan has it */
  gboolean   keep_failed;
  gboolean   allow_exec;   /* all suites may run programs on this host… */
  char     **allowed;      /* …or those with these SHA-256; or NULL. Neither is ever in a file. */
  char      *kernel_args;  /* or NULL */
  char      *server;       /* that gets the reports, as servers.ini calls it; or NULL */
  char      *receiver;     /* the same as HOST:PORT, of an old configuration; or NULL */
} CvmOrder;

#define CVM_ORDER_HOST       "qemu:///session"
#define CVM_ORDER_MAX_REPEAT 100

CvmOrder      *cvm_order_new       (void);
void           cvm_order_free      (CvmOrder    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmOrder, cvm_order_free)

CvmOrderSuite *cvm_order_add_suite (CvmOrder    *self,
                                    const char  *suite);

/**
 * cvm_order_suite_set:
 *
 * Adds one "ID.parameter=value", which counts before those added earlier
 */
void           cvm_order_suite_set (CvmOrderSuite *self,
                                    const char    *set);
void           cvm_order_suite_only (CvmOrderSuite *self,
                                     const char    *only);

void           cvm_order_add_cell  (CvmOrder    *self,
                                    const char  *image,
                                    const char  *host_uri,
                                    const char  *hypervisor);

/* What a suite wants with an image */
typedef enum
{
  CVM_IMAGE_NEED_NONE,     /* it starts no guest: a job a host */
  CVM_IMAGE_NEED_EITHER,   /* it can fetch one itself */
  CVM_IMAGE_NEED_MUST,
} CvmImageNeed;

CvmImageNeed   cvm_order_image_need (CvmSuite   *suite);

/**
 * cvm_order_make_plan:
 *
 * Reads and resolves all that is named, and touches nothing. A suite that starts no guest gets a
 * job for each cell without an image, or where there is none for each host.
 * Errors: CVM_KEYFILE_ERROR, with file:line, and CVM_SUITE_ERROR; all are the user's to mend
 */
CvmPlan       *cvm_order_make_plan (const CvmOrder  *self,
                                    CvmCheckLookup   lookup,
                                    GError         **error);

/**
 * cvm_order_refuse:
 *
 * Sets CVM_SUITE_ERROR_BAD_VALUE; returns FALSE
 */
gboolean       cvm_order_refuse    (GError         **error,
                                    const char      *format,
                                    ...) G_GNUC_PRINTF (2, 3);

/**
 * cvm_order_to_argv:
 *
 * The command that runs the same: "cvmtester-cli", "run"…; cvm_order_to_command () has it quoted
 * for a shell
 */
char         **cvm_order_to_argv    (const CvmOrder *self);
char          *cvm_order_to_command (const CvmOrder *self);

/**
 * cvm_order_split_scope:
 * @stop: what ends the part that can name a suite: '=' of a set, '/' of an only
 * @suite: (out) (transfer full): what stands before the ':', or NULL
 *
 * "SUITE:ID.parameter=value": which suite of several a setting is for. Returns the rest of TEXT.
 */
const char    *cvm_order_split_scope (const char *text,
                                      char        stop,
                                      char      **suite);

/**
 * cvm_order_scope_id:
 *
 * What a setting calls a suite by: its file's name without .suite
 */
char          *cvm_order_scope_id    (const char *suite);
