/* cvm-window.h: the main window: the places, and the runs that are looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <handy.h>

#include "cvm-backend.h"
#include "cvm-launch.h"

/**
 * CvmWindow::left:
 * @status: what the program's exit status should be
 *
 * The window was closed and every guest of its runs is gone.
 */
#define CVM_TYPE_WINDOW (cvm_window_get_type ())
G_DECLARE_FINAL_TYPE (CvmWindow, cvm_window, CVM, WINDOW, HdyApplicationWindow)

GtkWidget *cvm_window_new    (GtkApplication   *application,
                              const CvmBackend *backend);

/**
 * cvm_window_load:
 *
 * Reads what there is to show; once the window is on the screen
 */
void       cvm_window_load   (CvmWindow        *self);

/**
 * cvm_window_new_run:
 *
 * Shows the page where a run is chosen, with this image if it is there; WANTED may be NULL
 */
void       cvm_window_new_run (CvmWindow       *self,
                               const char      *wanted);

/**
 * cvm_window_leave:
 *
 * As its close button does: what lives is stopped first
 */
void       cvm_window_leave  (CvmWindow        *self);

/**
 * cvm_window_get_help:
 *
 * The id of the help's page on what is looked at, or NULL
 */
const char *cvm_window_get_help (CvmWindow      *self);
