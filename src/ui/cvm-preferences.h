/* cvm-preferences.h: the window of the preferences
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. What is changed counts at once, and is written off the main thread. */
#pragma once

#include <handy.h>

#define CVM_TYPE_PREFERENCES (cvm_preferences_get_type ())
G_DECLARE_FINAL_TYPE (CvmPreferences, cvm_preferences, CVM, PREFERENCES, HdyPreferencesWindow)

GtkWidget *cvm_preferences_new (GtkWindow *parent);
