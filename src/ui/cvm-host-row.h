/* cvm-host-row.h: a host in the list of hosts
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. */
#pragma once

#include <handy.h>

#include "cvm-backend.h"
#include "cvm-hosts.h"

/**
 * CvmHostRow::edit, ::remove:
 *
 * The user wants that
 */
#define CVM_TYPE_HOST_ROW (cvm_host_row_get_type ())
G_DECLARE_FINAL_TYPE (CvmHostRow, cvm_host_row, CVM, HOST_ROW, HdyExpanderRow)

GtkWidget  *cvm_host_row_new     (const CvmBackend   *backend,
                                  const CvmSavedHost *host);

/**
 * cvm_host_row_look:
 * @may_ask: the user asked for it, and can be asked for a password
 *
 * Asks the host what it is and what is there, off the main thread; nothing while it is being asked
 */
void        cvm_host_row_look    (CvmHostRow         *self,
                                  gboolean            may_ask);

const char *cvm_host_row_get_id    (CvmHostRow       *self);
const char *cvm_host_row_get_uri   (CvmHostRow       *self);

/**
 * cvm_host_row_get_saved_title:
 *
 * What the user called it, or NULL
 */
const char *cvm_host_row_get_saved_title (CvmHostRow *self);
gboolean    cvm_host_row_is_found  (CvmHostRow       *self);

/**
 * cvm_host_row_has:
 *
 * Its title or its URI has TEXT in it
 */
gboolean    cvm_host_row_has       (CvmHostRow       *self,
                                    const char       *text);
