/* cvm-guest-banner.h: a guest that looks stuck, or a host that is away: what was seen, what to do
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

/**
 * CvmGuestBanner::display-wanted: the user wants to look at it
 */
#define CVM_TYPE_GUEST_BANNER (cvm_guest_banner_get_type ())
G_DECLARE_FINAL_TYPE (CvmGuestBanner, cvm_guest_banner, CVM, GUEST_BANNER, GtkBox)

/**
 * cvm_guest_banner_set_run:
 * @run: (nullable): none: nothing can be done any more
 */
void cvm_guest_banner_set_run (CvmGuestBanner  *self,
                               CvmRun          *run,
                               const char      *job);

/**
 * cvm_guest_banner_hear:
 *
 * Of any record: those that matter here are taken
 */
void cvm_guest_banner_hear    (CvmGuestBanner  *self,
                               const CvmRecord *record);
