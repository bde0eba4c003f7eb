/* cvm-presets.h: choices written down and put away, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. All end by cvm_presets_finish (). */
#pragma once

#include "cvm-profile.h"

/**
 * cvm_presets_save_async:
 * @order: (transfer full)
 * @name: (nullable): of the preset; NULL: as the last choice
 */
void     cvm_presets_save_async   (CvmOrder            *order,
                                   const char          *name,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);

void     cvm_presets_rename_async (const char          *name,
                                   const char          *new_name,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);

void     cvm_presets_remove_async (const char          *name,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);

/**
 * cvm_presets_allow_async:
 *
 * Remembers that this suite may run that program on this host
 */
void     cvm_presets_allow_async  (const char          *sha256,
                                   const char          *suite,
                                   const char          *program,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
gboolean cvm_presets_finish       (GAsyncResult        *result,
                                   GError             **error);

/**
 * cvm_presets_load_async:
 * @name: of the preset, or the path of a .profile
 */
void      cvm_presets_load_async  (const char          *name,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
CvmOrder *cvm_presets_load_finish (GAsyncResult        *result,
                                   GError             **error);
