/* cvm-images-page.c: the place of the images
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-images-page.h"

#include <handy.h>

#include "cvm-page.h"

struct _CvmImagesPage
{
  GtkBox            parent_instance;

  const CvmBackend *backend;
};

static void
page_init (CvmPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmImagesPage, cvm_images_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
cvm_images_page_class_init (CvmImagesPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/cvmtester/CvmTester/ui/cvm-images-page.ui");
}

static void
cvm_images_page_init (CvmImagesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_images_page_new (const CvmBackend *backend)
{
  CvmImagesPage *self = g_object_new (CVM_TYPE_IMAGES_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
