/* cvm-tapper-error.c: what can go wrong with a Tapper server, by what to do about it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-error.h"

G_DEFINE_QUARK (cvm-tapper-error-quark, cvm_tapper_error)

/**
 * cvm_tapper_error_take:
 * @cause: (transfer full) (nullable): what the library said
 *
 * Sets "FORMAT: cause" under @code; a cancel stays %G_IO_ERROR_CANCELLED.
 */
void
cvm_tapper_error_take (GError         **error,
                       CvmTapperError   code,
                       GError          *cause,
                       const char      *format,
                       ...)
{
  gboolean is_cancelled = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error (error, is_cancelled ? G_IO_ERROR : CVM_TAPPER_ERROR,
               is_cancelled ? (int)G_IO_ERROR_CANCELLED : (int)code, "%s%s%s", what,
               cause != NULL ? ": " : "", cause != NULL ? cause->message : "");
  g_clear_error (&cause);
}
