/* cvm-suite-edit.h: a suite's file while somebody edits it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   suite.
 * Threads: the object's own; what is said to be for no main thread may be called
 *          from any.
 * Trust:   the text may be anybody's, and may be wrong: then it can be edited as text, and each
 *          mistake is told. Limits: 1 MiB, 10 000 groups, 64 KiB a line.
 *
 * The bytes of the file are what is edited: a value, a line or a block changes, and all else
 * stays as it is, comments, order, spacing and ends of lines included. An item is a
 * precondition or a case. The comment lines directly above an item's header are its own: they
 * move, and go, with it. */
#pragma once

#include "cvm-suite.h"

#define CVM_SUITE_EDIT_ERROR (cvm_suite_edit_error_quark ())
GQuark cvm_suite_edit_error_quark (void);

typedef enum
{
  CVM_SUITE_EDIT_ERROR_REFUSED,   /* the change would make no file that can be read */
  CVM_SUITE_EDIT_ERROR_CHANGED,   /* the file has been changed by another meanwhile */
} CvmSuiteEditError;

/* Borrowed from the edit until it changes */
typedef struct
{
  const char         *id;
  gboolean            is_precondition;
  const char         *check_id;     /* "" if none is set */
  const CvmCheckInfo *check;        /* NULL if there is none of that id */
  const char         *title;        /* its own, else the check's own (not translated), else "" */
  guint               line;         /* of its header, from 1 */
} CvmSuiteEditItem;

/* What is wrong in the text */
typedef struct
{
  guint  line;       /* from 1 */
  char  *message;    /* without file and line */
} CvmSuiteProblem;

/* What became of the file's new content */
typedef enum
{
  CVM_SUITE_EDIT_SAME,        /* it is what was read or written last */
  CVM_SUITE_EDIT_TAKEN,       /* it is the text now; nothing had been edited */
  CVM_SUITE_EDIT_MERGED,      /* the text has both changes now */
  CVM_SUITE_EDIT_CONFLICT,    /* both changed the same place: the user must choose */
} CvmSuiteEditMerge;

#define CVM_SUITE_EDIT_SUITE -1     /* no item: the suite itself */
#define CVM_SUITE_EDIT_OTHER -2     /* no item: a preset, or a group that nobody knows */

/**
 * CvmSuiteEdit::changed: the text is another now, or another is on the disk
 */
#define CVM_TYPE_SUITE_EDIT (cvm_suite_edit_get_type ())
G_DECLARE_FINAL_TYPE (CvmSuiteEdit, cvm_suite_edit, CVM, SUITE_EDIT, GObject)

/**
 * cvm_suite_edit_new:
 * @text: (nullable): UTF-8; NULL: a suite that is no file yet, with one precondition
 * @path: what messages call it, and whose folder its files are in
 */
CvmSuiteEdit *cvm_suite_edit_new          (const char      *text,
                                           const char      *path,
                                           CvmCheckLookup   lookup);

/* The text ------------------------------------------------------------------------------ */

const char   *cvm_suite_edit_get_path     (CvmSuiteEdit    *self);

/**
 * cvm_suite_edit_set_path:
 *
 * For a suite that was no file yet
 */
void          cvm_suite_edit_set_path     (CvmSuiteEdit    *self,
                                           const char      *path);

const char   *cvm_suite_edit_get_text     (CvmSuiteEdit    *self);

/**
 * cvm_suite_edit_set_text:
 *
 * Any UTF-8, readable or not. Changes of one line in a row are undone together.
 */
void          cvm_suite_edit_set_text     (CvmSuiteEdit    *self,
                                           const char      *text);

gboolean      cvm_suite_edit_can_undo     (CvmSuiteEdit    *self);
gboolean      cvm_suite_edit_can_redo     (CvmSuiteEdit    *self);
void          cvm_suite_edit_undo         (CvmSuiteEdit    *self);
void          cvm_suite_edit_redo         (CvmSuiteEdit    *self);

/* What it says -------------------------------------------------------------------------- */

/**
 * cvm_suite_edit_is_readable:
 *
 * FALSE while a line breaks the grammar: then there are no items, and only the text can be edited
 */
gboolean      cvm_suite_edit_is_readable  (CvmSuiteEdit    *self);

guint         cvm_suite_edit_n_items      (CvmSuiteEdit    *self);

/**
 * cvm_suite_edit_has_case:
 *
 * FALSE while it has nothing, or preconditions alone: such a suite cannot run
 */
gboolean      cvm_suite_edit_has_case     (CvmSuiteEdit    *self);
CvmSuiteEditItem cvm_suite_edit_item      (CvmSuiteEdit    *self,
                                           guint            item);

/**
 * cvm_suite_edit_find:
 *
 * The item with this id, or -1
 */
int           cvm_suite_edit_find         (CvmSuiteEdit    *self,
                                           const char      *id);

/**
 * cvm_suite_edit_find_at:
 *
 * The item whose lines LINE (from 1) is among; CVM_SUITE_EDIT_SUITE of the suite's own and what is
 * before any; CVM_SUITE_EDIT_OTHER of a preset's and of any other group's
 */
int           cvm_suite_edit_find_at      (CvmSuiteEdit    *self,
                                           guint            line);

/**
 * cvm_suite_edit_find_problems:
 *
 * Returns: (transfer full) (element-type CvmSuiteProblem): what is wrong with TEXT, in file order:
 * of each group the first. Empty where it is a suite that can be run. It looks whether files
 * are there: not for a main thread.
 */
GPtrArray    *cvm_suite_edit_find_problems (const char     *text,
                                            const char     *path,
                                            CvmCheckLookup  lookup);

/**
 * cvm_suite_edit_get:
 *
 * Returns: (nullable): the value as a suite holds it (lists as they stand in the file: see
 * cvm_param_parse_list ()); NULL where it is not set
 */
const char   *cvm_suite_edit_get          (CvmSuiteEdit    *self,
                                           guint            item,
                                           const char      *key);

/**
 * cvm_suite_edit_get_suite:
 *
 * Name, Version, Description or Timeout of the suite itself, or NULL
 */
const char   *cvm_suite_edit_get_suite    (CvmSuiteEdit    *self,
                                           const char      *key);

/**
 * cvm_suite_edit_dup_presets:
 *
 * Ids of the presets, in file order
 */
char        **cvm_suite_edit_dup_presets  (CvmSuiteEdit    *self);

/**
 * cvm_suite_edit_dup_preset_keys:
 *
 * What PRESET sets, in file order: "ID.parameter"
 */
char        **cvm_suite_edit_dup_preset_keys (CvmSuiteEdit *self,
                                              const char   *preset);

const char   *cvm_suite_edit_get_preset   (CvmSuiteEdit    *self,
                                           const char      *preset,
                                           const char      *key);

/* Changes: FALSE, and nothing happens, where the result would be no readable file ------- */

/**
 * cvm_suite_edit_set:
 * @value: (nullable): as cvm_suite_edit_get () returns it; NULL removes the line
 *
 * Whether the value is allowed is told by the problems. Changes of one value in a row are undone
 * together.
 */
gboolean      cvm_suite_edit_set          (CvmSuiteEdit    *self,
                                           guint            item,
                                           const char      *key,
                                           const char      *value,
                                           GError         **error);

gboolean      cvm_suite_edit_set_suite    (CvmSuiteEdit    *self,
                                           const char      *key,
                                           const char      *value,
                                           GError         **error);

/**
 * cvm_suite_edit_set_preset:
 *
 * KEY is "ID.parameter"; a preset that is not there is added at the file's end.
 */
gboolean      cvm_suite_edit_set_preset   (CvmSuiteEdit    *self,
                                           const char      *preset,
                                           const char      *key,
                                           const char      *value,
                                           GError         **error);

gboolean      cvm_suite_edit_remove_preset (CvmSuiteEdit   *self,
                                            const char     *preset,
                                            GError        **error);

/**
 * cvm_suite_edit_add:
 * @after: the item to stand behind, or -1: a precondition stands behind the last, a case too
 *
 * Adds an item of CHECK_ID with an id that is free. Returns which it is, or -1.
 */
int           cvm_suite_edit_add          (CvmSuiteEdit    *self,
                                           const char      *check_id,
                                           gboolean         is_precondition,
                                           int              after,
                                           GError         **error);

/**
 * cvm_suite_edit_duplicate:
 *
 * Returns which the copy is, or -1
 */
int           cvm_suite_edit_duplicate    (CvmSuiteEdit    *self,
                                           guint            item,
                                           GError         **error);

/**
 * cvm_suite_edit_remove:
 *
 * With its comments, and what others say of it: their Needs and the presets
 */
gboolean      cvm_suite_edit_remove       (CvmSuiteEdit    *self,
                                           guint            item,
                                           GError         **error);

/**
 * cvm_suite_edit_move:
 * @to: which item it is to be
 *
 * What stands between items stays there. Preconditions stay above the cases: it moves as far as
 * that allows.
 */
gboolean      cvm_suite_edit_move         (CvmSuiteEdit    *self,
                                           guint            item,
                                           guint            to,
                                           GError         **error);

/**
 * cvm_suite_edit_rename:
 *
 * Needs and presets follow. Renamings in a row are undone together.
 */
gboolean      cvm_suite_edit_rename       (CvmSuiteEdit    *self,
                                           guint            item,
                                           const char      *id,
                                           GError         **error);

/* The file ------------------------------------------------------------------------------ */

/**
 * cvm_suite_edit_read:
 *
 * The text of PATH: a regular file of at most 1 MiB, UTF-8 without NUL. Not for a main thread.
 */
char         *cvm_suite_edit_read         (const char      *path,
                                           GError         **error);

/**
 * cvm_suite_edit_write:
 * @expected: (nullable): what the file is thought to hold; NULL: that there is none
 *
 * Writes the whole file or nothing; what a link points to, not the link. Fails with
 * CVM_SUITE_EDIT_ERROR_CHANGED if it holds something else. Not for a main thread.
 */
gboolean      cvm_suite_edit_write        (const char      *path,
                                           const char      *text,
                                           const char      *expected,
                                           GError         **error);

/**
 * cvm_suite_edit_get_saved:
 *
 * What the file is known to hold; NULL: there is none
 */
const char   *cvm_suite_edit_get_saved    (CvmSuiteEdit    *self);

/**
 * cvm_suite_edit_set_saved:
 *
 * That TEXT is on the disk
 */
void          cvm_suite_edit_set_saved    (CvmSuiteEdit    *self,
                                           const char      *text);

gboolean      cvm_suite_edit_is_modified  (CvmSuiteEdit    *self);

/**
 * cvm_suite_edit_merge:
 * @disk: what the file was found to hold
 *
 * Brings together what was edited here and what another wrote. After a conflict nothing is
 * changed: cvm_suite_edit_set_saved (DISK) keeps the own text, cvm_suite_edit_set_text (DISK)
 * after it takes the other.
 */
CvmSuiteEditMerge cvm_suite_edit_merge    (CvmSuiteEdit    *self,
                                           const char      *disk);
