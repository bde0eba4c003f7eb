/* cvm-setup-page.c: the place of the set-up
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-setup-page.h"

#include <handy.h>

#include "cvm-page.h"

struct _CvmSetupPage
{
  GtkBox            parent_instance;

  const CvmBackend *backend;
};

static void
page_init (CvmPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmSetupPage, cvm_setup_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
cvm_setup_page_class_init (CvmSetupPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/cvmtester/CvmTester/ui/cvm-setup-page.ui");
}

static void
cvm_setup_page_init (CvmSetupPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_setup_page_new (const CvmBackend *backend)
{
  CvmSetupPage *self = g_object_new (CVM_TYPE_SETUP_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
