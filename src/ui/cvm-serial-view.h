/* cvm-serial-view.h: the guest's serial console in a terminal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

#define CVM_TYPE_SERIAL_VIEW (cvm_serial_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmSerialView, cvm_serial_view, CVM, SERIAL_VIEW, GtkBox)

/**
 * cvm_serial_view_set_run:
 *
 * Follows the console of a live run's job, and types into it
 */
void cvm_serial_view_set_run (CvmSerialView *self,
                              CvmRun        *run,
                              const char    *job);

/**
 * cvm_serial_view_load:
 *
 * Shows the end of an old run's serial.log, read off the main thread
 */
void cvm_serial_view_load    (CvmSerialView *self,
                              const char    *path);

/**
 * cvm_serial_view_end:
 *
 * No more will come: shows what is left and stops looking
 */
void cvm_serial_view_end     (CvmSerialView *self);
