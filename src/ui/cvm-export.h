/* cvm-export.h: a run as a file for others: TAP, JUnit, HTML, JSON
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display but for the last. */
#pragma once

#include <gtk/gtk.h>

typedef enum
{
  CVM_EXPORT_HTML,
  CVM_EXPORT_JUNIT,
  CVM_EXPORT_JSON,
  CVM_EXPORT_TAP,
  CVM_EXPORT_N_FORMATS
} CvmExportFormat;

/**
 * cvm_export_async:
 * @dir: the run's folder
 * @path: is replaced, once all of it is written
 *
 * Reads the run and writes it, all off the main thread
 */
void      cvm_export_async  (const char           *dir,
                             const char           *path,
                             CvmExportFormat       format,
                             GCancellable         *cancellable,
                             GAsyncReadyCallback   callback,
                             gpointer              user_data);
gboolean  cvm_export_finish (GAsyncResult         *result,
                             GError              **error);

/**
 * cvm_export_ask:
 * @from: a widget of the page that tells how it went
 * @title: of the run, for the file's name
 *
 * Asks where to, and exports the run in DIR
 */
void      cvm_export_ask    (GtkWidget            *from,
                             const char           *dir,
                             const char           *title);
