/* cvm-window-state.h: how the window looked when it was left: a key file, kept off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one.
 * Trust:   a file that cannot be read, or says nonsense, is as none. */
#pragma once

#include <gio/gio.h>

#define CVM_TYPE_WINDOW_STATE (cvm_window_state_get_type ())
G_DECLARE_FINAL_TYPE (CvmWindowState, cvm_window_state, CVM, WINDOW_STATE, GObject)

/**
 * cvm_window_state_new:
 * @path: (nullable): %NULL: window.ini of $XDG_STATE_HOME/cvmtester
 *
 * Reads it at once, since the window's size must be known before there is a window
 */
CvmWindowState *cvm_window_state_new  (const char     *path);

GKeyFile       *cvm_window_state_get  (CvmWindowState *self);

/**
 * cvm_window_state_keep:
 *
 * Writes it, in a thread; keeps the application alive until that is done. What cannot be written
 * is not missed: it costs the user nothing but a size.
 */
void            cvm_window_state_keep (CvmWindowState *self);
