/* cvm-guest-screen.h: the picture of a job's guest over VNC, which comes back when the guest does
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 *
 * Shared: the engine's recorder and other screens keep their connections. Looks only, unless its
 * VncDisplay is told otherwise. */
#pragma once

#include <gtk/gtk.h>
#include <vncdisplay.h>

#include "cvm-run.h"

/**
 * CvmGuestScreen::made:
 * @vnc: (type VncDisplay): a new one, from now on the one there is
 *
 * CvmGuestScreen::changed: a picture came, or the connection went
 */
#define CVM_TYPE_GUEST_SCREEN (cvm_guest_screen_get_type ())
G_DECLARE_FINAL_TYPE (CvmGuestScreen, cvm_guest_screen, CVM, GUEST_SCREEN, GtkBox)

/**
 * cvm_guest_screen_set_run:
 * @run: (nullable): none: it lets go of what it shows
 *
 * Tries to connect, and again every second, until the run is finished
 */
void        cvm_guest_screen_set_run  (CvmGuestScreen *self,
                                       CvmRun         *run,
                                       const char     *job);

/**
 * cvm_guest_screen_connect:
 *
 * Tries at once, unless it is connected: the guest just started
 */
void        cvm_guest_screen_connect  (CvmGuestScreen *self);

/**
 * cvm_guest_screen_end:
 *
 * No guest will come any more; the last picture stays
 */
void        cvm_guest_screen_end      (CvmGuestScreen *self);

/**
 * cvm_guest_screen_get_vnc:
 *
 * NULL while there was no guest
 */
VncDisplay *cvm_guest_screen_get_vnc  (CvmGuestScreen *self);

gboolean    cvm_guest_screen_is_live  (CvmGuestScreen *self);
