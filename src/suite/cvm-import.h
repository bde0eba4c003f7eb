/* cvm-import.h: an old CVM_* configuration becomes a suite, a profile and settings
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: no state outside the object.
 * Trust:   the configuration may be anybody's; it is data (cvm-cfg.h). */
#pragma once

#include "cvm-cfg.h"
#include "cvm-suite.h"

typedef enum
{
  CVM_IMPORT_TAKEN,     /* as it stood there */
  CVM_IMPORT_CHANGED,   /* into something else, which the text tells */
  CVM_IMPORT_IGNORED,   /* the text tells why nothing is lost by it */
} CvmImportKind;

typedef struct
{
  CvmImportKind  kind;
  char          *name;  /* CVM_… */
  guint          line;
  char          *text;  /* never a password */
} CvmImportNote;

typedef struct _CvmImport CvmImport;

/**
 * cvm_import_new:
 * @cfg: must outlive it
 * @base: the shipped release suite: preconditions precondition-0…23, cases case-0…13
 *
 * Errors: CVM_KEYFILE_ERROR, "FILE:LINE: CVM_…: what, and what is allowed"
 */
CvmImport           *cvm_import_new             (const CvmCfg     *cfg,
                                                 CvmSuite         *base,
                                                 GError          **error);
void                 cvm_import_free            (CvmImport        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmImport, cvm_import_free)

/**
 * cvm_import_get_notes:
 *
 * What became of each setting, in file order (element-type CvmImportNote)
 */
GPtrArray           *cvm_import_get_notes       (CvmImport        *self);

/**
 * cvm_import_dup_name:
 *
 * The configuration's own name, fit for a file and an id: NAME of what is written
 */
char                *cvm_import_dup_name        (CvmImport        *self);

/**
 * cvm_import_write:
 * @folder: made where it is missing
 * @profile: (out) (transfer full): the path of NAME.profile, for cvm_profile_load ()
 *
 * Writes NAME.suite, NAME.profile, and NAME.passwords/ with a file of mode 0600 for each password
 * that the configuration has. What is there under these names is replaced.
 */
gboolean             cvm_import_write           (CvmImport        *self,
                                                 const char       *folder,
                                                 char            **profile,
                                                 GError          **error);
