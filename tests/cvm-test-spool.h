/* cvm-test-spool.h: a spool, a report to put into it, and a stand-in server to send it to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-peer-tapper.h"
#include "cvm-spool.h"

#define REPORT \
  "1..2\n# Tapper-Suite-Name: Tapper-Deployment\n# Tapper-Suite-Version: 1.001\n" \
  "# Tapper-Machine-Name: cernvm-host\nok - Hello test world\nok - Just another description\n"

typedef struct
{
  CvmPeerTapper   *peer;
  CvmTapperServer *server;
  char            *folder;
  CvmSpool        *spool;
  char            *report;      /* a path */
  GString         *steps;       /* states of the entry that were told, a letter each */
  char            *last;        /* what was told last, in words */
  guint            progress;
} CvmTestSpool;

/* Short waits */
extern const CvmSpoolLimits cvm_test_spool_limits;

CvmTestSpool    *cvm_test_spool_new       (gboolean             has_api,
                                           gboolean             has_web);
void             cvm_test_spool_free      (CvmTestSpool        *self);
CvmTapperServer *cvm_test_spool_server    (CvmPeerTapper       *peer,
                                           gboolean             has_api,
                                           gboolean             has_web);
char            *cvm_test_spool_write     (CvmTestSpool        *self,
                                           const char          *name,
                                           const char          *bytes,
                                           gssize               len);
guint64          cvm_test_spool_add       (CvmTestSpool        *self,
                                           const char          *path,
                                           const CvmSpoolFile  *files,
                                           gsize                n_files);

/* Notes what is told, in steps and last */
void             cvm_test_spool_on_step   (const CvmSpoolEntry *entry,
                                           gpointer             self);
void             cvm_test_spool_flush     (CvmTestSpool        *self);
guint            cvm_test_spool_n_left    (CvmTestSpool        *self);
guint            cvm_test_spool_n_orphans (CvmTestSpool        *self);

/* The server is well again, and runs */
void             cvm_test_spool_mend      (CvmTestSpool        *self);
