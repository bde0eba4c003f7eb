/* cvm-choices.h: all that a run can be made of, read off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display. */
#pragma once

#include "cvm-backend.h"
#include "cvm-order.h"

typedef struct
{
  char         *id;           /* the file's name without its suffix */
  char         *path;
  gboolean      can_write;    /* its file */
  char         *title;
  char         *about;        /* a sentence, or what is wrong with it */
  gboolean      is_usable;
  CvmImage     *image;        /* of an image that can be read */
  gint64        disk_bytes;   /* of its disk; 0: it has none */
  CvmSuite     *suite;        /* of a suite that can be read; nothing is resolved */
  CvmImageNeed  need;
  char         *program;      /* that the suite may not run on this host yet, quoted; or NULL */
  gboolean      is_allowed;   /* to run one only since the user said so */
} CvmOption;

typedef struct
{
  char *uri;
  char *title;                /* "This computer", "Lab, third rack" */
} CvmHostOption;

typedef struct
{
  GPtrArray *images;          /* of CvmOption, by title */
  GPtrArray *suites;
  GPtrArray *hosts;           /* of CvmHostOption */
  char     **presets;         /* names */
  char     **servers;         /* names of servers.ini */
  char      *hypervisor;      /* of the settings: "auto" */
  guint      parallel;
  gboolean   keep_failed;
  char     **allowed;         /* SHA-256 of suites that may run programs here */
  CvmOrder  *last;            /* the last choice; or NULL */
} CvmChoices;

void        cvm_option_free         (CvmOption            *option);
void        cvm_choices_free        (CvmChoices           *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmChoices, cvm_choices_free)

/**
 * cvm_choices_load_async:
 *
 * Never fails: what cannot be read is an option that says so
 */
void        cvm_choices_load_async  (const CvmBackend     *backend,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);

CvmChoices *cvm_choices_load_finish (GAsyncResult         *result,
                                     GError              **error);

/**
 * cvm_choices_read_suite_async:
 *
 * A suite that lies in none of the folders, called by its path. Never fails but by being cancelled:
 * one that cannot be read is an option that says so.
 */
void        cvm_choices_read_suite_async  (const CvmBackend    *backend,
                                           const char          *path,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data);
CvmOption  *cvm_choices_read_suite_finish (GAsyncResult        *result,
                                           GError             **error);

/**
 * cvm_choices_find:
 *
 * The index of the option with this id, or with the file at this path; or -1
 */
int         cvm_choices_find        (GPtrArray            *options,
                                     const char           *id_or_path);

/**
 * cvm_choices_last_path:
 *
 * The file that keeps the last choice
 */
char       *cvm_choices_last_path   (void);
