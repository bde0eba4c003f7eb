/* cvm-suite-text.h: a suite's text, cut into lines and blocks, and put together again
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite; for cvm-suite-edit.
 * Threads: immutable.
 *
 * A change is a list of cuts in one text: all bytes outside of them are kept. */
#pragma once

#include "cvm-keyfile.h"

typedef struct
{
  char       *text;
  gsize       len;
  CvmKeyfile *file;
  GArray     *lines;      /* of gsize: where each begins, and at last the text's end */
  const char *eol;        /* how its lines end: "\n" or "\r\n" */
} CvmSuiteText;

/* The bytes of a group: [lead, end) */
typedef struct
{
  gsize lead;             /* where the comment lines directly above the header begin */
  gsize header;
  gsize end;              /* behind its last line, or the comments directly below that */
} CvmSuiteBlock;

CvmSuiteText *cvm_suite_text_new    (const char          *text,
                                     const char          *name,
                                     GError             **error);
void          cvm_suite_text_free   (CvmSuiteText        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmSuiteText, cvm_suite_text_free)

/**
 * cvm_suite_text_find_group:
 *
 * Its number, or -1; ID is "" for [Suite]
 */
int           cvm_suite_text_find_group (const CvmSuiteText *self,
                                         const char         *kind,
                                         const char         *id);

const CvmKeyfileEntry *cvm_suite_text_find (const CvmSuiteText *self,
                                            guint               group,
                                            const char         *key);

CvmSuiteBlock cvm_suite_text_block  (const CvmSuiteText  *self,
                                     guint                group);

/* Cuts ---------------------------------------------------------------------------------- */

GArray       *cvm_suite_cuts_new    (void);

/**
 * cvm_suite_cuts_add:
 *
 * INSERT (it is taken) is to stand where [begin, end) is
 */
void          cvm_suite_cuts_add    (GArray              *cuts,
                                     gsize                begin,
                                     gsize                end,
                                     char                *insert);

/**
 * cvm_suite_cuts_set:
 * @raw: (nullable): the value as it is to stand in the file; NULL removes the line
 */
void          cvm_suite_cuts_set    (GArray              *cuts,
                                     const CvmSuiteText  *text,
                                     guint                group,
                                     const char          *key,
                                     const char          *raw);

/**
 * cvm_suite_cuts_remove_group:
 *
 * And blank lines that would then stand in a row
 */
void          cvm_suite_cuts_remove_group (GArray             *cuts,
                                           const CvmSuiteText *text,
                                           guint               group);

/**
 * cvm_suite_cuts_insert_group:
 * @after: a group, or -1: at the beginning
 * @block: its lines, each ended by the text's eol
 */
void          cvm_suite_cuts_insert_group (GArray             *cuts,
                                           const CvmSuiteText *text,
                                           int                 after,
                                           const char         *block);

/**
 * cvm_suite_cuts_rename:
 *
 * In all Needs and presets what is OLD_ID becomes NEW_ID; NULL takes it out.
 */
void          cvm_suite_cuts_rename (GArray              *cuts,
                                     const CvmSuiteText  *text,
                                     const char          *old_id,
                                     const char          *new_id);

/**
 * cvm_suite_cuts_apply:
 *
 * The text after all of CUTS; one inside of another's range is void
 */
char         *cvm_suite_cuts_apply  (GArray              *cuts,
                                     const CvmSuiteText  *text);
