/* cvm-stage.h: what a page asks of the window it is in
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui. FROM is any widget in the window; outside of one nothing happens. */
#pragma once

#include "cvm-page.h"
#include "cvm-order.h"
#include "cvm-run.h"

/* Names of the places */
#define CVM_PLACE_RUNS    "runs"
#define CVM_PLACE_IMAGES  "images"
#define CVM_PLACE_SUITES  "suites"
#define CVM_PLACE_HOSTS   "hosts"
#define CVM_PLACE_REPORTS "reports"
#define CVM_PLACE_SETUP   "setup"

/* A step that waits to become final, or to be taken back */
typedef void (*CvmUndoFunc) (gpointer data);

#define CVM_TYPE_STAGE (cvm_stage_get_type ())
G_DECLARE_INTERFACE (CvmStage, cvm_stage, CVM, STAGE, GtkWidget)

struct _CvmStageInterface
{
  GTypeInterface parent_iface;

  void (*push)       (CvmStage *self, GtkWidget *page, const char *name);
  void (*pop)        (CvmStage *self);
  void (*go)         (CvmStage *self, const char *place);
  void (*end_search) (CvmStage *self);
  void (*open_run)   (CvmStage *self, const char *dir);
  void (*new_run)    (CvmStage *self, const char *image, CvmOrder *order);
  void (*launch)     (CvmStage *self, CvmPlan *plan);
  void (*take_run)   (CvmStage *self, CvmRun *run);
  void (*tell)       (CvmStage *self, const char *message);
  void (*set_count)  (CvmStage *self, const char *place, guint count, gboolean is_attention);
  void (*offer_undo) (CvmStage *self, const char *text, CvmUndoFunc undo, CvmUndoFunc commit,
                      gpointer data);
};

/**
 * cvm_stage_get_focus:
 *
 * The widget that has the focus in the window, or NULL
 */
GtkWidget *cvm_stage_get_focus (GtkWidget  *from);

/**
 * cvm_stage_enable_again:
 *
 * What was insensitive while it worked is sensitive again. GTK took the focus from it: it gets it
 * back, unless another one has it by now
 */
void       cvm_stage_enable_again (GtkWidget *widget);

/**
 * cvm_stage_push:
 *
 * Shows PAGE over the places, with a way back; one that has this name already is shown instead,
 * and PAGE is destroyed. A page that is left is destroyed unless it is busy (cvm-page.h).
 */
void cvm_stage_push       (GtkWidget  *from,
                           GtkWidget  *page,
                           const char *name);

void cvm_stage_pop        (GtkWidget  *from);

void cvm_stage_go         (GtkWidget  *from,
                           const char *place);

/**
 * cvm_stage_end_search:
 *
 * The place is searched for nothing any more
 */
void cvm_stage_end_search (GtkWidget  *from);

void cvm_stage_open_run   (GtkWidget  *from,
                           const char *dir);

/**
 * cvm_stage_new_run:
 * @image: (nullable): its id, or the path of a suite: chosen already
 */
void cvm_stage_new_run    (GtkWidget  *from,
                           const char *image);

/**
 * cvm_stage_new_run_of:
 * @order: (transfer full): of cvm_report_again_order (): what is here of it is chosen
 */
void cvm_stage_new_run_of (GtkWidget  *from,
                           CvmOrder   *order);

/**
 * cvm_stage_launch:
 *
 * Makes a run of PLAN, starts it and shows it
 */
void cvm_stage_launch     (GtkWidget  *from,
                           CvmPlan    *plan);

/**
 * cvm_stage_take_run:
 * @run: not started yet, made by FROM
 *
 * Starts it, and keeps it as any run: in the list, its report written, ended when the window goes.
 * It is not looked at before cvm_stage_open_run ().
 */
void cvm_stage_take_run   (GtkWidget  *from,
                           CvmRun     *run);

/**
 * cvm_stage_tell:
 *
 * In the banner: what went wrong, and what to do. NULL takes it away.
 */
void cvm_stage_tell       (GtkWidget  *from,
                           const char *message);

/**
 * cvm_stage_set_count:
 *
 * The number beside the place's name in the sidebar; 0 shows none
 */
void cvm_stage_set_count  (GtkWidget  *from,
                           const char *place,
                           guint       count,
                           gboolean    is_attention);

/**
 * cvm_stage_offer_undo:
 * @text: what was done, "Run deleted"
 * @undo: called when the user wants it back
 * @commit: called when the offer ends otherwise: its time is over, another step is offered, or the
 *   window goes
 *
 * Exactly one of the two is called, once.
 */
void cvm_stage_offer_undo (GtkWidget  *from,
                           const char *text,
                           CvmUndoFunc undo,
                           CvmUndoFunc commit,
                           gpointer    data);
