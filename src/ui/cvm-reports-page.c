/* cvm-reports-page.c: the place of the reports
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-reports-page.h"

#include <handy.h>

#include "cvm-page.h"

struct _CvmReportsPage
{
  GtkBox            parent_instance;

  const CvmBackend *backend;
};

static void
page_init (CvmPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmReportsPage, cvm_reports_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
cvm_reports_page_class_init (CvmReportsPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/cvmtester/CvmTester/ui/cvm-reports-page.ui");
}

static void
cvm_reports_page_init (CvmReportsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_reports_page_new (const CvmBackend *backend)
{
  CvmReportsPage *self = g_object_new (CVM_TYPE_REPORTS_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
