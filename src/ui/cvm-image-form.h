/* cvm-image-form.h: the settings of an image, each checked while it is typed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-image.h"
#include "cvm-param-row.h"

/**
 * CvmImageForm::changed: by the user
 */
#define CVM_TYPE_IMAGE_FORM (cvm_image_form_get_type ())
G_DECLARE_FINAL_TYPE (CvmImageForm, cvm_image_form, CVM, IMAGE_FORM, GtkBox)

/**
 * cvm_image_form_show:
 * @image: (nullable): NULL: of a disk that is not here yet
 *
 * Once
 */
void       cvm_image_form_show         (CvmImageForm  *self,
                                        CvmImage      *image);

/**
 * cvm_image_form_add:
 *
 * Another row in its column
 */
void       cvm_image_form_add          (CvmImageForm  *self,
                                        CvmParamRow   *row);

gboolean   cvm_image_form_is_valid     (CvmImageForm  *self);
gboolean   cvm_image_form_is_changed   (CvmImageForm  *self);

/**
 * cvm_image_form_dup_settings:
 *
 * What cvm_image_edit () takes: key, value, … of all that was changed
 */
char     **cvm_image_form_dup_settings (CvmImageForm  *self);

/**
 * cvm_image_form_set_saved:
 *
 * What is shown is what is in the file
 */
void       cvm_image_form_set_saved    (CvmImageForm  *self);
