/* cvm-overlay-private.h: what the parts of the overlay share
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   image, and only here. */
#pragma once

#include "cvm-overlay.h"

/**
 * cvm_overlay_base_is_alone:
 *
 * Looks into the header of BASE for names of other files, before qemu-img would open those.
 */
gboolean cvm_overlay_base_is_alone (const char   *base,
                                    const char   *format,
                                    GError      **error);

/**
 * cvm_overlay_info_is_alone:
 *
 * The same, from what "qemu-img info --output=json" tells about BASE
 */
gboolean cvm_overlay_info_is_alone (const char   *base,
                                    const char   *info,
                                    gsize         info_len,
                                    GError      **error);

/**
 * cvm_overlay_check_base:
 *
 * Both of them: whether BASE, of that format, can be opened and draws on no other file
 */
gboolean cvm_overlay_check_base    (const char   *base,
                                    const char   *format,
                                    gint64        deadline_us,
                                    GCancellable *cancellable,
                                    GError      **error);

/**
 * cvm_overlay_extents:
 *
 * The names in a vmdk's descriptor, of the files with its data
 */
char   **cvm_overlay_extents       (const char   *descriptor);

/**
 * cvm_overlay_reserve:
 *
 * An empty file, for qemu-img to overwrite; fails where something is there
 */
gboolean cvm_overlay_reserve       (const char   *path,
                                    GError      **error);
