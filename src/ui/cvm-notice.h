/* cvm-notice.h: tells the desktop that a run has ended, when nobody looks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

/**
 * cvm_notice_run_ended:
 * @dir: the run's folder: a click opens it, by the action app.open-run
 *
 * Nothing while the window of FROM is the active one
 */
void cvm_notice_run_ended (GtkWidget  *from,
                           CvmResult  *result,
                           const char *dir);
