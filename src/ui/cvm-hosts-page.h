/* cvm-hosts-page.h: the place of the hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

#define CVM_TYPE_HOSTS_PAGE (cvm_hosts_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmHostsPage, cvm_hosts_page, CVM, HOSTS_PAGE, GtkBox)

GtkWidget *cvm_hosts_page_new (const CvmBackend *backend);
