/* cvm-run-page.h: a run, live or of last month: its checks, and its guest as it was seen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

/**
 * CvmRunPage::changed: it began to stop, or ended
 */
#define CVM_TYPE_RUN_PAGE (cvm_run_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunPage, cvm_run_page, CVM, RUN_PAGE, GtkBox)

/**
 * cvm_run_page_new_live:
 *
 * @usual_ms: what such a run usually takes, with all its jobs; 0: nobody knows
 */
CvmRunPage *cvm_run_page_new_live (CvmRun     *run,
                                   gint64      usual_ms);

/**
 * cvm_run_page_new_past:
 *
 * Reads the run in DIR off the main thread, then shows it
 */
CvmRunPage *cvm_run_page_new_past (const char *dir);

/**
 * cvm_run_page_new_result:
 * @result: of another's run, read from its TAP
 * @indexes: (nullable): cvm_point_indexes_new () of it, made where it was read; NULL: made off the
 *   main thread, and its checks are shown then
 * @name: that no other page has
 * @side: what is seen beside the checks, in the place of a guest
 */
CvmRunPage *cvm_run_page_new_result (CvmResult  *result,
                                     GPtrArray  *indexes,
                                     const char *name,
                                     GtkWidget  *side);

const char *cvm_run_page_get_dir  (CvmRunPage *self);

/**
 * cvm_run_page_get_run:
 *
 * NULL: of the past
 */
CvmRun     *cvm_run_page_get_run  (CvmRunPage *self);

gboolean    cvm_run_page_is_live  (CvmRunPage *self);

/**
 * cvm_run_page_can_stop:
 *
 * It lives, and was not told to stop yet
 */
gboolean    cvm_run_page_can_stop (CvmRunPage *self);

void        cvm_run_page_stop     (CvmRunPage *self);

/**
 * cvm_run_page_again_failed:
 *
 * What failed once more; all of it where nothing did. The window makes the run.
 */
void        cvm_run_page_again_failed (CvmRunPage *self);

/**
 * cvm_run_page_toggle_pause:
 *
 * Pauses before the next check, or goes on
 */
void        cvm_run_page_toggle_pause (CvmRunPage *self);
