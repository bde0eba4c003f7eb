/* cvm-suite.h: a suite, read from its file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: immutable once resolved; then any thread may read it.
 * Trust:   the file may be anybody's; it is data, and nothing in it is run from here. */
#pragma once

#include "cvm-param.h"

/* Errors are CVM_KEYFILE_ERROR ("FILE:LINE: what, and what to do") for what stands in the file,
 * and these for what the user asked of it: */
#define CVM_SUITE_ERROR (cvm_suite_error_quark ())
GQuark cvm_suite_error_quark (void);

typedef enum
{
  CVM_SUITE_ERROR_NO_SUCH_ID,   /* of a preset, case or parameter named by --preset, --set,
                                   --only */
  CVM_SUITE_ERROR_BAD_VALUE,    /* of a --set */
  CVM_SUITE_ERROR_EXEC_DENIED,  /* it runs programs on this host, and was not allowed to */
} CvmSuiteError;

typedef struct
{
  char               *id;
  char               *title;             /* never NULL: the check's own title where none is set */
  const CvmCheckInfo *check;
  gboolean            is_precondition;
  gboolean            is_selected;       /* FALSE: --only left it out */
  char              **needs;             /* ids of earlier cases; never NULL */
  char              **tags;
  char              **drivers;           /* libvirt drivers it is for: "vbox"; empty: all */
  gint64              timeout_ms;
  GHashTable         *values;            /* parameter name → text; all of them once resolved */
  char              **only;              /* subtests asked for (numbers or names), or NULL */
  guint               line;
} CvmCase;

#define CVM_TYPE_SUITE (cvm_suite_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuite, cvm_suite, CVM, SUITE, GObject)

CvmSuite      *cvm_suite_load            (const char       *path,
                                          CvmCheckLookup    lookup,
                                          GError          **error);

/**
 * cvm_suite_new_from_data:
 *
 * The same from bytes that are no file (yet): an editor's. PATH is what errors call it, and its
 * folder the suite's.
 */
CvmSuite      *cvm_suite_new_from_data   (const char       *data,
                                          gsize             len,
                                          const char       *path,
                                          CvmCheckLookup    lookup,
                                          GError          **error);

/**
 * cvm_suite_find:
 *
 * By path (it has a '/' or ends in .suite), else by name in the suites folders
 */
char          *cvm_suite_find            (const char       *name_or_path,
                                          GError          **error);

const char    *cvm_suite_get_path        (CvmSuite *self);

/**
 * cvm_suite_get_id:
 *
 * The file's name without .suite
 */
const char    *cvm_suite_get_id          (CvmSuite *self);

const char    *cvm_suite_get_name        (CvmSuite *self);
const char    *cvm_suite_get_version     (CvmSuite *self);

/**
 * cvm_suite_get_description:
 *
 * "" if none
 */
const char    *cvm_suite_get_description (CvmSuite *self);

/**
 * cvm_suite_get_sha256:
 *
 * Of the file's bytes
 */
const char    *cvm_suite_get_sha256      (CvmSuite *self);

/**
 * cvm_suite_get_timeout_ms:
 *
 * Of a whole job; 0: none
 */
gint64         cvm_suite_get_timeout_ms  (CvmSuite *self);

/**
 * cvm_suite_get_presets:
 *
 * borrowed; never NULL
 */
char         **cvm_suite_get_presets     (CvmSuite *self);

/**
 * cvm_suite_get_preset:
 *
 * The preset that it was resolved with, or NULL
 */
const char    *cvm_suite_get_preset      (CvmSuite *self);

/**
 * cvm_suite_get_sets:
 *
 * "ID.parameter=value" that it was resolved with, the last of each; never NULL
 */
const char *const *cvm_suite_get_sets    (CvmSuite *self);

/**
 * cvm_suite_n_cases:
 *
 * In file order: preconditions and cases as they stand; point numbers are index + 1
 */
guint          cvm_suite_n_cases         (CvmSuite *self);

const CvmCase *cvm_suite_case            (CvmSuite *self,
                                          guint     index);
const CvmCase *cvm_suite_find_case       (CvmSuite   *self,
                                          const char *id);

/**
 * cvm_suite_resolve:
 * @preset: (nullable): a preset of the suite
 * @sets: (nullable): "ID.param=value" or "ID.Timeout=5m", in order
 * @only: (nullable): "ID", "ID/N" or "ID/NAME"; the preconditions and needs of what is named stay
 *
 * Returns: (transfer full): a copy in which every case has a value for each of its parameters:
 * default < suite < preset < set.
 */
CvmSuite      *cvm_suite_resolve         (CvmSuite           *self,
                                          const char         *preset,
                                          const char *const  *sets,
                                          const char *const  *only,
                                          GError            **error);

/**
 * cvm_suite_for_host:
 *
 * Returns: (transfer full): the suite without the cases that are for other libvirt drivers than
 * HOST_URI's. "vmware" is each driver whose name begins so.
 */
CvmSuite      *cvm_suite_for_host        (CvmSuite   *self,
                                          const char *host_uri);

typedef gboolean (*CvmSuiteWantedFunc) (const CvmCase *item,
                                        gpointer       data);

/**
 * cvm_suite_pick:
 * @suffix: (nullable): comes after each id: what is run again beside itself needs another one
 *
 * Returns: (transfer full): the suite with only the cases that are wanted, which need only each
 * other
 */
CvmSuite      *cvm_suite_pick            (CvmSuite           *self,
                                          CvmSuiteWantedFunc  is_wanted,
                                          gpointer            data,
                                          const char         *suffix);

/**
 * cvm_suite_dup_program:
 *
 * What a suite that would have to be allowed to would run on this host, quoted; else NULL
 */
char          *cvm_suite_dup_program     (CvmSuite  *self);

/**
 * cvm_suite_check_exec:
 *
 * A suite that runs programs on this host may do so if it is installed with the program, lies
 * in the user's own suites folder, or was allowed to; else fails naming file, line and program.
 */
gboolean       cvm_suite_check_exec      (CvmSuite  *self,
                                          gboolean   allow_exec,
                                          GError   **error);
