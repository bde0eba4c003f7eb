/* cvm-test-history.h: folders of runs, as tests of the history want them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-history.h"

/**
 * cvm_test_history_main:
 *
 * Gives the tests a folder of the user's data, which goes after them. Returns their exit status.
 */
int   cvm_test_history_main (void);

/* Each test has the folder for itself; its function takes the data that was added with it */
void  cvm_test_history_add  (const char    *path,
                             GTestDataFunc  test,
                             gconstpointer  data);

/* A run of one job. What is NULL or 0 is that of the first member beside it. */
typedef struct
{
  const char *name;        /* of its folder */
  int         minute;      /* it began after the epoch of these tests */
  const char *end;         /* passed; failed, error, fault, cancelled; none: it has no end */
  const char *points;      /* "start+ answers+": id and sign: + passed, - failed, / skipped, ! stopped */
  const char *image;       /* demo */
  const char *suite;       /* Demo appliance */
  const char *host_uri;    /* qemu:///session */
  const char *hypervisor;  /* qemu */
  int         seconds;     /* it took; 60 */
} CvmTestRun;

#define CVM_TEST_EPOCH_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

char *cvm_test_run_text  (const CvmTestRun *run);

/* Writes a folder where the runs are; returns its real path */
char *cvm_test_run_make  (const CvmTestRun *run);

/* As make (), with these bytes as journal; NULL: none */
char *cvm_test_run_write (const char       *name,
                          const char       *journal);

/* In the folder of the user's data */
char *cvm_test_data_path (const char       *name);
