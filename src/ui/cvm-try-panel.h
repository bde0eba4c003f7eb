/* cvm-try-panel.h: what was tried on the guest that is kept, and that guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-tryout.h"

#define CVM_TYPE_TRY_PANEL (cvm_try_panel_get_type ())
G_DECLARE_FINAL_TYPE (CvmTryPanel, cvm_try_panel, CVM, TRY_PANEL, GtkBox)

/**
 * cvm_try_panel_set_tryout:
 *
 * Once; the panel is not seen before the first try
 */
void cvm_try_panel_set_tryout (CvmTryPanel *self,
                               CvmTryout   *tryout);
