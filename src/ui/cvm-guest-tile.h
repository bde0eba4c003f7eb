/* cvm-guest-tile.h: a job in the grid of guests: its screen, small, and how far it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

#define CVM_TYPE_GUEST_TILE (cvm_guest_tile_get_type ())
G_DECLARE_FINAL_TYPE (CvmGuestTile, cvm_guest_tile, CVM, GUEST_TILE, GtkFlowBoxChild)

/**
 * cvm_guest_tile_new:
 *
 * JOB is not kept: only its id
 */
GtkWidget  *cvm_guest_tile_new      (CvmRun             *run,
                                     const CvmJobResult *job);

const char *cvm_guest_tile_get_job  (CvmGuestTile       *self);

/**
 * cvm_guest_tile_update:
 *
 * Words and numbers
 */
void        cvm_guest_tile_update   (CvmGuestTile       *self,
                                     const CvmJobResult *job);

/**
 * cvm_guest_tile_set_seen:
 *
 * It is connected only while it is seen
 */
void        cvm_guest_tile_set_seen (CvmGuestTile       *self,
                                     gboolean            is_seen);
