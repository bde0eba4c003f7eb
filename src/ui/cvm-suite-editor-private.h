/* cvm-suite-editor-private.h: what the editor of a suite is made of, for its own files
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <handy.h>

#include "cvm-check-picker.h"
#include "cvm-stage.h"
#include "cvm-suite-editor.h"
#include "cvm-suite-files.h"
#include "cvm-suite-form.h"
#include "cvm-suite-outline.h"
#include "cvm-suite-try.h"
#include "cvm-try-panel.h"

/* What the banner is there for */
typedef enum
{
  CVM_BANNER_NONE,
  CVM_BANNER_TOLD,
  CVM_BANNER_DRAFT,        /* Discard */
  CVM_BANNER_CONFLICT,     /* Keep Mine, Take Theirs */
  CVM_BANNER_READ_ONLY,    /* Duplicate to Edit */
} CvmBanner;

struct _CvmSuiteEditor
{
  GtkBox            parent_instance;

  HdyHeaderBar     *header;
  GtkWidget        *undo_button;
  GtkWidget        *redo_button;
  GtkToggleButton  *form_button;
  GtkToggleButton  *source_button;
  GtkWidget        *try_button;
  GtkWidget        *try_where_button;
  GtkWidget        *save_button;
  GtkInfoBar       *banner;
  GtkLabel         *banner_text;
  GtkButton        *banner_first;
  GtkButton        *banner_second;
  GtkStack         *stack;
  GtkWidget        *tools;             /* that change the outline */
  GtkWidget        *add_button;
  GtkWidget        *up_button;
  GtkWidget        *down_button;
  GtkWidget        *duplicate_button;
  GtkWidget        *remove_button;
  CvmSuiteOutline  *outline;
  CvmSuiteForm     *form;
  GtkTextView      *source;
  GtkLabel         *source_place;
  GtkListBox       *problem_list;
  GtkWidget        *problem_area;
  CvmTryPanel      *try_panel;
  HdyStatusPage    *failure;

  CvmCheckPicker   *picker;
  CvmSuiteTry      *try_popover;
  CvmTryout        *tryout;            /* owned; its guest goes with the page */
  char             *tried;             /* id of what is planned to be tried, or NULL */

  const CvmBackend *backend;
  char             *path;              /* NULL: it is no file yet */
  char             *draft_path;        /* under what name its draft is kept */
  gboolean          can_write;
  CvmSuiteEdit     *edit;              /* owned; NULL until it is read */
  GPtrArray        *problems;          /* of CvmSuiteProblem; owned */
  char             *disk;              /* in a conflict: what another program wrote */
  CvmBanner         banner_mode;
  GCancellable     *cancellable;
  guint             draft_source;
  gboolean          is_checking;
  gboolean          must_check;        /* again, since it changed meanwhile */
  gboolean          is_saving;
  gboolean          is_quiet;          /* the text view follows the edit, not the user */
};

/**
 * cvm_suite_editor_tell:
 *
 * In the banner; NULL takes it away
 */
void cvm_suite_editor_tell     (CvmSuiteEditor *self,
                                CvmBanner       mode,
                                const char     *message);

/**
 * cvm_suite_editor_open:
 *
 * Reads the file, and the draft of the last time
 */
void cvm_suite_editor_open     (CvmSuiteEditor *self);

/**
 * cvm_suite_editor_look_again:
 *
 * Takes in what another program wrote meanwhile
 */
void cvm_suite_editor_look_again (CvmSuiteEditor *self);

void cvm_suite_editor_save     (CvmSuiteEditor *self);

/**
 * cvm_suite_editor_keep_draft:
 *
 * Keeps what is not saved aside, or drops the draft where all is
 */
void cvm_suite_editor_keep_draft (CvmSuiteEditor *self);

void cvm_suite_editor_on_banner_first  (CvmSuiteEditor *self);
void cvm_suite_editor_on_banner_second (CvmSuiteEditor *self);

/**
 * cvm_suite_editor_set_edit:
 *
 * Takes EDIT, and shows it
 */
void cvm_suite_editor_set_edit (CvmSuiteEditor *self,
                                CvmSuiteEdit   *edit);

/**
 * cvm_suite_editor_hear_source:
 *
 * What is typed into the source goes into the edit; once
 */
void cvm_suite_editor_hear_source (CvmSuiteEditor *self);

/**
 * cvm_suite_editor_sync_source:
 *
 * Shows the edit's text in the source
 */
void cvm_suite_editor_sync_source (CvmSuiteEditor *self);

/**
 * cvm_suite_editor_jump:
 *
 * To a line of the source, from 1
 */
void cvm_suite_editor_jump        (CvmSuiteEditor *self,
                                   guint           line);
