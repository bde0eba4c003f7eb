/* cvm-report-table.h: the table of the place of the reports: its rows, and which of them are seen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. Ten thousand rows are as quick as ten: only those that are seen are laid out. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-report-item.h"

typedef struct _CvmReportTable CvmReportTable;

/**
 * cvm_report_table_new:
 * @view: empty; it outlives the table
 */
CvmReportTable *cvm_report_table_new       (GtkTreeView    *view);
void            cvm_report_table_free      (CvmReportTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmReportTable, cvm_report_table_free)

/**
 * cvm_report_table_clear:
 *
 * The report that is selected is selected again if it is among those that come
 */
void            cvm_report_table_clear     (CvmReportTable *self);

/**
 * cvm_report_table_add:
 * @items: (element-type CvmReportItem): taken out of it
 */
void            cvm_report_table_add       (CvmReportTable *self,
                                            GPtrArray      *items);

/**
 * cvm_report_table_search:
 *
 * Only rows that have TEXT are seen; "" is all
 */
void            cvm_report_table_search    (CvmReportTable *self,
                                            const char     *text);

/**
 * cvm_report_table_is_filled:
 *
 * The rows come a few at a time, so that nothing waits for them; FALSE until all have
 */
gboolean        cvm_report_table_is_filled (CvmReportTable *self);

guint           cvm_report_table_n_items   (CvmReportTable *self);
guint           cvm_report_table_n_seen    (CvmReportTable *self);
CvmReportItem  *cvm_report_table_get_at    (CvmReportTable *self,
                                            GtkTreePath    *path);
CvmReportItem  *cvm_report_table_selected  (CvmReportTable *self);

/**
 * cvm_report_table_find_run:
 *
 * The row of the run in DIR, or NULL; after a change of it cvm_report_table_draw ()
 */
CvmReportItem  *cvm_report_table_find_run  (CvmReportTable *self,
                                            const char     *dir);
void            cvm_report_table_draw      (CvmReportTable *self);

/**
 * cvm_report_table_hide:
 *
 * Takes the row of what waits out of sight, or back
 */
void            cvm_report_table_hide      (CvmReportTable *self,
                                            guint64         number,
                                            gboolean        is_hiding);
