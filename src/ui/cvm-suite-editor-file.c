/* cvm-suite-editor-file.c: the editor's file: opened, saved, drafted, merged with another's changes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-editor-private.h"

#include <glib/gi18n.h>

#include "cvm-announce.h"
#include "cvm-format.h"

/* The banner ------------------------------------------------------------------------------- */

void
cvm_suite_editor_tell (CvmSuiteEditor *self,
                       CvmBanner       mode,
                       const char     *message)
{
  static const struct { const char *first, *second; } labels[] = {
    [CVM_BANNER_NONE] = { NULL, NULL },
    [CVM_BANNER_TOLD] = { NULL, NULL },
    [CVM_BANNER_DRAFT] = { N_("_Discard Them"), NULL },
    [CVM_BANNER_CONFLICT] = { N_("_Keep Mine"), N_("_Take Theirs") },
    [CVM_BANNER_READ_ONLY] = { N_("_Duplicate to Edit"), NULL },
  };
  const char *first = labels[mode].first, *second = labels[mode].second;

  self->banner_mode = mode;
  if (message != NULL)
    gtk_label_set_text (self->banner_text, message);
  gtk_button_set_label (self->banner_first, first != NULL ? _(first) : "");
  gtk_button_set_label (self->banner_second, second != NULL ? _(second) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->banner_first), first != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->banner_second), second != NULL);
  gtk_info_bar_set_message_type (self->banner, mode == CVM_BANNER_CONFLICT ? GTK_MESSAGE_WARNING
                                                                           : GTK_MESSAGE_INFO);
  gtk_info_bar_set_revealed (self->banner, mode != CVM_BANNER_NONE);
  cvm_announce (GTK_WIDGET (self->banner), mode != CVM_BANNER_NONE ? message : NULL);
}

static void
tell_conflict (CvmSuiteEditor *self,
               const char     *disk)
{
  char *copy = g_strdup (disk);

  g_free (self->disk);
  self->disk = copy;
  cvm_suite_editor_tell (self, CVM_BANNER_CONFLICT,
                         _("Another program changed the same lines of this file. Your changes are "
                           "here, the other ones in the file."));
}

/* Drafts ----------------------------------------------------------------------------------- */

void
cvm_suite_editor_keep_draft (CvmSuiteEditor *self)
{
  gboolean is_modified = self->edit != NULL && cvm_suite_edit_is_modified (self->edit)
                         && (self->path != NULL || cvm_suite_edit_can_undo (self->edit));

  if (self->edit == NULL || !self->can_write)
    return;

  cvm_suite_files_keep_draft (self->draft_path,
                              is_modified ? cvm_suite_edit_get_text (self->edit) : NULL,
                              is_modified ? cvm_suite_edit_get_saved (self->edit) : NULL);
}

static void
restore_draft (CvmSuiteEditor *self,
               CvmSuiteFound  *found)
{
  CvmSuiteEditMerge how = CVM_SUITE_EDIT_SAME;

  if (g_strcmp0 (found->base, found->text) != 0)
    cvm_suite_edit_set_saved (self->edit, found->base);
  cvm_suite_edit_set_text (self->edit, found->draft);
  if (found->text != NULL)
    how = cvm_suite_edit_merge (self->edit, found->text);

  if (how == CVM_SUITE_EDIT_CONFLICT)
    tell_conflict (self, found->text);
  else if (cvm_suite_edit_is_modified (self->edit))
    cvm_suite_editor_tell (self, CVM_BANNER_DRAFT,
                           _("These are your changes of the last time, which were not saved."));
}

static void
discard_draft (CvmSuiteEditor *self)
{
  const char *saved = cvm_suite_edit_get_saved (self->edit);

  if (saved != NULL)
    cvm_suite_edit_set_text (self->edit, saved);
  else
    while (cvm_suite_edit_can_undo (self->edit))
      cvm_suite_edit_undo (self->edit);
  cvm_suite_editor_keep_draft (self);
}

/* Opening ---------------------------------------------------------------------------------- */

static void
fail_to_open (CvmSuiteEditor *self,
              const GError   *error)
{
  g_autofree char *text = cvm_format_line (error->message);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  hdy_status_page_set_description (self->failure, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failure");
}

static void
on_opened (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmSuiteEditor) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuiteFound) found = cvm_suite_files_open_finish (result, &error);

  if (self->cancellable == NULL)
    return;

  if (found == NULL)
    {
      fail_to_open (self, error);
      return;
    }

  cvm_suite_editor_set_edit (self, cvm_suite_edit_new (found->text, self->draft_path,
                                                       self->backend->lookup));
  if (found->draft != NULL && self->can_write
      && !g_str_equal (found->draft, cvm_suite_edit_get_text (self->edit)))
    restore_draft (self, found);
  cvm_page_focus (CVM_PAGE (self));
}

void
cvm_suite_editor_open (CvmSuiteEditor *self)
{
  cvm_suite_files_open_async (self->draft_path, self->cancellable, on_opened, g_object_ref (self));
}

/* Looking again ---------------------------------------------------------------------------- */

/* Returns: it can be saved now */
static gboolean
merge (CvmSuiteEditor *self,
       const char     *disk)
{
  switch (cvm_suite_edit_merge (self->edit, disk))
    {
    case CVM_SUITE_EDIT_TAKEN:
      cvm_suite_editor_tell (self, CVM_BANNER_TOLD,
                             _("Another program changed this file; this is how it is now."));
      return FALSE;
    case CVM_SUITE_EDIT_MERGED:
      cvm_suite_editor_tell (self, CVM_BANNER_TOLD,
                             _("Another program changed other lines of this file; both changes "
                               "are here now."));
      return TRUE;
    case CVM_SUITE_EDIT_CONFLICT:
      tell_conflict (self, disk);
      return FALSE;
    case CVM_SUITE_EDIT_SAME:
    default:
      return TRUE;
    }
}

static void
on_looked_again (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  g_autoptr(CvmSuiteEditor) self = data;
  g_autoptr(CvmSuiteFound) found = cvm_suite_files_open_finish (result, NULL);

  if (found != NULL && found->text != NULL && self->cancellable != NULL && !self->is_saving
      && self->banner_mode != CVM_BANNER_CONFLICT)
    merge (self, found->text);
}

void
cvm_suite_editor_look_again (CvmSuiteEditor *self)
{
  if (self->edit != NULL && self->path != NULL && self->cancellable != NULL)
    cvm_suite_files_open_async (self->path, self->cancellable, on_looked_again,
                                g_object_ref (self));
}

/* Saving ----------------------------------------------------------------------------------- */

/* A text on its way to the disk */
typedef struct
{
  CvmSuiteEditor *editor;
  char           *text;
} Saving;

static void save_to_path (CvmSuiteEditor *self);

static void
saving_free (Saving *saving)
{
  g_object_unref (saving->editor);
  g_free (saving->text);
  g_free (saving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saving, saving_free)

static void
end_saving (CvmSuiteEditor *self,
            const GError   *error)
{
  g_autofree char *message = error != NULL ? g_strdup_printf (_("It is not saved: %s"),
                                                              error->message) : NULL;

  self->is_saving = FALSE;
  if (message != NULL)
    cvm_suite_editor_tell (self, CVM_BANNER_TOLD, message);
}

/* The file was not what it was thought to be: by now it is known */
static void
on_found_changed (GObject      *source,
                  GAsyncResult *result,
                  gpointer      data)
{
  g_autoptr(CvmSuiteEditor) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSuiteFound) found = cvm_suite_files_open_finish (result, &error);

  if (self->cancellable == NULL)
    return;

  self->is_saving = FALSE;
  if (found == NULL)
    end_saving (self, error);
  else if (found->text == NULL)
    cvm_suite_edit_set_saved (self->edit, NULL);      /* it is gone: written anew */

  if (found != NULL && (found->text == NULL || merge (self, found->text)))
    save_to_path (self);
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(Saving) saving = data;
  CvmSuiteEditor *self = saving->editor;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = cvm_suite_files_finish (result, &error);

  if (self->cancellable == NULL)
    return;

  if (g_error_matches (error, CVM_SUITE_EDIT_ERROR, CVM_SUITE_EDIT_ERROR_CHANGED))
    {
      cvm_suite_files_open_async (self->path, self->cancellable, on_found_changed,
                                  g_object_ref (self));
      return;
    }

  if (path != NULL)
    {
      cvm_suite_edit_set_saved (self->edit, saving->text);
      if (self->banner_mode == CVM_BANNER_DRAFT)
        cvm_suite_editor_tell (self, CVM_BANNER_NONE, NULL);
    }
  end_saving (self, error);
  cvm_suite_editor_keep_draft (self);
}

static void
save_to_path (CvmSuiteEditor *self)
{
  Saving *saving = g_new (Saving, 1);

  *saving = (Saving) { g_object_ref (self), g_strdup (cvm_suite_edit_get_text (self->edit)) };
  self->is_saving = TRUE;
  cvm_suite_files_save_async (self->path, saving->text, cvm_suite_edit_get_saved (self->edit), NULL,
                              on_saved, saving);
}

static void
on_named (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmSuiteEditor) self = data;
  g_autofree char *path = cvm_suite_files_finish (result, NULL);

  if (path == NULL || self->cancellable == NULL)
    return;

  cvm_suite_files_keep_draft (self->draft_path, NULL, NULL);
  g_free (self->path);
  g_free (self->draft_path);
  self->draft_path = g_strdup (path);
  self->path = g_steal_pointer (&path);
  cvm_suite_edit_set_path (self->edit, self->path);
  save_to_path (self);
}

void
cvm_suite_editor_save (CvmSuiteEditor *self)
{
  const char *name;

  if (self->edit == NULL || !self->can_write || self->is_saving
      || self->banner_mode == CVM_BANNER_CONFLICT || !cvm_suite_edit_is_modified (self->edit))
    return;

  self->is_saving = TRUE;
  if (self->path != NULL)
    {
      save_to_path (self);
      return;
    }

  name = cvm_suite_edit_get_suite (self->edit, "Name");
  cvm_suite_files_name_async (name != NULL ? name : "suite", self->cancellable, on_named,
                              g_object_ref (self));
}

/* Answers ---------------------------------------------------------------------------------- */

static void
on_duplicated (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  g_autoptr(CvmSuiteEditor) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = cvm_suite_files_finish (result, &error);
  g_autofree char *name = g_strconcat ("suite ", path, NULL);

  if (self->cancellable == NULL)
    return;

  if (path != NULL)
    cvm_stage_push (GTK_WIDGET (self), cvm_suite_editor_new (self->backend, path, TRUE), name);
  else
    cvm_suite_editor_tell (self, CVM_BANNER_TOLD, error->message);
}

void
cvm_suite_editor_on_banner_first (CvmSuiteEditor *self)
{
  CvmBanner mode = self->banner_mode;

  cvm_suite_editor_tell (self, CVM_BANNER_NONE, NULL);
  if (mode == CVM_BANNER_READ_ONLY)
    cvm_suite_files_add_async (self->path, self->backend, self->cancellable, on_duplicated,
                               g_object_ref (self));
  if (mode == CVM_BANNER_DRAFT)
    {
      discard_draft (self);
    }
  else if (mode == CVM_BANNER_CONFLICT)
    {
      cvm_suite_edit_set_saved (self->edit, self->disk);
      cvm_suite_editor_save (self);
    }
}

void
cvm_suite_editor_on_banner_second (CvmSuiteEditor *self)
{
  cvm_suite_editor_tell (self, CVM_BANNER_NONE, NULL);
  cvm_suite_edit_set_saved (self->edit, self->disk);
  cvm_suite_edit_set_text (self->edit, self->disk);
}
