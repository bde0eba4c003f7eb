/* cvm-mask-file.h: adds messages to those that are known of an image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite. The files' meaning is in check/cvm-mask.h: an extended regular expression a line.
 * Threads: touches the disk: not on the main thread.
 * Trust:   lines come from a guest; each becomes a pattern that means itself and nothing else. */
#pragma once

#include <glib.h>

/**
 * cvm_mask_file_pattern:
 *
 * An expression for such lines: the time before them is left out. NULL: nothing is left.
 */
char     *cvm_mask_file_pattern (const char         *line);

/**
 * cvm_mask_file_path:
 * @image: its name
 *
 * Of the user's own mask for it; NULL: no file can have that name
 */
char     *cvm_mask_file_path    (const char         *image);

/**
 * cvm_mask_file_add:
 *
 * Makes the user's mask of IMAGE, with what the installed one has, or adds to it; what it has
 * already is passed over. The old file stays if this fails.
 */
gboolean  cvm_mask_file_add     (const char         *image,
                                 const char *const  *lines,
                                 GError            **error);
