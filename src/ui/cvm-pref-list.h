/* cvm-pref-list.h: a list in the preferences whose items can be added, changed and removed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Layer:   ui.
 * Threads: the functions of a kind are called in worker threads. */
#pragma once

#include <handy.h>

#define CVM_PREF_FIELDS 4

typedef struct
{
  char    *values[CVM_PREF_FIELDS];   /* of the fields; the first is the name, and its id */
  gboolean is_default;
} CvmPrefItem;

CvmPrefItem *cvm_pref_item_new  (const char  *first,
                                 const char  *second,
                                 const char  *third,
                                 const char  *fourth);
void         cvm_pref_item_free (CvmPrefItem *self);

typedef struct
{
  const char *title, *about;   /* N_() */
  const char *empty;           /* N_(): while there is none */
  const char *add;             /* N_(): the button, with a mnemonic; NULL: none can be added */
  struct
  {
    const char *label;         /* N_(), with a mnemonic; NULL ends them */
    const char *example;
  } fields[CVM_PREF_FIELDS];

  GPtrArray *(*load)         (GCancellable *cancellable, GError **error);  /* of CvmPrefItem */
  gboolean   (*save)         (const CvmPrefItem *item, GError **error);    /* or NULL */
  gboolean   (*remove)       (const char *name, GError **error);
  gboolean   (*make_default) (const char *name, GError **error);           /* or NULL */
  gboolean   (*test)         (const char *name, GCancellable *cancellable, GError **error);
} CvmPrefKind;

#define CVM_TYPE_PREF_LIST (cvm_pref_list_get_type ())
G_DECLARE_FINAL_TYPE (CvmPrefList, cvm_pref_list, CVM, PREF_LIST, HdyPreferencesGroup)

/**
 * cvm_pref_list_new:
 * @kind: static
 */
GtkWidget *cvm_pref_list_new (const CvmPrefKind *kind);
