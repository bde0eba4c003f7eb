/* cvm-display-view.h: the guest's screen, live
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 *
 * Looks only, until it is clicked or Enter is pressed on it; then the guest gets the keys, until
 * the focus leaves or Shift+F12 is pressed. Shared: the engine's recorder keeps its connection. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

#define CVM_TYPE_DISPLAY_VIEW (cvm_display_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmDisplayView, cvm_display_view, CVM, DISPLAY_VIEW, GtkBox)

/**
 * cvm_display_view_set_run:
 *
 * RUN may be NULL: a run of the past
 */
void cvm_display_view_set_run (CvmDisplayView *self,
                               CvmRun         *run,
                               const char     *job);

/**
 * cvm_display_view_connect:
 *
 * Connects, unless it is connected; the guest just started, or may run already
 */
void cvm_display_view_connect (CvmDisplayView *self);

/**
 * cvm_display_view_end:
 *
 * No guest will come any more
 */
void cvm_display_view_end     (CvmDisplayView *self);
