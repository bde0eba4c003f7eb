/* cvm-tapper-submit-private.h: a report on its way, as its steps see it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-tapper-submit.h"

typedef struct
{
  CvmSpool             *spool;
  const CvmSpoolLimits *limits;
  CvmSpoolEntry        *entry;
  const CvmSpoolFlush  *flush;
  gint64               *short_since_us;   /* monotonic; 0: it is not known to be short */
  GCancellable         *cancellable;

  gboolean              is_over;
  CvmTapperSubmitEnd    end;
} CvmTapperSubmit;

/* A step fails (FALSE) only by a cancel or by the disk; what the server did wrong is a later
 * try. */
typedef gboolean (*CvmTapperStep) (CvmTapperSubmit  *self,
                                   GError          **error);

gboolean cvm_tapper_submit_enter    (CvmTapperSubmit     *self,
                                     CvmSpoolState        state,
                                     GError             **error);
gboolean cvm_tapper_submit_later    (CvmTapperSubmit     *self,
                                     CvmSpoolState        state,
                                     CvmTapperSubmitEnd   end,
                                     GError              *cause,
                                     GError             **error);
gboolean cvm_tapper_submit_stop     (CvmTapperSubmit     *self,
                                     CvmTapperSubmitEnd   end);
void     cvm_tapper_submit_progress (CvmTapperSubmit     *self,
                                     const char          *what,
                                     guint64              done,
                                     guint64              total);

gboolean cvm_tapper_submit_settle   (CvmTapperSubmit     *self,
                                     GError             **error);
gboolean cvm_tapper_submit_confirm  (CvmTapperSubmit     *self,
                                     GError             **error);
gboolean cvm_tapper_submit_attach   (CvmTapperSubmit     *self,
                                     GError             **error);
