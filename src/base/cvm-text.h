/* cvm-text.h: text of unknown origin, made fit for a message
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state.
 * Trust:   any bytes. */
#pragma once

#include <glib.h>

/**
 * cvm_text_quote:
 *
 * 'TEXT' in quotes, on one line, without controls, at most 60 characters of it
 */
char       *cvm_text_quote   (const char        *text);

/**
 * cvm_text_nearest:
 *
 * The word most like NAME, or NULL when none is like it: for "did you mean"
 */
const char *cvm_text_nearest (const char        *name,
                              const char *const *words);
