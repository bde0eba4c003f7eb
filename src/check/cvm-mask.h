/* cvm-mask.h: messages that are known and not looked at
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: immutable.
 * Trust:   the file is the user's; it is read within bounds. One POSIX extended regular expression
 *          a line; empty lines and lines that begin with '#' are comments. */
#pragma once

#include <glib.h>

typedef struct _CvmMask CvmMask;

/**
 * cvm_mask_load:
 *
 * PATH NULL: a mask that covers nothing. Errors read "FILE:LINE: what, and what to do".
 */
CvmMask  *cvm_mask_load   (const char     *path,
                           GError        **error);

/**
 * cvm_mask_add:
 *
 * Covers what the file at PATH covers, too
 */
gboolean  cvm_mask_add    (CvmMask        *self,
                           const char     *path,
                           GError        **error);

void      cvm_mask_free   (CvmMask        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmMask, cvm_mask_free)

gboolean  cvm_mask_covers (const CvmMask  *self,
                           const char     *line);
