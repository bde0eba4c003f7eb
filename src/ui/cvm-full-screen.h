/* cvm-full-screen.h: a guest's display on the whole screen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

#define CVM_TYPE_FULL_SCREEN (cvm_full_screen_get_type ())
G_DECLARE_FINAL_TYPE (CvmFullScreen, cvm_full_screen, CVM, FULL_SCREEN, GtkWindow)

/**
 * cvm_full_screen_show:
 *
 * With a connection of its own. F11 leaves it, and Escape while the guest does not get the keys;
 * it goes with PARENT.
 */
void cvm_full_screen_show (GtkWindow  *parent,
                           CvmRun     *run,
                           const char *job);
