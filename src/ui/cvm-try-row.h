/* cvm-try-row.h: a check that is tried: its verdict, why, how long, and what it kept
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-result.h"

#define CVM_TYPE_TRY_ROW (cvm_try_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmTryRow, cvm_try_row, CVM, TRY_ROW, GtkListBoxRow)

GtkWidget *cvm_try_row_new  (void);

/**
 * cvm_try_row_show:
 * @dir: of the run
 *
 * POINT as it is now. TRUE when it has come to its end; showing it again changes nothing then.
 */
gboolean   cvm_try_row_show (CvmTryRow          *self,
                             const CvmJobResult *job,
                             const CvmPoint     *point,
                             const char         *dir);
