/* cvm-image-details-page.h: what is known of an image, and its settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-image-item.h"

#define CVM_TYPE_IMAGE_DETAILS_PAGE (cvm_image_details_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageDetailsPage, cvm_image_details_page, CVM, IMAGE_DETAILS_PAGE, GtkBox)

/**
 * cvm_image_details_page_new:
 * @item: one that is here
 */
GtkWidget *cvm_image_details_page_new (CvmImageItem *item);
