/* cvm-hosts-page.c: the place of the hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-hosts-page.h"

#include <handy.h>

#include "cvm-page.h"

struct _CvmHostsPage
{
  GtkBox            parent_instance;

  const CvmBackend *backend;
};

static void
page_init (CvmPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmHostsPage, cvm_hosts_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static void
cvm_hosts_page_class_init (CvmHostsPageClass *klass)
{
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/cvmtester/CvmTester/ui/cvm-hosts-page.ui");
}

static void
cvm_hosts_page_init (CvmHostsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_hosts_page_new (const CvmBackend *backend)
{
  CvmHostsPage *self = g_object_new (CVM_TYPE_HOSTS_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
