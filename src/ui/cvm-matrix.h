/* cvm-matrix.h: what can run where, and what is chosen of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui; needs no display.
 * Threads: the main one; asks nobody. */
#pragma once

#include "cvm-choices.h"
#include "cvm-scout.h"

/* A host and a type of guest */
typedef struct
{
  char             *uri;
  char             *title;        /* of the host */
  char             *hypervisor;   /* "auto" while nothing is known of the host */
  const CvmScouted *known;        /* borrowed from the scout; NULL: it is being asked */
} CvmColumn;

typedef enum
{
  CVM_CELL_READY,
  CVM_CELL_COPIES,     /* runs, once a copy in another format is made: told in text */
  CVM_CELL_ASKING,     /* the host has not answered yet; may be chosen */
  CVM_CELL_CANNOT,     /* text says why */
} CvmCellState;

/* Flags: there may be two ways */
typedef enum
{
  CVM_MEND_NONE = 0,
  CVM_MEND_ASK_AGAIN = 1 << 0,  /* the host may answer now */
  CVM_MEND_IMAGES = 1 << 1,     /* the place of the images has the means */
  CVM_MEND_SETUP = 1 << 2,      /* this computer may lack something: that of the set-up has */
} CvmCellMend;

typedef struct
{
  CvmCellState  state;
  CvmCellMend   mend;
  char         *brief;    /* a few words for the cell; NULL where it is READY */
  char         *text;     /* a sentence or two; NULL where it is READY */
} CvmCell;

void    cvm_cell_clear (CvmCell *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CvmCell, cvm_cell_clear)

typedef const char *(*CvmDiskFormat) (const char *hypervisor);

/**
 * cvm_matrix_judge:
 * @image: (nullable): NULL for suites without an image
 * @disk_format: of the disks that a hypervisor takes (cvm-ports.h)
 *
 * Whether an image can run there, why not, and what can be done
 */
CvmCell cvm_matrix_judge (const CvmOption *image,
                          const CvmColumn *column,
                          CvmDiskFormat    disk_format);

/* What of a suite is chosen */
typedef struct
{
  const CvmOption *option;
  gboolean         is_chosen;
  char            *preset;    /* of the suite, or NULL */
  GHashTable      *sets;      /* "ID.key" → value */
  char           **only;      /* never NULL; empty: all */
} CvmSuiteChoice;

/**
 * cvm_suite_choice_is_on:
 *
 * Whether this case of it is to run
 */
gboolean cvm_suite_choice_is_on  (const CvmSuiteChoice *self,
                                  const CvmCase        *item);

/**
 * cvm_suite_choice_set_on:
 *
 * FALSE where it cannot: preconditions always run, and something has to
 */
gboolean cvm_suite_choice_set_on (CvmSuiteChoice       *self,
                                  const CvmCase        *item,
                                  gboolean              is_on);

/**
 * cvm_suite_choice_set_value:
 * @value: (nullable): NULL: as the suite says
 */
void     cvm_suite_choice_set_value (CvmSuiteChoice    *self,
                                     const char        *id,
                                     const char        *key,
                                     const char        *value);

typedef struct _CvmMatrix CvmMatrix;

/**
 * cvm_matrix_new:
 * @choices: (transfer full)
 */
CvmMatrix      *cvm_matrix_new          (CvmChoices       *choices,
                                         CvmDiskFormat     disk_format);
void            cvm_matrix_free         (CvmMatrix        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvmMatrix, cvm_matrix_free)

CvmChoices     *cvm_matrix_get_choices  (CvmMatrix        *self);

/**
 * cvm_matrix_learn:
 *
 * Makes the columns anew from what the scout knows; what was chosen stays
 */
void            cvm_matrix_learn        (CvmMatrix        *self);
GPtrArray      *cvm_matrix_get_columns  (CvmMatrix        *self);   /* of CvmColumn */
GPtrArray      *cvm_matrix_get_suites   (CvmMatrix        *self);   /* of CvmSuiteChoice */

/**
 * cvm_matrix_add_suite:
 * @option: (transfer full): one that lies elsewhere
 */
void            cvm_matrix_add_suite    (CvmMatrix        *self,
                                         CvmOption        *option);

gboolean        cvm_matrix_has_image    (CvmMatrix        *self,
                                         const CvmOption  *image);

/**
 * cvm_matrix_set_image:
 *
 * An image that comes new runs in the first cell that can run it
 */
void            cvm_matrix_set_image    (CvmMatrix        *self,
                                         const CvmOption  *image,
                                         gboolean          is_chosen);
void            cvm_matrix_set_suite    (CvmMatrix        *self,
                                         CvmSuiteChoice   *suite,
                                         gboolean          is_chosen);

/**
 * cvm_matrix_list_rows:
 *
 * (element-type CvmOption): the chosen images, and NULL where a chosen suite needs none
 */
GPtrArray      *cvm_matrix_list_rows    (CvmMatrix        *self);

CvmCell         cvm_matrix_get_cell     (CvmMatrix        *self,
                                         const CvmOption  *image,
                                         const CvmColumn  *column);
gboolean        cvm_matrix_is_on        (CvmMatrix        *self,
                                         const CvmOption  *image,
                                         const CvmColumn  *column);
void            cvm_matrix_set_on       (CvmMatrix        *self,
                                         const CvmOption  *image,
                                         const CvmColumn  *column,
                                         gboolean          is_on);

/**
 * cvm_matrix_n_checks:
 *
 * That would run in this cell
 */
guint           cvm_matrix_n_checks     (CvmMatrix        *self,
                                         const CvmOption  *image,
                                         const CvmColumn  *column);

/* One job that would run */
typedef struct
{
  const CvmSuiteChoice *suite;
  const CvmOption      *image;    /* or NULL */
  const CvmColumn      *column;
} CvmMatrixJob;

/**
 * cvm_matrix_list_jobs:
 *
 * (element-type CvmMatrixJob): what would run, each once
 */
GArray         *cvm_matrix_list_jobs    (CvmMatrix        *self);

/**
 * cvm_matrix_find_problem:
 *
 * Why it cannot be started, and what to do; NULL: it can
 */
char           *cvm_matrix_find_problem (CvmMatrix        *self);

/**
 * cvm_matrix_take_order:
 *
 * Chooses what ORDER says, as far as it is there, and nothing else
 */
void            cvm_matrix_take_order   (CvmMatrix        *self,
                                         const CvmOrder   *order);

/**
 * cvm_matrix_to_order:
 *
 * The images, suites and cells that can run; its other members are left at 0
 */
CvmOrder       *cvm_matrix_to_order     (CvmMatrix        *self);
