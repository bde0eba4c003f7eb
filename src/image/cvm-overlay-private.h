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
