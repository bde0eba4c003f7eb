/* cvm-pref-kinds.h: the lists of the preferences
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include "cvm-pref-list.h"

extern const CvmPrefKind cvm_pref_servers;
extern const CvmPrefKind cvm_pref_catalogues;
extern const CvmPrefKind cvm_pref_passwords;
