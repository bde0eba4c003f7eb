/* cvm-screenshot.h: a picture of a guest, kept with its run as evidence, or anywhere else
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-run.h"

/**
 * cvm_screenshot_keep_async:
 *
 * As frames/screenshot-T.png of the job's folder; packed and written off the main thread
 */
void  cvm_screenshot_keep_async  (CvmRun               *run,
                                  const char           *job,
                                  GdkPixbuf            *pixbuf,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);

/**
 * cvm_screenshot_keep_finish:
 *
 * Where it is
 */
char *cvm_screenshot_keep_finish (GAsyncResult         *result,
                                  GError              **error);

/**
 * cvm_screenshot_save_elsewhere:
 *
 * Asks where to, and copies the file at PATH there
 */
void  cvm_screenshot_save_elsewhere (GtkWidget         *from,
                                     const char        *path);
