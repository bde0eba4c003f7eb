/* cvm-runs-filter.h: which runs of the history are shown: by result, image, suite and host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-history.h"

/* CvmRunsFilter::changed */
#define CVM_TYPE_RUNS_FILTER (cvm_runs_filter_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunsFilter, cvm_runs_filter, CVM, RUNS_FILTER, GtkBox)

/**
 * cvm_runs_filter_load:
 *
 * Offers the images, suites and hosts that HISTORY has, read off the main thread
 */
void      cvm_runs_filter_load      (CvmRunsFilter   *self,
                                     CvmHistory      *history);

/**
 * cvm_runs_filter_fill:
 *
 * Into QUERY; its texts are the filter's until it changes
 */
void      cvm_runs_filter_fill      (CvmRunsFilter   *self,
                                     CvmHistoryQuery *query);

gboolean  cvm_runs_filter_is_active (CvmRunsFilter   *self);
void      cvm_runs_filter_clear     (CvmRunsFilter   *self);

/**
 * cvm_runs_filter_save:
 *
 * As strings of the group "Runs"
 */
void      cvm_runs_filter_save      (CvmRunsFilter   *self,
                                     GKeyFile        *state);
void      cvm_runs_filter_restore   (CvmRunsFilter   *self,
                                     GKeyFile        *state);
