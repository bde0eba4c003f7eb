/* cvm-banner.h: something that the user should know, and what can be done about it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_BANNER (cvm_banner_get_type ())
G_DECLARE_FINAL_TYPE (CvmBanner, cvm_banner, CVM, BANNER, GtkInfoBar)

/**
 * cvm_banner_tell:
 * @message: NULL: takes back what was told
 * @label:   of a button, or NULL
 * @clicked: for @object, when the button is pressed; or NULL
 */
void cvm_banner_tell (CvmBanner  *self,
                      const char *message,
                      const char *label,
                      GCallback   clicked,
                      gpointer    object);
