/* cvm-image-import-page.h: a file of this computer on its way to be an image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. The work is the image worker's; the place of the images shows how far it is. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_IMAGE_IMPORT_PAGE (cvm_image_import_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageImportPage, cvm_image_import_page, CVM, IMAGE_IMPORT_PAGE, GtkBox)

/**
 * cvm_image_import_page_push:
 * @path: of a disk, an appliance, an archive, or a folder with one
 *
 * Shows the page for it over the places; each file has one of its own
 */
void       cvm_image_import_page_push   (GtkWidget  *from,
                                         const char *path);

/**
 * cvm_image_import_page_choose:
 *
 * Lets the user choose a file, and shows the page for it over the places
 */
void       cvm_image_import_page_choose (GtkWidget  *from);
