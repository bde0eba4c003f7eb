/* cvm-open-file.h: a file of a run, shown in the program that is for it, or in its folder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Never waits; what went wrong is told in the window's banner. */
#pragma once

#include <gtk/gtk.h>

/**
 * cvm_open_file:
 * @from: any widget of the window
 */
void cvm_open_file   (GtkWidget  *from,
                      const char *path);

/**
 * cvm_reveal_file:
 *
 * Shows its folder in the file manager, with the file selected where that can be done
 */
void cvm_reveal_file (GtkWidget  *from,
                      const char *path);
