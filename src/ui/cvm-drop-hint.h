/* cvm-drop-hint.h: says, over the window's content, that what is dragged over it can be dropped
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

/**
 * cvm_drop_hint_accept_files:
 * @window: its child is a GtkOverlay
 *
 * WINDOW takes files, by its ::drag-data-received. While some are dragged over it, it says so.
 */
void cvm_drop_hint_accept_files (GtkWidget *window);
