/* cvm-image-group.h: the images of one place: here, or a catalogue
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Rows are made a page at a time: a catalogue may list thousands. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-image-row.h"

/**
 * CvmImageGroup::asked:
 * @item: a CvmImageItem
 * @what: a CvmImageAsk
 *
 * CvmImageGroup::again: it is to be read again
 * CvmImageGroup::removed: it is to be forgotten
 */
#define CVM_TYPE_IMAGE_GROUP (cvm_image_group_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageGroup, cvm_image_group, CVM, IMAGE_GROUP, GtkBox)

/**
 * cvm_image_group_new:
 * @can_remove: it is a catalogue of the user's
 */
GtkWidget  *cvm_image_group_new         (const char          *title,
                                         gboolean             can_remove);

const char *cvm_image_group_get_title   (CvmImageGroup       *self);

/**
 * cvm_image_group_set_loading:
 *
 * Returns: (transfer none): cancelled when the group goes
 */
GCancellable *cvm_image_group_set_loading (CvmImageGroup     *self);

/**
 * cvm_image_group_set_items:
 * @items: (element-type CvmImageItem)
 */
void        cvm_image_group_set_items   (CvmImageGroup       *self,
                                         GPtrArray           *items);

/* NULL before the first were set */
GPtrArray  *cvm_image_group_get_items   (CvmImageGroup       *self);

void        cvm_image_group_set_problem (CvmImageGroup       *self,
                                         const char          *problem);

/**
 * cvm_image_group_filter:
 * @is_newest: of a catalogue, only the newest of each kind
 *
 * Shows only those; a group that has none of them is hidden, unless it loads or failed
 */
void        cvm_image_group_filter      (CvmImageGroup       *self,
                                         const CvmImageWish  *wish,
                                         gboolean             is_newest);
