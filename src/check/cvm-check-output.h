/* cvm-check-output.h: what a program printed, kept within bounds
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   check.
 * Threads: one thread at a time.
 * Trust:   the bytes come from a guest: any bytes, any amount. */
#pragma once

#include "cvm-context.h"

#define CVM_CHECK_OUTPUT_MAX (1024 * 1024)   /* bytes kept of each of the two streams */
#define CVM_CHECK_EXCERPT    2000            /* bytes of output that a detail shows */

typedef struct
{
  GString *out;
  GString *err;
} CvmCheckOutput;

CvmCheckOutput *cvm_check_output_new     (void);
void            cvm_check_output_free    (CvmCheckOutput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCheckOutput, cvm_check_output_free)

/**
 * cvm_check_output_on_stdout:
 *
 * CvmOutputFuncs; their data is the CvmCheckOutput
 */
void            cvm_check_output_on_stdout (const char *bytes,
                                            gsize       len,
                                            gpointer    data);

void            cvm_check_output_on_stderr (const char *bytes,
                                            gsize       len,
                                            gpointer    data);

/**
 * cvm_check_output_detail:
 *
 * The last CVM_CHECK_EXCERPT bytes as a detail KEY; nothing if there are none
 */
void            cvm_check_output_detail  (CvmContext     *context,
                                          const char     *key,
                                          const GString  *text);

/**
 * cvm_check_output_matches:
 *
 * Whether any line matches; bytes that are not UTF-8 never keep a line from being looked at.
 * FALSE with an error when the pattern gives up on this text.
 */
gboolean        cvm_check_output_matches (const GRegex   *pattern,
                                          const char     *text,
                                          gssize          len,
                                          GError        **error);
