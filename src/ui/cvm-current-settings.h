/* cvm-current-settings.h: the settings as the window goes by them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Threads: the main one; files are read and written off it, but for the first look. */
#pragma once

#include "cvm-settings.h"

/**
 * cvm_current_settings_load:
 *
 * Before there is a window: the colours must be right from its first frame. A file that is wrong
 * leaves the defaults.
 */
void               cvm_current_settings_load   (void);

const CvmSettings *cvm_current_settings_get    (void);

/**
 * cvm_current_settings_apply_colours:
 *
 * Light, dark, or as the desktop has it, which is asked on D-Bus
 */
void               cvm_current_settings_apply_colours (void);

/**
 * cvm_current_settings_change:
 *
 * Writes it off the main thread; when it is written it counts. @callback gets a GTask of a boolean.
 */
void               cvm_current_settings_change (CvmSetting           setting,
                                                const char          *value,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);

/**
 * cvm_current_settings_reload_async:
 *
 * Another program may have changed the file; CALLBACK gets a GTask of a boolean
 */
void               cvm_current_settings_reload_async (GAsyncReadyCallback  callback,
                                                      gpointer             user_data);
gboolean           cvm_current_settings_finish (GAsyncResult        *result,
                                                GError             **error);
