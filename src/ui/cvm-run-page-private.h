/* cvm-run-page-private.h: a run page's insides, for its actions
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui, private to the page. */
#pragma once

#include <handy.h>

#include "cvm-guest-view.h"
#include "cvm-job-list.h"
#include "cvm-past-run.h"
#include "cvm-point-details.h"
#include "cvm-point-tree.h"
#include "cvm-run-page.h"
#include "cvm-running-bar.h"
#include "cvm-send-bar.h"

struct _CvmRunPage
{
  GtkBox              parent_instance;

  HdyHeaderBar       *header;
  GtkWidget          *live_buttons;
  GtkWidget          *stop_button;
  GtkLabel           *stop_label;
  GtkToggleButton    *pause_button;
  GtkImage           *pause_icon;
  GtkProgressBar     *progress;
  GtkInfoBar         *banner;
  GtkImage           *banner_icon;   /* of a verdict */
  GtkLabel           *banner_text;
  GtkWidget          *banner_again;
  CvmSendBar         *send_bar;
  GtkWidget          *side;
  CvmJobList         *jobs;
  GtkStack           *center;
  CvmPointTree       *tree;
  CvmRunningBar      *running_bar;
  GtkRevealer        *details_revealer;
  CvmPointDetails    *details;
  CvmGuestView       *guest;

  CvmRun             *run;           /* owned; NULL: of the past */
  CvmPastRun         *past;          /* owned, or NULL */
  CvmResult          *result;        /* owned; NULL until a past run is loaded */
  GPtrArray          *told;          /* of CvmRecord: by a live run, without its points */
  GPtrArray          *indexes;       /* of CvmPointIndex: of the result's jobs */
  GSimpleActionGroup *run_actions;
  GSimpleActionGroup *point_actions;
  char               *dir;
  char               *job;           /* the one shown */
  gint64              usual_ms;
  guint               timer;
  gboolean            is_stopping;
  gboolean            keeps_guest;   /* however it ends, as the user asked */
  GCancellable       *cancellable;
};

void                cvm_run_page_refresh      (CvmRunPage     *self);
void                cvm_run_page_show_live    (CvmRunPage     *self);
void                cvm_run_page_show_banner  (CvmRunPage     *self,
                                               GtkMessageType  type,
                                               const char     *text);

/**
 * cvm_run_page_open_file:
 *
 * With the user's own program for such files
 */
void                cvm_run_page_open_file    (CvmRunPage     *self,
                                               const char     *path);

/* cvm-run-page-actions.c */

/**
 * cvm_run_page_show_file:
 *
 * Text is shown beside the checks, what else there is with the user's own program
 */
void                cvm_run_page_show_file    (CvmRunPage        *self,
                                               const CvmEvidence *file);
void                cvm_run_page_add_actions  (CvmRunPage        *self);
void                cvm_run_page_sync_actions (CvmRunPage        *self);
