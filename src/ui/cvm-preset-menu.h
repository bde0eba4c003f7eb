/* cvm-preset-menu.h: the presets: one is chosen, saved, renamed, deleted
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

/**
 * CvmPresetMenu::chosen:
 * @name: whose choice is wanted
 *
 * CvmPresetMenu::save:
 * @name: that the present choice shall be kept as; one that is there is replaced
 */
#define CVM_TYPE_PRESET_MENU (cvm_preset_menu_get_type ())
G_DECLARE_FINAL_TYPE (CvmPresetMenu, cvm_preset_menu, CVM, PRESET_MENU, GtkMenuButton)

void cvm_preset_menu_set_names (CvmPresetMenu      *self,
                                const char *const  *names);

/**
 * cvm_preset_menu_add:
 *
 * It was saved
 */
void cvm_preset_menu_add       (CvmPresetMenu      *self,
                                const char         *name);
