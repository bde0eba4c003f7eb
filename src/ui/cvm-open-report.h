/* cvm-open-report.h: a report of a server, read to be looked at, and the files attached to it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main thread; the network and the disk are for its threads.
 * Trust:   all of it is the server's: names are made safe, sizes bounded, and nothing is written but
 *          where the user says. */
#pragma once

#include "cvm-result.h"
#include "cvm-tapper-browse.h"

#define CVM_OPEN_TEXT_MAX (1024 * 1024)   /* bytes of a file that are shown */

/* Immutable; shared by those who hold it */
#define CVM_TYPE_OPEN_REPORT (cvm_open_report_get_type ())
G_DECLARE_FINAL_TYPE (CvmOpenReport, cvm_open_report, CVM, OPEN_REPORT, GObject)

/**
 * cvm_open_report_async:
 * @server: (nullable): a name of servers.ini; NULL: the default
 */
void                   cvm_open_report_async       (const char          *server,
                                                    guint64              id,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
CvmOpenReport         *cvm_open_report_finish      (GAsyncResult        *result,
                                                    GError             **error);

const CvmTapperServer *cvm_open_report_get_server  (CvmOpenReport       *self);
const CvmTapperReport *cvm_open_report_get_report  (CvmOpenReport       *self);
CvmResult             *cvm_open_report_get_result  (CvmOpenReport       *self);

/**
 * cvm_open_report_dup_name:
 * @file: one of its files; NULL: its TAP
 *
 * One plain name that a file can have on a disk, never hidden
 */
char                  *cvm_open_report_dup_name    (CvmOpenReport       *self,
                                                    const CvmTapperFile *file);

/**
 * cvm_open_report_is_text:
 *
 * It can be shown as text, packed by gzip or not
 */
gboolean               cvm_open_report_is_text     (const CvmTapperFile *file);

/**
 * cvm_open_report_save_async:
 * @file: one of its files; NULL: its TAP, or archive
 * @target: whole or as it was before, also when the server breaks off
 */
void                   cvm_open_report_save_async  (CvmOpenReport       *self,
                                                    const CvmTapperFile *file,
                                                    GFile               *target,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
gboolean               cvm_open_report_save_finish (CvmOpenReport       *self,
                                                    GAsyncResult        *result,
                                                    GError             **error);

/**
 * cvm_open_report_text_async:
 *
 * The first CVM_OPEN_TEXT_MAX bytes of a file, unpacked, as valid UTF-8 without controls
 */
void                   cvm_open_report_text_async  (CvmOpenReport       *self,
                                                    const CvmTapperFile *file,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
char                  *cvm_open_report_text_finish (CvmOpenReport       *self,
                                                    GAsyncResult        *result,
                                                    gboolean            *is_cut,
                                                    GError             **error);
