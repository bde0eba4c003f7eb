/* cvm-new-run-private.h: the page of a new run, for the files that it is made of
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui, private to cvm-new-run-page.c and cvm-new-run-choice.c. */
#pragma once

#include <handy.h>

#include "cvm-forecast.h"
#include "cvm-matrix-view.h"
#include "cvm-new-run-page.h"
#include "cvm-preset-menu.h"

struct _CvmNewRunPage
{
  GtkBox            parent_instance;

  CvmPresetMenu    *presets;
  GtkInfoBar       *banner;
  GtkLabel         *banner_text;
  GtkInfoBar       *allow;
  GtkLabel         *allow_text;
  GtkContainer     *images;
  GtkWidget        *images_frame;
  GtkWidget        *no_image;
  GtkContainer     *suites;
  GtkWidget        *where;
  CvmMatrixView    *matrix_view;
  GtkSpinButton    *repeat;
  GtkSpinButton    *parallel;
  GtkToggleButton  *keep_failed;
  GtkWidget        *reports_box;
  GtkComboBoxText  *server;
  GtkLabel         *summary;
  GtkWidget        *warning_line;
  GtkLabel         *warning;
  GtkButton        *fewer_button;
  GtkWidget        *copy_button;
  GtkWidget        *start_button;

  const CvmBackend *backend;
  CvmMatrix        *matrix;        /* NULL until it is known what there is */
  CvmForecast      *forecast;
  GtkFileChooserNative *chooser;   /* while it is open */
  char             *wanted;
  CvmOrder         *wanted_order;  /* waits until it is known what there is; or NULL */
  gboolean          is_fresh;      /* there is no last choice */
  gboolean          is_launching;
  gboolean          waits_for_start; /* it gets the focus once it may be pressed… */
  GtkWidget        *landing;       /* …if that is still here; only compared */
  gboolean          is_stale;      /* a suite's settings were changed on their own page */
  gboolean          is_reading;    /* what there is: the choices that are shown go with its end */
  gboolean          is_mending;    /* something that could not be used is seen to */
  gboolean          is_filling;    /* widgets follow the matrix, and not the other way round */
  GCancellable     *cancellable;
};

/* cvm-new-run-page.c ------------------------------------------------------------------------- */

/**
 * cvm_new_run_page_show_matrix:
 *
 * Rows, columns and all that hangs on them anew
 */
void cvm_new_run_page_show_matrix   (CvmNewRunPage   *self);

/**
 * cvm_new_run_page_load_preset:
 *
 * Chooses what it says; a problem is told on the page
 */
void cvm_new_run_page_load_preset   (CvmNewRunPage   *self,
                                     const char      *name_or_path);

/**
 * cvm_new_run_page_mend:
 *
 * Turns to PLACE, which has the means; what is chosen is the last choice then
 */
void cvm_new_run_page_mend          (CvmNewRunPage   *self,
                                     const char      *place);

/**
 * cvm_new_run_page_reload:
 *
 * Reads all there is again; what is chosen stays
 */
void cvm_new_run_page_reload        (CvmNewRunPage   *self);

/* cvm-new-run-choice.c ----------------------------------------------------------------------- */

/**
 * cvm_new_run_page_add_rows:
 *
 * A row for each image and suite that there is
 */
void cvm_new_run_page_add_rows      (CvmNewRunPage   *self);

/**
 * cvm_new_run_page_catch_up:
 *
 * Shows what was changed on another page
 */
void cvm_new_run_page_catch_up      (CvmNewRunPage   *self);

void cvm_new_run_page_add_suite     (CvmNewRunPage   *self,
                                     CvmOption       *option);

/**
 * cvm_new_run_page_take_order:
 * @order: (transfer full)
 *
 * Chooses what it says. Suites that lie elsewhere are read first.
 */
void cvm_new_run_page_take_order    (CvmNewRunPage   *self,
                                     CvmOrder        *order);

/**
 * cvm_new_run_page_choose_first:
 *
 * The last choice, or the first image and its suite; the wanted image where there is one
 */
void cvm_new_run_page_choose_first  (CvmNewRunPage   *self);

/**
 * cvm_new_run_page_choose_wanted:
 *
 * This image alone, with its own suite; or the suite at this path alone; or what the .profile at
 * this path says
 */
void cvm_new_run_page_choose_wanted (CvmNewRunPage   *self,
                                     const char      *id);

/**
 * cvm_new_run_page_take_wanted_order:
 *
 * Chooses what is here of it, and tells what is not
 */
void cvm_new_run_page_take_wanted_order (CvmNewRunPage *self);
