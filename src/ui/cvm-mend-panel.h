/* cvm-mend-panel.h: a command that mends something, shown before it is run, in a terminal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Trust:   the command is of the program's own checks. It is split into words, and no shell sees
 *          it; nothing is run that was not shown. */
#pragma once

#include <gtk/gtk.h>

/**
 * CvmMendPanel::mended:
 *
 * The command ended well
 */
#define CVM_TYPE_MEND_PANEL (cvm_mend_panel_get_type ())
G_DECLARE_FINAL_TYPE (CvmMendPanel, cvm_mend_panel, CVM, MEND_PANEL, GtkBox)

/**
 * cvm_mend_panel_show:
 *
 * Shows COMMAND and waits for the user's word
 */
void cvm_mend_panel_show (CvmMendPanel *self,
                          const char   *command);
