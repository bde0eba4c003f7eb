/* cvm-main-page.h: the places: a sidebar of them, and the one that is looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"
#include "cvm-page.h"

/**
 * CvmMainPage::place-made:
 * @page: the CvmPage of a place that is looked at for the first time
 */
#define CVM_TYPE_MAIN_PAGE (cvm_main_page_get_type ())
G_DECLARE_FINAL_TYPE (CvmMainPage, cvm_main_page, CVM, MAIN_PAGE, GtkBox)

/**
 * cvm_main_page_set_backend:
 *
 * Before the first place is shown
 */
void        cvm_main_page_set_backend (CvmMainPage      *self,
                                       const CvmBackend *backend);

/**
 * cvm_main_page_load:
 *
 * Looks for reports that wait and counts what the places hold; once the window is on the screen
 */
void        cvm_main_page_load        (CvmMainPage      *self);

/**
 * cvm_main_page_go:
 *
 * Shows the place with this name (cvm-stage.h); it is made when it is shown first
 */
void        cvm_main_page_go          (CvmMainPage      *self,
                                       const char       *place);

const char *cvm_main_page_get_place   (CvmMainPage      *self);

/**
 * cvm_main_page_for_each:
 *
 * Calls back with each place that was made
 */
void        cvm_main_page_for_each    (CvmMainPage      *self,
                                       GtkCallback       callback,
                                       gpointer          user_data);

void        cvm_main_page_set_count   (CvmMainPage      *self,
                                       const char       *place,
                                       guint             count,
                                       gboolean          is_attention);

/**
 * cvm_main_page_set_running:
 *
 * How many runs live, in the header: one glance away wherever one looks
 */
void        cvm_main_page_set_running (CvmMainPage      *self,
                                       guint             count);

void        cvm_main_page_end_search  (CvmMainPage      *self);

/**
 * cvm_main_page_tell:
 * @label: (nullable): of a button beside it
 * @clicked: what that button does
 * @object: its first argument; not called when it has gone
 *
 * What went wrong, and what to do; a %NULL MESSAGE takes it away
 */
void        cvm_main_page_tell        (CvmMainPage      *self,
                                       const char       *message,
                                       const char       *label,
                                       GCallback         clicked,
                                       gpointer          object);
