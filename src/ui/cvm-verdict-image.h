/* cvm-verdict-image.h: a state beside words: its icon, its colour, its name to hear
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. As cvm-verdict-cell has it in a tree. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-point-state.h"

void cvm_verdict_image_set (GtkImage      *image,
                            CvmPointState  state);
