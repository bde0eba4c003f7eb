/* cvm-run-item.h: a run in the list of runs, as its row shows it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-history.h"
#include "cvm-point-state.h"
#include "cvm-run.h"

typedef struct
{
  char          *dir;
  char          *title;      /* the image, of one job */
  char          *about;      /* suite and host */
  char          *outcome;    /* "12 passed · 0:31" */
  char          *strip;      /* of CvmHistoryRun */
  CvmPointState  state;
  double         fraction;   /* of a live one: how much is done */
  gint64         begun_us;
  gboolean       is_live;    /* it runs in this program */
  gboolean       is_on;      /* here or in another: it cannot be removed */
  gboolean       is_dead;    /* its program died */
} CvmRunSummary;

/* CvmRunItem::changed */
#define CVM_TYPE_RUN_ITEM (cvm_run_item_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunItem, cvm_run_item, CVM, RUN_ITEM, GObject)

CvmRunItem          *cvm_run_item_new_past    (const CvmHistoryRun *run);

/**
 * cvm_run_item_new_live:
 *
 * Follows RUN until it ends; the item keeps it alive no longer than that
 */
CvmRunItem          *cvm_run_item_new_live    (CvmRun              *run);

const CvmRunSummary *cvm_run_item_get_summary (CvmRunItem          *self);

/**
 * cvm_run_item_tell_names:
 *
 * What people call the hosts was learnt, or is another now (cvm-host-titles.h)
 */
void                 cvm_run_item_tell_names  (CvmRunItem          *self);
