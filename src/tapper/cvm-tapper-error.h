/* cvm-tapper-error.h: what can go wrong with a Tapper server, by what to do about it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   tapper.
 * Threads: no state. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CvmTapperError:
 * @CVM_TAPPER_ERROR_UNREACHABLE: no connection came about, so nothing reached the server: try later
 * @CVM_TAPPER_ERROR_NO_GREETING: it took the connection and told no report id: try later; it may
 *   have made an empty report of it
 * @CVM_TAPPER_ERROR_WRONG_GREETING: something else listens there: correct the address
 * @CVM_TAPPER_ERROR_CUT_BEFORE_END: the connection broke before the end was sent: settle by the id
 * @CVM_TAPPER_ERROR_CUT_AFTER_END: all was sent, and the server did not take leave: settle by the
 *   id
 * @CVM_TAPPER_ERROR_NO_ANSWER: the API or the web pages do not answer as they should: ask later
 * @CVM_TAPPER_ERROR_NO_TEMPLATES: the API is set up without "tt": ask the web pages
 * @CVM_TAPPER_ERROR_DIFFERS: what came back of a file is not what was sent: send it again
 * @CVM_TAPPER_ERROR_WOULD_LOSE: the server would lose this report: do not send it as it is
 * @CVM_TAPPER_ERROR_BROKEN: a state file in the spool makes no sense: look at it, retry or drop
 * @CVM_TAPPER_ERROR_NO_SUCH_REPORT: the spool has none of that number
 *
 * Cancelling is always %G_IO_ERROR_CANCELLED, and the disk's troubles are of %G_IO_ERROR.
 */
typedef enum
{
  CVM_TAPPER_ERROR_UNREACHABLE,
  CVM_TAPPER_ERROR_NO_GREETING,
  CVM_TAPPER_ERROR_WRONG_GREETING,
  CVM_TAPPER_ERROR_CUT_BEFORE_END,
  CVM_TAPPER_ERROR_CUT_AFTER_END,
  CVM_TAPPER_ERROR_NO_ANSWER,
  CVM_TAPPER_ERROR_NO_TEMPLATES,
  CVM_TAPPER_ERROR_DIFFERS,
  CVM_TAPPER_ERROR_WOULD_LOSE,
  CVM_TAPPER_ERROR_BROKEN,
  CVM_TAPPER_ERROR_NO_SUCH_REPORT,
} CvmTapperError;

#define CVM_TAPPER_ERROR (cvm_tapper_error_quark ())
GQuark cvm_tapper_error_quark (void);

void   cvm_tapper_error_take  (GError         **error,
                               CvmTapperError   code,
                               GError          *cause,
                               const char      *format,
                               ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
