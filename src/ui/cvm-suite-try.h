/* cvm-suite-try.h: where one check is tried: an image and a host, chosen once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <gtk/gtk.h>

#include "cvm-backend.h"
#include "cvm-suite-edit.h"

/**
 * CvmSuiteTry::chosen: the user wants to try it there
 */
#define CVM_TYPE_SUITE_TRY (cvm_suite_try_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuiteTry, cvm_suite_try, CVM, SUITE_TRY, GtkPopover)

/**
 * cvm_suite_try_new:
 *
 * Reads off the main thread what there is to choose from
 */
GtkWidget *cvm_suite_try_new         (const CvmBackend     *backend);

/**
 * cvm_suite_try_open:
 * @id: of the item that is tried
 */
void       cvm_suite_try_open        (CvmSuiteTry          *self,
                                      const char           *id);

/**
 * cvm_suite_try_is_chosen:
 *
 * Since the program began, in whatever suite: then it needs not be asked again
 */
gboolean   cvm_suite_try_is_chosen   (void);

/**
 * cvm_suite_try_plan_async:
 *
 * A plan of one job: the item ID of the text as it stands, all preconditions, and what it needs.
 * Fails with what is wrong with the suite.
 */
void       cvm_suite_try_plan_async  (CvmSuiteEdit         *edit,
                                      const char           *id,
                                      CvmCheckLookup        lookup,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
CvmPlan   *cvm_suite_try_plan_finish (GAsyncResult         *result,
                                      GError              **error);
