/* cvm-display-view.h: the guest's screen, live, or as it was at some moment
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 *
 * Looks only, until it is clicked or Enter is pressed on it; then the guest gets the keys, until
 * the focus leaves or Ctrl+Alt is pressed and let go. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

#define CVM_TYPE_DISPLAY_VIEW (cvm_display_view_get_type ())
G_DECLARE_FINAL_TYPE (CvmDisplayView, cvm_display_view, CVM, DISPLAY_VIEW, GtkBox)

/**
 * cvm_display_view_set_run:
 *
 * RUN may be NULL: a run of the past
 */
void          cvm_display_view_set_run     (CvmDisplayView *self,
                                            CvmRun         *run,
                                            const char     *job);

/**
 * cvm_display_view_connect:
 *
 * Connects, unless it is connected; the guest just started, or may run already
 */
void          cvm_display_view_connect     (CvmDisplayView *self);

/**
 * cvm_display_view_end:
 *
 * No guest will come any more
 */
void          cvm_display_view_end         (CvmDisplayView *self);

/**
 * cvm_display_view_show_still:
 * @path: (nullable): a picture of the past; NULL: none was kept of that moment
 * @caption: (nullable): of it; NULL: the live screen again
 */
void          cvm_display_view_show_still  (CvmDisplayView *self,
                                            const char     *path,
                                            const char     *caption);

/**
 * cvm_display_view_get_actions:
 *
 * "send" (s: id of a chord, cvm-guest-keys.h), "screenshot", "save", "fit", "full-screen": to be
 * inserted as "display"
 */
GActionGroup *cvm_display_view_get_actions (CvmDisplayView *self);

/**
 * cvm_display_view_is_typing:
 *
 * The guest gets the keys
 */
gboolean      cvm_display_view_is_typing   (CvmDisplayView *self);
