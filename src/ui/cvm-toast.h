/* cvm-toast.h: says what was just done, and offers to take it back
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include "cvm-stage.h"

#define CVM_TYPE_TOAST (cvm_toast_get_type ())
G_DECLARE_FINAL_TYPE (CvmToast, cvm_toast, CVM, TOAST, GtkRevealer)

/**
 * cvm_toast_offer:
 *
 * See cvm_stage_offer_undo ()
 */
void cvm_toast_offer  (CvmToast    *self,
                       const char  *text,
                       CvmUndoFunc  undo,
                       CvmUndoFunc  commit,
                       gpointer     data);

/**
 * cvm_toast_commit:
 *
 * Makes final what is offered now, if anything is
 */
void cvm_toast_commit (CvmToast    *self);
