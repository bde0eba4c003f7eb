/* cvm-suite-list.h: all suites that there are, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-backend.h"

#define CVM_SUITE_SUFFIX ".suite"

typedef struct
{
  char     *id;          /* the file's name without its suffix */
  char     *path;
  char     *title;       /* its name; its id where that cannot be read */
  char     *version;     /* NULL where it cannot be read */
  char     *about;       /* the same; "" if it does not say */
  char     *problem;     /* what is wrong with it, with its line; or NULL */
  char     *outcomes;    /* of its last runs, as a strip shows them; "" if none ended */
  guint     n_checks;
  gboolean  is_own;      /* in the user's own folder: it can be edited and removed */
  gboolean  has_guest;   /* not only the host is looked at */
} CvmSuiteEntry;

/**
 * cvm_suite_list_async:
 *
 * Never fails: what cannot be read is an entry that says so. First the user's own, by title.
 */
void       cvm_suite_list_async   (const CvmBackend     *backend,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);

/**
 * cvm_suite_list_finish:
 *
 * Returns: (transfer full) (element-type CvmSuiteEntry): or NULL if it was cancelled
 */
GPtrArray *cvm_suite_list_finish  (GAsyncResult         *result,
                                   GError              **error);
