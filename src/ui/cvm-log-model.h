/* cvm-log-model.h: records as lines of a log, which are written when they are seen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-record.h"

#define CVM_LOG_MAX 1000000   /* lines; the journal has them all */

typedef enum
{
  CVM_LOG_COLUMN_LINE,        /* "12:03:04  Made domain …" */
  CVM_LOG_COLUMN_WEIGHT,      /* of its font */
  CVM_LOG_N_COLUMNS,
} CvmLogColumn;

#define CVM_TYPE_LOG_MODEL (cvm_log_model_get_type ())
G_DECLARE_FINAL_TYPE (CvmLogModel, cvm_log_model, CVM, LOG_MODEL, GObject)

CvmLogModel *cvm_log_model_new    (void);

/**
 * cvm_log_model_add:
 *
 * Takes in the first of RECORDS (of CvmRecord) that are about JOB, or the run itself, from START
 * on; returns where to go on. LIMIT bounds how many are looked at.
 */
guint        cvm_log_model_add    (CvmLogModel *self,
                                   GPtrArray   *records,
                                   guint        start,
                                   guint        limit,
                                   const char  *job);

/**
 * cvm_log_model_set_filter:
 * @text: lines that have it, whatever the case of ASCII letters; "" is all
 * @is_notable: only what went wrong, or looks so
 *
 * Empties what is shown; cvm_log_model_look () fills it again
 */
void         cvm_log_model_set_filter (CvmLogModel *self,
                                       const char  *text,
                                       gboolean     is_notable);

/**
 * cvm_log_model_look:
 *
 * Looks at LIMIT more lines for what is to be shown; FALSE: at all of them
 */
gboolean     cvm_log_model_look   (CvmLogModel *self,
                                   guint        limit);

/**
 * cvm_log_model_find_case:
 *
 * The row that tells how the case ended, or that it began; -1: none is shown
 */
int          cvm_log_model_find_case (CvmLogModel *self,
                                      const char  *id);

guint        cvm_log_model_n_rows (CvmLogModel *self);
guint        cvm_log_model_n_kept (CvmLogModel *self);
