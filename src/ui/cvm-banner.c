/* cvm-banner.c: something that the user should know, and what can be done about it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-banner.h"

#include "cvm-announce.h"

struct _CvmBanner
{
  GtkInfoBar  parent_instance;

  GtkLabel   *text;
  GtkButton  *button;

  gulong      clicked;   /* who hears the button; 0: nobody */
};

G_DEFINE_FINAL_TYPE (CvmBanner, cvm_banner, GTK_TYPE_INFO_BAR)

static void
hide (CvmBanner *self)
{
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self), FALSE);
}

static void
cvm_banner_class_init (CvmBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmBanner, text);
  gtk_widget_class_bind_template_child (widget_class, CvmBanner, button);
  gtk_widget_class_bind_template_callback (widget_class, hide);
}

static void
cvm_banner_init (CvmBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
hear_button (CvmBanner *self,
             GCallback  clicked,
             gpointer   object)
{
  if (self->clicked != 0 && g_signal_handler_is_connected (self->button, self->clicked))
    g_signal_handler_disconnect (self->button, self->clicked);

  self->clicked = clicked == NULL ? 0
                  : g_signal_connect_object (self->button, "clicked", clicked, object,
                                             G_CONNECT_SWAPPED);
}

void
cvm_banner_tell (CvmBanner  *self,
                 const char *message,
                 const char *label,
                 GCallback   clicked,
                 gpointer    object)
{
  hear_button (self, clicked, object);
  if (message != NULL)
    {
      gtk_label_set_text (self->text, message);
      gtk_button_set_label (self->button, label != NULL ? label : "");
      gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL);
    }
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self), message != NULL);
  cvm_announce (GTK_WIDGET (self), message);
}
