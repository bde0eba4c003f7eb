/* cvm-forecast.h: what a choice comes to: jobs, time and memory, from the runs of the past
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one; the history is asked in a thread. */
#pragma once

#include "cvm-history.h"
#include "cvm-matrix.h"

/**
 * CvmForecast::changed: the texts say more than before
 */
#define CVM_TYPE_FORECAST (cvm_forecast_get_type ())
G_DECLARE_FINAL_TYPE (CvmForecast, cvm_forecast, CVM, FORECAST, GObject)

CvmForecast *cvm_forecast_new         (CvmHistory   *history);

/**
 * cvm_forecast_look:
 *
 * Looks at the choice as it is now; the history's word comes by "changed"
 */
void         cvm_forecast_look        (CvmForecast  *self,
                                       CvmMatrix    *matrix,
                                       guint         repeat,
                                       guint         parallel);

/**
 * cvm_forecast_dup_text:
 *
 * "5 jobs · 4 GiB · about 9 min (from the last 5 runs)"
 */
char        *cvm_forecast_dup_text    (CvmForecast  *self);

/**
 * cvm_forecast_dup_warning:
 *
 * What may go wrong: a host that has less memory than the guests need; or NULL
 */
char        *cvm_forecast_dup_warning (CvmForecast  *self);

/**
 * cvm_forecast_find_parallel:
 *
 * How many jobs at once no host has too little memory for; 0: as many as it is, or not even one
 */
guint        cvm_forecast_find_parallel (CvmForecast *self);
