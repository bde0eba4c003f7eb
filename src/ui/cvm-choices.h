/* cvm-choices.h: the images and suites that a run can be made of, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-suite.h"

typedef struct
{
  char     *id;       /* the file's name without its suffix */
  char     *path;
  char     *title;
  char     *about;    /* a sentence, or what is wrong with it */
  gboolean  is_usable;
} CvmOption;

typedef struct
{
  GPtrArray *images;  /* of CvmOption, by title */
  GPtrArray *suites;
} CvmChoices;

void        cvm_choices_free        (CvmChoices           *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmChoices, cvm_choices_free)

/**
 * cvm_choices_load_async:
 *
 * Never fails: what cannot be read is an option that says so
 */
void        cvm_choices_load_async  (CvmCheckLookup        lookup,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);

CvmChoices *cvm_choices_load_finish (GAsyncResult         *result,
                                     GError              **error);

/**
 * cvm_choices_find:
 *
 * The index of the option with this id, or -1
 */
int         cvm_choices_find        (GPtrArray            *options,
                                     const char           *id);
