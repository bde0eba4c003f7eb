/* cvm-history-private.h: what the parts of the history share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   store, and only here. */
#pragma once

#include "cvm-history-base.h"
#include "cvm-history.h"
#include "cvm-result.h"

/* Two connections: a list does not wait for a sync. In memory they are one. */
typedef enum
{
  CVM_HISTORY_READER,
  CVM_HISTORY_WRITER,
  CVM_HISTORY_N_BASES,
} CvmHistoryUse;

/**
 * cvm_history_begin:
 *
 * Returns: (transfer full): the index, locked for the calling thread; never %NULL
 */
CvmHistoryBase *cvm_history_begin       (CvmHistory      *self,
                                         CvmHistoryUse    use,
                                         GCancellable    *cancellable);

/**
 * cvm_history_end:
 * @base: (transfer full)
 *
 * Did all go well since begin ()? If not, the index is another one from now on, a new or an empty
 * one, and worth one more try; unless it was cancelled.
 */
gboolean        cvm_history_end         (CvmHistory      *self,
                                         CvmHistoryBase  *base);

/**
 * cvm_history_needs_check:
 *
 * TRUE once for each index that this process opened
 */
gboolean        cvm_history_needs_check (CvmHistory      *self);

/**
 * cvm_history_fold:
 *
 * Text as it is searched: alike in whatever case and composition
 */
char           *cvm_history_fold        (const char      *text);

#define CVM_HISTORY_TRIES 3   /* with the file, with it made anew, and in memory */

/* A run as its folder says it is */
typedef struct
{
  char            *name;        /* in the folder of runs */
  char            *dir;         /* a real path; NULL: this is no run, or no more */
  gint64           size;        /* of its journal, when it was read; -1: none */
  gint64           changed_us;
  CvmHistoryState  state;
  gint64           begun_us, took_ms;
  guint            n_jobs;
  CvmResult       *result;
  char            *problem;
} CvmHistoryFound;

void             cvm_history_found_free (CvmHistoryFound *found);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmHistoryFound, cvm_history_found_free)

/**
 * cvm_history_found_stat:
 *
 * The size and the time of the last change of the journal of runs/NAME
 */
void             cvm_history_found_stat (const char      *runs,
                                         const char      *name,
                                         gint64          *size,
                                         gint64          *changed_us);

/**
 * cvm_history_found_read:
 *
 * What is in runs/NAME: no DIR if it is no run. Its memory is bounded, whatever the journal holds.
 * Half of it when it was cancelled.
 */
CvmHistoryFound *cvm_history_found_read (const char      *runs,
                                         const char      *name,
                                         GCancellable    *cancellable);

/**
 * cvm_history_found_write:
 *
 * In the place of what the index has of it. Returns how many rows are different now.
 */
guint            cvm_history_found_write (const CvmHistoryFound *found,
                                          CvmHistoryBase        *base);

/* Rows were written, and there will be more; in the thread of the sync */
typedef void (*CvmHistoryProgress) (gpointer data);

/**
 * cvm_history_sync_telling:
 *
 * As cvm_history_sync (), and calls PROGRESS now and then while it lasts
 */
gboolean         cvm_history_sync_telling (CvmHistory          *self,
                                           CvmHistoryProgress   progress,
                                           gpointer             data,
                                           guint               *n_changed,
                                           GCancellable        *cancellable,
                                           GError             **error);

/**
 * cvm_history_emit_changed:
 *
 * In the main context
 */
void             cvm_history_emit_changed (CvmHistory          *self);

#define CVM_HISTORY_TRASH ".removed-"   /* begins the name of a run that is being removed */

/**
 * cvm_history_finish_removing:
 * @name: of an entry of RUNS that begins with CVM_HISTORY_TRASH
 *
 * Removes what a remove () that was interrupted left
 */
void             cvm_history_finish_removing (const char *runs,
                                              const char *name);
