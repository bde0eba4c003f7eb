/* cvm-leftovers.h: tells of a run whose program died, and offers to clean up and to finish it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include "cvm-main-page.h"

/**
 * CvmLeftovers::removed: what it left is gone
 *
 * CvmLeftovers::again:
 * @dir: of the run that the user wants once more
 */
#define CVM_TYPE_LEFTOVERS (cvm_leftovers_get_type ())
G_DECLARE_FINAL_TYPE (CvmLeftovers, cvm_leftovers, CVM, LEFTOVERS, GObject)

/**
 * cvm_leftovers_new:
 * @page: whose banner tells; outlives it
 */
CvmLeftovers *cvm_leftovers_new  (CvmMainPage      *page,
                                  const CvmBackend *backend);

/**
 * cvm_leftovers_look:
 *
 * Looks on the hosts, off the main thread, for what is left; then tells of the run TITLE in DIR
 */
void          cvm_leftovers_look (CvmLeftovers     *self,
                                  const char       *title,
                                  const char       *dir);

/**
 * cvm_leftovers_stop:
 *
 * The page goes: nothing is told from now on
 */
void          cvm_leftovers_stop (CvmLeftovers     *self);
