/* cvm-host-form.h: the page that adds a host, or changes one
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"

/**
 * CvmHostForm::saved:
 * @id: of the host
 */
#define CVM_TYPE_HOST_FORM (cvm_host_form_get_type ())
G_DECLARE_FINAL_TYPE (CvmHostForm, cvm_host_form, CVM, HOST_FORM, GtkBox)

/**
 * cvm_host_form_new:
 * @id: (nullable): NULL: a new one
 */
GtkWidget *cvm_host_form_new (const CvmBackend *backend,
                              const char       *id,
                              const char       *uri,
                              const char       *title,
                              gboolean          is_found);
