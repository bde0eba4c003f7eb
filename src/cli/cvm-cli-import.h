/* cvm-cli-import.h: old CVM_* configurations on the command line
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   cli. */
#pragma once

#include "cvm-cli-plan.h"

/**
 * cvm_cli_import_run:
 *
 * The verb suites import-cfg
 */
int      cvm_cli_import_run (int            argc,
                             char         **argv);

/**
 * cvm_cli_wish_take_profile:
 *
 * What the command line does not say itself is taken from the profile, a file or a preset's name;
 * its settings come first, so that a --set counts after them.
 */
gboolean cvm_cli_wish_take_profile (CvmCliWish  *self,
                                    const char  *name_or_path,
                                    GError     **error);

/* A configuration made ready for one run: its files, passwords among them, are gone at the end */
typedef struct
{
  char *folder;     /* or NULL */
  char *profile;
} CvmCliImported;

gboolean cvm_cli_imported_make  (CvmCliImported  *self,
                                 const char      *cfg,
                                 GError         **error);
void     cvm_cli_imported_clear (CvmCliImported  *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCliImported, cvm_cli_imported_clear)
