/* cvm-pages.h: the main page, the pages that are shown over it, and the way back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. The child named "main" is the main page; all children are CvmPage but that. */
#pragma once

#include "cvm-page.h"

#define CVM_TYPE_PAGES (cvm_pages_get_type ())
G_DECLARE_FINAL_TYPE (CvmPages, cvm_pages, CVM, PAGES, GtkStack)

/**
 * cvm_pages_add:
 *
 * PAGE is there, and not seen before it is pushed: one that is busy, or is pushed now
 */
void       cvm_pages_add      (CvmPages   *self,
                               GtkWidget  *page,
                               const char *name);

/**
 * cvm_pages_push:
 *
 * See cvm_stage_push ()
 */
void       cvm_pages_push     (CvmPages   *self,
                               GtkWidget  *page,
                               const char *name);

/**
 * cvm_pages_pop:
 *
 * Back to the page from which the one that is seen was opened, if it lets one leave
 */
void       cvm_pages_pop      (CvmPages   *self);

void       cvm_pages_go_home  (CvmPages   *self);

/**
 * cvm_pages_cut:
 * @is_left: asked of each page on the way back, from the main one on
 *
 * The way back leads no more to the first that is left, nor to what was opened from it
 */
void       cvm_pages_cut      (CvmPages   *self,
                               gboolean  (*is_left) (GtkWidget *page));
