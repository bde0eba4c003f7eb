/* cvm-setup-page.h: the place of the set-up
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

#define CVM_TYPE_SETUP_PAGE (cvm_setup_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmSetupPage, cvm_setup_page, CVM, SETUP_PAGE, GtkBox)

GtkWidget *cvm_setup_page_new (const CvmBackend *backend);
