/* cvm-suites-page.h: the place of the suites
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

#define CVM_TYPE_SUITES_PAGE (cvm_suites_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuitesPage, cvm_suites_page, CVM, SUITES_PAGE, GtkBox)

GtkWidget *cvm_suites_page_new (const CvmBackend *backend);
