/* cvm-image-edit.h: settings of an image changed in its file, which otherwise stays as it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: no state; blocks. */
#pragma once

#include <gio/gio.h>

/**
 * cvm_image_edit:
 * @path: of NAME.image
 * @settings: key, value, key, value, … of [Image], ended by %NULL; "" takes a key out
 *
 * Comments, order and all other bytes stay. Nothing is written where the file would not be one
 * that can be loaded; the error says what is wrong.
 */
gboolean  cvm_image_edit       (const char         *path,
                                const char *const  *settings,
                                GError            **error);

/**
 * cvm_image_check_setting:
 *
 * What is wrong with a value, or NULL: while it is typed, without a file
 */
char     *cvm_image_check_setting (const char      *key,
                                   const char      *value);
