/* cvm-image-removal.h: images that are removed, unless the user wants them back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-image-item.h"

/**
 * cvm_image_removal_offer:
 * @items: (element-type CvmImageItem)
 * @show: shows in @from which items are hidden now; called again if they are wanted back
 *
 * Hides them, and offers to undo it; nothing goes from the disk before that offer has ended.
 */
void cvm_image_removal_offer (GtkWidget  *from,
                              GPtrArray  *items,
                              void      (*show) (GtkWidget *from));
