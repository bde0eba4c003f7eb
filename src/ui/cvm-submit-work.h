/* cvm-submit-work.h: what the submitter does in its threads
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui, and only for cvm-submitter.c.
 * Threads: each blocks: for a thread, with nothing shared but what it is given. */
#pragma once

#include "cvm-submission.h"

/* Looking ------------------------------------------------------------------------------------ */

typedef struct
{
  GPtrArray  *asked;      /* of char *: runs to be looked at */
  GPtrArray  *known;      /* of char *: runs to be looked at if something of them waits */
  GPtrArray  *waiting;    /* found: of CvmSpoolEntry */
  GHashTable *found;      /* found: char * → CvmSubmission */
} CvmSubmitLook;

CvmSubmitLook *cvm_submit_look_new  (void);
void           cvm_submit_look_free (CvmSubmitLook *self);
void           cvm_submit_look_run  (CvmSubmitLook *self);

/* Into the spool, and out of it -------------------------------------------------------------- */

typedef struct
{
  char   *dir;
  char   *job;       /* NULL: all */
  char   *server;    /* NULL: the default */
  GArray *numbers;   /* found: of guint64, in the spool */
} CvmSubmitAdd;

CvmSubmitAdd *cvm_submit_add_new  (const char    *dir,
                                   const char    *job,
                                   const char    *server);
void          cvm_submit_add_free (CvmSubmitAdd  *self);
gboolean      cvm_submit_add_run  (CvmSubmitAdd  *self,
                                   GCancellable  *cancellable,
                                   GError       **error);

gboolean      cvm_submit_drop     (guint64        number,
                                   GCancellable  *cancellable,
                                   GError       **error);
gboolean      cvm_submit_retry    (guint64        number,
                                   GCancellable  *cancellable,
                                   GError       **error);

/* Sending ------------------------------------------------------------------------------------ */

/**
 * cvm_submit_flush:
 * @wanted: (element-type guint64): these first
 * @on_step: of the flush; called in this thread
 *
 * Errors: G_IO_ERROR_BUSY (another program sends), G_IO_ERROR_CANCELLED, or of the disk
 */
gboolean      cvm_submit_flush    (GArray        *wanted,
                                   gboolean       is_now,
                                   void         (*on_step) (const CvmSpoolEntry *entry,
                                                            gpointer             data),
                                   gpointer       data,
                                   GCancellable  *cancellable,
                                   GError       **error);
