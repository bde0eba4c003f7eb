/* cvm-import-private.h: an import's insides
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite, private to it. */
#pragma once

#include "cvm-import.h"
#include "cvm-suite-private.h"

typedef struct
{
  char  *file;        /* its name below NAME.passwords/ */
  char  *value;
  char **targets;     /* "ID.parameter", of listed tests */
} CvmImportPassword;

struct _CvmImport
{
  const CvmCfg *cfg;
  CvmSuite     *base;
  GPtrArray    *notes;       /* of CvmImportNote */
  GPtrArray    *ids;         /* of char *: tests in the order of the lists */
  GHashTable   *listed;      /* the same, to look up */
  GPtrArray    *sets;        /* of char *: "ID.parameter=value" */
  GPtrArray    *passwords;   /* of CvmImportPassword */
  char         *name, *version;
  char         *host, *hypervisor, *receiver;
};

/**
 * cvm_import_apply:
 *
 * cvm-import-rules.c: what becomes of one setting
 */
gboolean cvm_import_apply     (CvmImport            *self,
                               const CvmCfgSetting  *setting,
                               GError              **error);

void     cvm_import_note      (CvmImport            *self,
                               const CvmCfgSetting  *setting,
                               CvmImportKind         kind,
                               const char           *format,
                               ...) G_GNUC_PRINTF (4, 5);

/* "FILE:LINE: CVM_…: message" */
gboolean cvm_import_refuse    (CvmImport            *self,
                               const CvmCfgSetting  *setting,
                               GError              **error,
                               const char           *format,
                               ...) G_GNUC_PRINTF (4, 5);

/**
 * cvm_import_set:
 * @target: "ID.parameter"
 *
 * Validates VALUE, and sets it if that test is listed
 */
gboolean cvm_import_set       (CvmImport            *self,
                               const CvmCfgSetting  *setting,
                               const char           *target,
                               const char           *value,
                               GError              **error);

gboolean cvm_import_is_listed (CvmImport            *self,
                               const char           *target);
