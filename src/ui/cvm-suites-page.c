/* cvm-suites-page.c: the place of the suites
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suites-page.h"

#include <handy.h>

#include "cvm-page.h"

struct _CvmSuitesPage
{
  GtkBox            parent_instance;

  const CvmBackend *backend;
};

static void
page_init (CvmPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmSuitesPage, cvm_suites_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
cvm_suites_page_class_init (CvmSuitesPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/cvmtester/CvmTester/ui/cvm-suites-page.ui");
}

static void
cvm_suites_page_init (CvmSuitesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_suites_page_new (const CvmBackend *backend)
{
  CvmSuitesPage *self = g_object_new (CVM_TYPE_SUITES_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
