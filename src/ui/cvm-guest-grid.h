/* cvm-guest-grid.h: all guests of a run at a glance
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Looks only; connected to the guests that can be seen, and to no more than 16. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

/**
 * CvmGuestGrid::chosen:
 * @job: "01": the user wants to see it
 */
#define CVM_TYPE_GUEST_GRID (cvm_guest_grid_get_type ())
G_DECLARE_FINAL_TYPE (CvmGuestGrid, cvm_guest_grid, CVM, GUEST_GRID, GtkBox)

/**
 * cvm_guest_grid_new:
 *
 * Follows the run by itself
 */
GtkWidget *cvm_guest_grid_new (CvmRun *run);
