/* cvm-mask-popover.h: chooses lines of a guest's log that are known from now on
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#define CVM_TYPE_MASK_POPOVER (cvm_mask_popover_get_type ())

/**
 * CvmMaskPopover::masked:
 * @text: what has happened, translated
 */
G_DECLARE_FINAL_TYPE (CvmMaskPopover, cvm_mask_popover, CVM, MASK_POPOVER, GtkPopover)

/**
 * cvm_mask_popover_set_lines:
 * @image: whose mask they go to
 * @lines: (element-type utf8): as the guest printed them
 */
void cvm_mask_popover_set_lines (CvmMaskPopover *self,
                                 const char     *image,
                                 GPtrArray      *lines);
