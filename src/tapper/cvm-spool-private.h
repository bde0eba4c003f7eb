/* cvm-spool-private.h: what the parts of the spool share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-spool.h"

#define CVM_SPOOL_STATE_MAX (4 * 1024 * 1024) /* bytes of a state file */

struct _CvmSpool
{
  char           *path;
  CvmSpoolLimits  limits;     /* with the defaults filled in */
};

gboolean cvm_spool_make_folders  (CvmSpool             *self,
                                  GError              **error);
int      cvm_spool_lock          (CvmSpool             *self,
                                  guint                 wait_ms,
                                  GCancellable         *cancellable,
                                  GError              **error);
char    *cvm_spool_entry_folder  (CvmSpool             *self,
                                  guint64               number);
gboolean cvm_spool_save          (CvmSpool             *self,
                                  const CvmSpoolEntry  *entry,
                                  GError              **error);
gboolean cvm_spool_save_orphan   (CvmSpool             *self,
                                  const CvmSpoolEntry  *entry,
                                  guint64               report_id,
                                  guint16               port,
                                  const char           *why,
                                  GError              **error);
gboolean cvm_spool_remove        (CvmSpool             *self,
                                  guint64               number,
                                  GError              **error);
void     cvm_spool_clean         (CvmSpool             *self);
guint64  cvm_spool_next_number   (CvmSpool             *self);
void     cvm_spool_remove_tree   (const char           *folder);
