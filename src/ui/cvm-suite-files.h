/* cvm-suite-files.h: what is done with the files of suites, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 *
 * While a suite is edited its text is kept aside too (a draft), with what it began from: so neither
 * leaving the page nor a crash loses a word of it. */
#pragma once

#include "cvm-backend.h"
#include "cvm-suite-edit.h"

/* What opening a suite to edit it finds */
typedef struct
{
  char *text;        /* of the file; NULL: there is none */
  char *draft;       /* what was not saved the last time, or NULL */
  char *base;        /* what the draft began from; NULL: no file */
} CvmSuiteFound;

void           cvm_suite_found_free          (CvmSuiteFound        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSuiteFound, cvm_suite_found_free)

/**
 * cvm_suite_files_open_async:
 *
 * Fails where there is a file that cannot be read as text
 */
void           cvm_suite_files_open_async    (const char           *path,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
CvmSuiteFound *cvm_suite_files_open_finish   (GAsyncResult         *result,
                                              GError              **error);

/**
 * cvm_suite_files_save_async:
 *
 * As cvm_suite_edit_write (); the folder is made where it is missing, and the draft is dropped
 */
void           cvm_suite_files_save_async    (const char           *path,
                                              const char           *text,
                                              const char           *expected,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);

/**
 * cvm_suite_files_keep_draft:
 * @text: (nullable): NULL drops the draft
 *
 * In the background, one after the other; what went wrong with it is only logged. The program does
 * not end before.
 */
void           cvm_suite_files_keep_draft    (const char           *path,
                                              const char           *text,
                                              const char           *base);

/**
 * cvm_suite_files_check_async:
 *
 * cvm_suite_edit_find_problems () in a thread
 */
void           cvm_suite_files_check_async   (CvmSuiteEdit         *edit,
                                              CvmCheckLookup        lookup,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GPtrArray     *cvm_suite_files_check_finish  (GAsyncResult         *result,
                                              GError              **error);

/**
 * cvm_suite_files_add_async:
 * @path: of a .suite, or of a CVM_* configuration (.cfg)
 *
 * Makes a suite of the user's own of it, with a name that is free.
 */
void           cvm_suite_files_add_async     (const char           *path,
                                              const CvmBackend     *backend,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);

/**
 * cvm_suite_files_remove_async:
 *
 * With its draft; one that is gone already is as well. The program does not end before it is
 * finished
 */
void           cvm_suite_files_remove_async  (const char           *path,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean       cvm_suite_files_remove_finish (GAsyncResult         *result,
                                              GError              **error);

/**
 * cvm_suite_files_name_async:
 *
 * The path for a new suite of the user's own that is called TITLE
 */
void           cvm_suite_files_name_async    (const char           *title,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);

/**
 * cvm_suite_files_finish:
 *
 * Returns: (transfer full): the path that was written (or is free), or NULL
 */
char          *cvm_suite_files_finish        (GAsyncResult         *result,
                                              GError              **error);
