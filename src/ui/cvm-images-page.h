/* cvm-images-page.h: the place of the images
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

#define CVM_TYPE_IMAGES_PAGE (cvm_images_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmImagesPage, cvm_images_page, CVM, IMAGES_PAGE, GtkBox)

GtkWidget *cvm_images_page_new (const CvmBackend *backend);
