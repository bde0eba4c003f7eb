/* cvm-config.h: the user's key files, read and edited by several programs at once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   base.
 * Threads: no state; reads and writes the disk.
 * Trust:   what the user wrote. */
#pragma once

#include "cvm-keyfile.h"

/**
 * cvm_config_load:
 *
 * $XDG_CONFIG_HOME/cvmtester/NAME; one without a line where there is no file
 */
CvmKeyfile *cvm_config_load (const char     *name,
                             GError        **error);

/* FALSE with the error set: nothing is written */
typedef gboolean (*CvmConfigEdit) (CvmKeyfile  *file,
                                   gpointer     data,
                                   GError     **error);

/**
 * cvm_config_edit:
 *
 * Reads NAME, lets EDIT change it and writes it (mode 0600, whole or not at all) while no other
 * thread or process edits there: nobody's change is lost. G_IO_ERROR_BUSY after ten seconds of
 * waiting for another.
 */
gboolean    cvm_config_edit (const char     *name,
                             CvmConfigEdit   edit,
                             gpointer        data,
                             GError        **error);
