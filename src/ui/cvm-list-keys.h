/* cvm-list-keys.h: how Tab goes through a list that may be long
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

/**
 * cvm_list_keys_add:
 *
 * Tab comes to the row that was there last, goes through what is in it, and leaves LIST; the arrows
 * go through the rows. GTK's own Tab goes through all rows, and it may be a thousand.
 */
void cvm_list_keys_add (GtkListBox *list);
