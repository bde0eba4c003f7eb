/* cvm-announce.h: says a result to who does not see it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

/**
 * cvm_announce:
 * @from: the widget that shows it
 *
 * A screen reader speaks TEXT, wherever the focus is; NULL and "" say nothing
 */
void cvm_announce (GtkWidget  *from,
                   const char *text);
