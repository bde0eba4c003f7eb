/* cvm-suite-private.h: what a suite is made of, for the files that read and resolve it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-keyfile.h"
#include "cvm-suite-edit.h"
#include "cvm-suite.h"

struct _CvmSuite
{
  GObject     parent_instance;

  char       *path;          /* absolute */
  char       *folder;
  CvmKeyfile *file;
  char       *id;
  char       *name;
  char       *version;
  char       *description;
  char       *sha256;
  gint64      timeout_ms;
  GPtrArray  *cases;         /* of CvmCase */
  GHashTable *by_id;         /* id → CvmCase, borrowed from cases */
  char      **presets;
  GPtrArray  *settings;      /* of CvmSetting: of all presets, in file order; shared by copies */
  char       *preset;        /* that was applied, or NULL */
  GPtrArray  *sets;          /* of char *: "ID.key=value" that were applied, the last of each, NULL
                                at the end */
};

/* A line of a preset; its value has been checked. */
typedef struct
{
  char *preset;
  char *case_id;
  char *key;
  char *checked;
} CvmSetting;

CvmSuite *cvm_suite_copy         (CvmSuite    *self);
CvmSuite *cvm_suite_copy_empty   (CvmSuite    *self);     /* without its cases */
void      cvm_suite_add_case     (CvmSuite    *self,
                                  CvmCase     *item);     /* takes it */
/**
 * cvm_suite_note_set:
 *
 * Remembers "ID.key=value", its value checked, as what was set beside the file
 */
void      cvm_suite_note_set     (CvmSuite    *self,
                                  const char  *set);
CvmCase  *cvm_suite_lookup       (CvmSuite    *self,
                                  const char  *id);
CvmCase  *cvm_case_copy          (const CvmCase *self);
void      cvm_case_free          (CvmCase     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmCase, cvm_case_free)

/**
 * cvm_case_check:
 *
 * Returns: (transfer full): VALUE of a parameter or of Timeout as a case holds it (a file's path
 * made absolute), or NULL if it is not allowed. FOLDER is what a file's name is relative to;
 * IS_CONFINED: and must not leave. The error has no position: the caller knows it.
 */
char     *cvm_case_check         (const CvmCase  *self,
                                  const char     *key,
                                  const char     *value,
                                  const char     *folder,
                                  gboolean        is_confined,
                                  GError        **error);

/**
 * cvm_case_fill:
 *
 * Gives each parameter that has no value its default; fails, with FILE's line, where one has none.
 */
gboolean  cvm_case_fill          (CvmCase        *self,
                                  CvmKeyfile     *file,
                                  GError        **error);

void      cvm_case_apply         (CvmCase        *self,
                                  const char     *key,
                                  const char     *checked);

/**
 * cvm_suite_read_problems:
 *
 * Adds what is wrong in FILE to PROBLEMS (of CvmSuiteProblem), of each group the first.
 */
void      cvm_suite_read_problems (CvmKeyfile    *file,
                                   CvmCheckLookup lookup,
                                   GPtrArray     *problems);

/**
 * cvm_suite_problem_new:
 *
 * From an error "NAME:LINE: message"
 */
CvmSuiteProblem *cvm_suite_problem_new (const char   *name,
                                        const GError *error);

/**
 * cvm_suite_hint:
 *
 * "did you mean 'x'? allowed: a, b, c"
 */
char     *cvm_suite_hint         (const char        *name,
                                  const char *const *allowed);
