/* cvm-suite-edit-private.h: what an edit is made of, for the files that change it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "cvm-suite-edit.h"
#include "cvm-suite-text.h"

struct _CvmSuiteEdit
{
  GObject         parent_instance;

  char           *path;
  CvmCheckLookup  lookup;
  char           *text;
  char           *saved;      /* what is on the disk, or NULL */
  CvmSuiteText   *parsed;     /* NULL while the text cannot be read */
  GArray         *items;      /* of guint: groups of preconditions and cases */
  GPtrArray      *undo;       /* of char: texts, the last on top */
  GPtrArray      *redo;
  char           *tag;        /* of the change on top of undo; NULL: it stands alone */
};

/**
 * cvm_suite_edit_commit:
 * @text: (transfer full)
 * @tag: (nullable): changes of the same tag in a row are undone together
 *
 * Fails with %CVM_SUITE_EDIT_ERROR_REFUSED where TEXT cannot be read.
 */
gboolean               cvm_suite_edit_commit (CvmSuiteEdit  *self,
                                              char          *text,
                                              const char    *tag,
                                              GError       **error);

/**
 * cvm_suite_edit_take:
 *
 * The same for any TEXT
 */
void                   cvm_suite_edit_take   (CvmSuiteEdit  *self,
                                              char          *text,
                                              const char    *tag);

gboolean               cvm_suite_edit_refuse (GError       **error,
                                              const char    *format,
                                              ...) G_GNUC_PRINTF (2, 3);

static inline guint
cvm_suite_edit_group (CvmSuiteEdit *self,
                      guint         item)
{
  return g_array_index (self->items, guint, item);
}
