/* cvm-serial-view.h: the guest's serial console in a terminal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. A part of at most 1 MiB of it, whatever its size; read off the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

#define CVM_TYPE_SERIAL_VIEW (cvm_serial_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmSerialView, cvm_serial_view, CVM, SERIAL_VIEW, GtkBox)

/**
 * cvm_serial_view_set_run:
 * @path: of its serial.log
 *
 * Follows the console of a live run's job, and types into it
 */
void     cvm_serial_view_set_run (CvmSerialView *self,
                                  CvmRun        *run,
                                  const char    *job,
                                  const char    *path);

/**
 * cvm_serial_view_load:
 *
 * Shows the end of an old run's serial.log
 */
void     cvm_serial_view_load    (CvmSerialView *self,
                                  const char    *path);

/**
 * cvm_serial_view_end:
 *
 * No more will come: shows what is left and stops looking
 */
void     cvm_serial_view_end     (CvmSerialView *self);

/**
 * cvm_serial_view_seek:
 * @time_us: UTC; 0: the end, or what comes now
 *
 * Shows what the console had said by then
 */
void     cvm_serial_view_seek    (CvmSerialView *self,
                                  gint64         time_us);

void     cvm_serial_view_find    (CvmSerialView *self);
