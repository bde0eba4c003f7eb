/* cvm-run-item.h: a run in the list of runs: little enough to keep a hundred
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: may be made in any thread; then the main one's. */
#pragma once

#include "cvm-point-state.h"

typedef struct
{
  char          *dir;
  char          *title;      /* the image, of one job */
  char          *about;      /* suite and host */
  char          *outcome;    /* "12 passed · 0:31" */
  char          *key;        /* runs of the same kind have the same */
  CvmPointState  state;
  gint64         begun_us;
  gint64         took_ms;    /* 0: not ended */
  gboolean       is_dead;    /* its program died */
} CvmRunSummary;

/* CvmRunItem::changed */
#define CVM_TYPE_RUN_ITEM (cvm_run_item_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunItem, cvm_run_item, CVM, RUN_ITEM, GObject)

CvmRunItem          *cvm_run_item_new          (const char *dir);

/**
 * cvm_run_item_update:
 *
 * Of a live run, as often as it changes; and of an old one, once
 */
void                 cvm_run_item_update       (CvmRunItem *self,
                                                CvmResult  *result);

const CvmRunSummary *cvm_run_item_get_summary  (CvmRunItem *self);

/**
 * cvm_run_item_load_all_async:
 * Reads the newest runs that the user's data knows, off the main thread. The list of
 * CvmRunItem is newest first; a folder that cannot be read is in it too, and says so.
 */
void                 cvm_run_item_load_all_async  (GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);

GPtrArray           *cvm_run_item_load_all_finish (GAsyncResult         *result,
                                                   GError              **error);
