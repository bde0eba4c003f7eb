/* cvm-picture.h: a picture from a file, as large as its place allows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Trust:   the files may be anybody's: how large a picture is, is looked at before it is read. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_PICTURE (cvm_picture_get_type ())
G_DECLARE_FINAL_TYPE (CvmPicture, cvm_picture, CVM, PICTURE, GtkDrawingArea)

/**
 * cvm_picture_set_path:
 * @path: (nullable): none
 *
 * Reads it off the main thread; what is shown stays until then
 */
void       cvm_picture_set_path (CvmPicture  *self,
                                 const char  *path);

/**
 * cvm_picture_read:
 * @width: it is scaled to fit in, where it is larger; -1: any
 *
 * Blocks on the disk. Fails for what is no picture, or has more than 16 million pixels.
 */
GdkPixbuf *cvm_picture_read     (const char  *path,
                                 int          width,
                                 int          height,
                                 GError     **error);
