/* cvm-verdict-image.c: a state beside words: its icon, its colour, its name to hear
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-verdict-image.h"

static const char *const classes[] = {
  [CVM_POINT_STATE_PASSED] = "cvm-good",
  [CVM_POINT_STATE_FAILED] = "cvm-bad",
  [CVM_POINT_STATE_TODO] = "cvm-odd",
  [CVM_POINT_STATE_CANCELLED] = "cvm-odd",
};

void
cvm_verdict_image_set (GtkImage      *image,
                       CvmPointState  state)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (image));

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (classes[i] != NULL)
      gtk_style_context_remove_class (style, classes[i]);
  if (state < G_N_ELEMENTS (classes) && classes[state] != NULL)
    gtk_style_context_add_class (style, classes[state]);

  gtk_image_set_from_icon_name (image, cvm_point_state_get_icon (state), GTK_ICON_SIZE_BUTTON);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (image)),
                       cvm_point_state_get_word (state));
}
