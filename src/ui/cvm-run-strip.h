/* cvm-run-strip.h: how the last runs of a kind ended, a dot a run
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_RUN_STRIP (cvm_run_strip_get_type ())
G_DECLARE_FINAL_TYPE (CvmRunStrip, cvm_run_strip, CVM, RUN_STRIP, GtkDrawingArea)

/**
 * cvm_run_strip_set_outcomes:
 * @outcomes: the strip of a CvmHistoryRun: a letter a run, oldest first
 *
 * Its tooltip and its name say the same in words
 */
void cvm_run_strip_set_outcomes (CvmRunStrip *self,
                                 const char  *outcomes);
