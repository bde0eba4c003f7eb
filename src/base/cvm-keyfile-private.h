/* cvm-keyfile-private.h: the escapes, for the key file's parser
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-keyfile.h"

/**
 * cvm_keyfile_unescape:
 *
 * The character that \LETTER stands for, or 0
 */
char cvm_keyfile_unescape         (char        letter);

/**
 * cvm_keyfile_append_unescaped:
 *
 * Appends LEN bytes of RAW, escapes resolved; an unknown one as it is.
 */
void cvm_keyfile_append_unescaped (GString    *text,
                                   const char *raw,
                                   gsize       len);
