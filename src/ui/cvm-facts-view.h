/* cvm-facts-view.h: what a job found out about guest and host
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

#define CVM_TYPE_FACTS_VIEW (cvm_facts_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmFactsView, cvm_facts_view, CVM, FACTS_VIEW, GtkBox)

/**
 * cvm_facts_view_update:
 *
 * Cheap where nothing is new
 */
void cvm_facts_view_update (CvmFactsView       *self,
                            const CvmJobResult *job,
                            const char         *dir);

void cvm_facts_view_clear  (CvmFactsView       *self);
