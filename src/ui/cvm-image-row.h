/* cvm-image-row.h: an image as a row: what it is, how it is, what can be done
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-image-item.h"

typedef enum
{
  CVM_IMAGE_ASK_FETCH,
  CVM_IMAGE_ASK_CANCEL,
  CVM_IMAGE_ASK_CHECK,
  CVM_IMAGE_ASK_RUN,
  CVM_IMAGE_ASK_DETAILS,
  CVM_IMAGE_ASK_FOLDER,
  CVM_IMAGE_ASK_REMOVE,
} CvmImageAsk;

/**
 * CvmImageRow::asked:
 * @what: a CvmImageAsk
 */
#define CVM_TYPE_IMAGE_ROW (cvm_image_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageRow, cvm_image_row, CVM, IMAGE_ROW, GtkListBoxRow)

GtkWidget    *cvm_image_row_new      (CvmImageItem *item);
CvmImageItem *cvm_image_row_get_item (CvmImageRow  *self);

/**
 * cvm_image_row_align:
 *
 * Rows whose buttons are in one group stand in columns
 */
void          cvm_image_row_align    (CvmImageRow  *self,
                                      GtkSizeGroup *buttons);
