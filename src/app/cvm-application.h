/* cvm-application.h: the desktop program: options, shortcuts, one window
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   app. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

#define CVM_TYPE_APPLICATION (cvm_application_get_type ())
G_DECLARE_FINAL_TYPE (CvmApplication, cvm_application, CVM, APPLICATION, GtkApplication)

CvmApplication *cvm_application_new (const CvmBackend *backend);

/**
 * cvm_application_main:
 *
 * Runs it, and returns the exit status: 130 where closing the window stopped a run
 */
int             cvm_application_main (CvmApplication  *self,
                                      int              argc,
                                      char           **argv);
