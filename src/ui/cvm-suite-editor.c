/* cvm-suite-editor.c: a suite is written: as a form, or as the text of its file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-editor-private.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-paths.h"

#define DRAFT_AFTER_MS 500

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmSuiteEditor, cvm_suite_editor, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

static gboolean
is_source (CvmSuiteEditor *self)
{
  return gtk_toggle_button_get_active (self->source_button);
}

static int
get_item (CvmSuiteEditor *self)
{
  return cvm_suite_edit_is_readable (self->edit) ? cvm_suite_outline_get_selected (self->outline)
                                                 : CVM_OUTLINE_SUITE;
}

/* Problems --------------------------------------------------------------------------------- */

static void
add_problem (CvmSuiteEditor        *self,
             const CvmSuiteProblem *problem)
{
  g_autofree char *line = g_strdup_printf (_("Line %u: %s"), problem->line, problem->message);
  g_autofree char *text = cvm_format_line (line);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), "cvm-small");
  g_object_set (label, "margin", 6, NULL);
  atk_object_set_name (gtk_widget_get_accessible (row), text);
  g_object_set_data (G_OBJECT (row), "line", GUINT_TO_POINTER (problem->line));
  gtk_container_add (GTK_CONTAINER (row), label);
  gtk_widget_show_all (row);
  gtk_container_add (GTK_CONTAINER (self->problem_list), row);
}

static guint
get_line (gpointer row)
{
  return GPOINTER_TO_UINT (g_object_get_data (row, "line"));
}

/* By its line; the form tells those of a part where they are */
static gboolean
is_told_by_line (CvmSuiteEditor *self,
                 guint           line)
{
  return is_source (self) || cvm_suite_edit_find_at (self->edit, line) == CVM_SUITE_EDIT_OTHER;
}

static void
sync_problem_area (CvmSuiteEditor *self)
{
  gboolean is_any = FALSE;

  for (g_autoptr(GList) rows = gtk_container_get_children (GTK_CONTAINER (self->problem_list));
       rows != NULL; rows = g_list_delete_link (rows, rows))
    {
      gboolean is_told = is_told_by_line (self, get_line (rows->data));

      gtk_widget_set_visible (rows->data, is_told);
      is_any |= is_told;
    }

  gtk_widget_set_visible (self->problem_area, is_any);
}

static void
show_problems (CvmSuiteEditor *self)
{
  gtk_container_foreach (GTK_CONTAINER (self->problem_list), (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; i < MIN (self->problems->len, 100); i++)
    add_problem (self, self->problems->pdata[i]);
  sync_problem_area (self);

  if (cvm_suite_edit_is_readable (self->edit))
    {
      cvm_suite_outline_set_problems (self->outline, self->problems);
      cvm_suite_form_set_problems (self->form, self->problems);
    }
}

static void check (CvmSuiteEditor *self);

static void
on_checked (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmSuiteEditor) self = data;
  g_autoptr(GPtrArray) problems = cvm_suite_files_check_finish (result, NULL);

  self->is_checking = FALSE;
  if (problems == NULL || self->cancellable == NULL)
    return;

  if (self->must_check)
    {
      check (self);
      return;
    }

  g_clear_pointer (&self->problems, g_ptr_array_unref);
  self->problems = g_steal_pointer (&problems);
  show_problems (self);
}

/* One at a time; what is typed meanwhile is looked at after it */
static void
check (CvmSuiteEditor *self)
{
  self->must_check = self->is_checking;
  if (self->is_checking)
    return;

  self->is_checking = TRUE;
  cvm_suite_files_check_async (self->edit, self->backend->lookup, self->cancellable, on_checked,
                               g_object_ref (self));
}

static void
on_problem_activated (CvmSuiteEditor *self,
                      GtkListBoxRow  *row)
{
  guint line = get_line (row);

  gtk_toggle_button_set_active (self->source_button, TRUE);
  cvm_suite_editor_jump (self, line);
}

/* What is shown ---------------------------------------------------------------------------- */

static void
sync_title (CvmSuiteEditor *self)
{
  const char *name = cvm_suite_edit_get_suite (self->edit, "Name");
  gboolean is_modified = self->can_write && cvm_suite_edit_is_modified (self->edit);
  g_autofree char *shown = cvm_format_line (name != NULL && *name != '\0' ? name : _("Suite"));
  g_autofree char *title = is_modified ? g_strdup_printf ("• %s", shown) : g_strdup (shown);
  g_autofree char *base = self->path != NULL ? g_path_get_basename (self->path) : NULL;
  g_autofree char *subtitle = g_strdup_printf (is_modified ? _("%s, not saved") : "%s",
                                               base != NULL ? base : _("New suite"));

  hdy_header_bar_set_title (self->header, title);
  hdy_header_bar_set_subtitle (self->header, subtitle);
}

/* One at a time */
static gboolean
can_try (CvmSuiteEditor *self)
{
  CvmTryoutState state = cvm_tryout_get_state (self->tryout);

  return self->tried == NULL && (state == CVM_TRYOUT_EMPTY || state == CVM_TRYOUT_KEPT);
}

static void
sync_buttons (CvmSuiteEditor *self)
{
  gboolean is_readable = cvm_suite_edit_is_readable (self->edit);
  int item = get_item (self);
  gboolean can_change = self->can_write && is_readable;
  gboolean has_preset = can_change && item == CVM_OUTLINE_PRESET;

  gtk_widget_set_sensitive (self->undo_button, cvm_suite_edit_can_undo (self->edit));
  gtk_widget_set_sensitive (self->redo_button, cvm_suite_edit_can_redo (self->edit));
  gtk_widget_set_sensitive (self->save_button,
                            self->can_write && cvm_suite_edit_is_modified (self->edit));
  gtk_widget_set_sensitive (GTK_WIDGET (self->form_button), is_readable);
  gtk_widget_set_sensitive (self->try_button, is_readable && item >= 0 && can_try (self));
  gtk_widget_set_sensitive (self->try_where_button, is_readable && item >= 0 && can_try (self));
  gtk_widget_set_sensitive (self->add_button, can_change);
  gtk_widget_set_sensitive (self->up_button, can_change && item > 0);
  gtk_widget_set_sensitive (self->down_button, can_change && item >= 0);
  gtk_widget_set_sensitive (self->duplicate_button, can_change && item >= 0);
  gtk_widget_set_sensitive (self->remove_button, has_preset || (can_change && item >= 0));
}

static void
show_part (CvmSuiteEditor *self)
{
  cvm_suite_form_show (self->form, self->edit, cvm_suite_outline_get_selected (self->outline),
                       cvm_suite_outline_get_preset (self->outline), self->can_write);
  if (self->problems != NULL)
    cvm_suite_form_set_problems (self->form, self->problems);
}

static gboolean
on_draft_due (gpointer data)
{
  CvmSuiteEditor *self = data;

  self->draft_source = 0;
  cvm_suite_editor_keep_draft (self);

  return G_SOURCE_REMOVE;
}

static void
on_edit_changed (CvmSuiteEditor *self)
{
  gboolean is_readable = cvm_suite_edit_is_readable (self->edit);

  cvm_suite_editor_sync_source (self);
  if (is_readable)
    {
      cvm_suite_outline_refresh (self->outline);
      show_part (self);
    }
  else if (!is_source (self))
    {
      gtk_toggle_button_set_active (self->source_button, TRUE);
    }

  sync_title (self);
  sync_buttons (self);
  check (self);
  if (self->draft_source == 0 && self->can_write)
    self->draft_source = g_timeout_add (DRAFT_AFTER_MS, on_draft_due, self);
}

static void
on_view_toggled (CvmSuiteEditor *self)
{
  if (self->edit == NULL)
    return;

  gtk_stack_set_visible_child_name (self->stack, is_source (self) ? "source" : "form");
  sync_problem_area (self);
}

static void
on_part_selected (CvmSuiteEditor *self)
{
  if (self->edit == NULL || !cvm_suite_edit_is_readable (self->edit))
    return;

  show_part (self);
  sync_buttons (self);
}

static void
on_preset_added (CvmSuiteEditor *self,
                 const char     *preset)
{
  cvm_suite_outline_select_preset (self->outline, preset);
}

static void
on_failed (CvmSuiteEditor *self,
           const char     *message)
{
  cvm_suite_editor_tell (self, CVM_BANNER_TOLD, message);
}

void
cvm_suite_editor_set_edit (CvmSuiteEditor *self,
                           CvmSuiteEdit   *edit)
{
  self->edit = edit;
  gtk_text_view_set_editable (self->source, self->can_write);
  gtk_widget_set_visible (self->tools, self->can_write);
  gtk_widget_set_visible (self->save_button, self->can_write);
  g_signal_connect_object (edit, "changed", G_CALLBACK (on_edit_changed), self, G_CONNECT_SWAPPED);

  if (!self->can_write)
    cvm_suite_editor_tell (self, CVM_BANNER_READ_ONLY,
                           _("This suite is installed with the program. Duplicate it to edit it."));
  if (cvm_suite_edit_is_readable (edit))
    {
      cvm_suite_outline_set_edit (self->outline, edit, self->can_write);
      show_part (self);
      gtk_stack_set_visible_child_name (self->stack, "form");
    }
  else
    {
      gtk_toggle_button_set_active (self->source_button, TRUE);
    }
  on_view_toggled (self);
  cvm_suite_editor_sync_source (self);
  sync_title (self);
  sync_buttons (self);
  check (self);
}

/* Changing --------------------------------------------------------------------------------- */

static void
finish_change (CvmSuiteEditor *self,
               const GError   *error)
{
  if (error != NULL)
    cvm_suite_editor_tell (self, CVM_BANNER_TOLD, error->message);
}

static void
on_undo (CvmSuiteEditor *self)
{
  if (self->edit != NULL && self->can_write)
    cvm_suite_edit_undo (self->edit);
}

static void
on_redo (CvmSuiteEditor *self)
{
  if (self->edit != NULL && self->can_write)
    cvm_suite_edit_redo (self->edit);
}

static void
on_picked (CvmSuiteEditor *self,
           const char     *check_id,
           gboolean        is_precondition)
{
  g_autoptr(GError) error = NULL;
  int added = cvm_suite_edit_add (self->edit, check_id, is_precondition,
                                  MAX (cvm_suite_outline_get_selected (self->outline), -1), &error);

  if (added >= 0)
    {
      cvm_suite_outline_select (self->outline, added);
      cvm_suite_form_focus (self->form);
    }
  finish_change (self, error);
}

static void
on_add_clicked (CvmSuiteEditor *self)
{
  int item = get_item (self);

  if (self->picker == NULL)
    {
      self->picker = CVM_CHECK_PICKER (cvm_check_picker_new (self->backend));
      gtk_popover_set_relative_to (GTK_POPOVER (self->picker), self->add_button);
      g_signal_connect_object (self->picker, "picked", G_CALLBACK (on_picked), self,
                               G_CONNECT_SWAPPED);
    }

  cvm_check_picker_open (self->picker,
                         item >= 0 && cvm_suite_edit_item (self->edit, (guint)item).is_precondition
                         && item + 1 < (int)cvm_suite_edit_n_items (self->edit));
}

static void
on_up_clicked (CvmSuiteEditor *self)
{
  cvm_suite_outline_move (self->outline, -1);
}

static void
on_down_clicked (CvmSuiteEditor *self)
{
  cvm_suite_outline_move (self->outline, 1);
}

static void
on_duplicate_clicked (CvmSuiteEditor *self)
{
  g_autoptr(GError) error = NULL;
  int copy = cvm_suite_edit_duplicate (self->edit, (guint)get_item (self), &error);

  if (copy >= 0)
    cvm_suite_outline_select (self->outline, copy);
  finish_change (self, error);
}

static void
on_remove_clicked (CvmSuiteEditor *self)
{
  const char *preset = cvm_suite_outline_get_preset (self->outline);
  g_autoptr(GError) error = NULL;

  if (preset != NULL)
    cvm_suite_edit_remove_preset (self->edit, preset, &error);
  else if (get_item (self) >= 0)
    cvm_suite_edit_remove (self->edit, (guint)get_item (self), &error);
  finish_change (self, error);
}

/* Trying ----------------------------------------------------------------------------------- */

static void
on_planned (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmSuiteEditor) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmPlan) plan = cvm_suite_try_plan_finish (result, &error);
  g_autofree char *id = g_steal_pointer (&self->tried);

  if (self->cancellable == NULL)
    return;

  if (plan == NULL)
    cvm_suite_editor_tell (self, CVM_BANNER_TOLD, error->message);
  else if (!cvm_tryout_try (self->tryout, plan, id))
    cvm_suite_editor_tell (self, CVM_BANNER_TOLD, _("The guest is being stopped. Try again then."));
  sync_buttons (self);
}

static void
try_it (CvmSuiteEditor *self)
{
  int item = get_item (self);

  if (item < 0 || !can_try (self))
    return;

  self->tried = g_strdup (cvm_suite_edit_item (self->edit, (guint)item).id);
  sync_buttons (self);
  cvm_suite_try_plan_async (self->edit, self->tried, self->backend->lookup, self->cancellable,
                            on_planned, g_object_ref (self));
}

static void
on_try_where_clicked (CvmSuiteEditor *self)
{
  int item = get_item (self);

  if (item < 0)
    return;

  if (self->try_popover == NULL)
    {
      self->try_popover = CVM_SUITE_TRY (cvm_suite_try_new (self->backend));
      gtk_popover_set_relative_to (GTK_POPOVER (self->try_popover), self->try_where_button);
      g_signal_connect_object (self->try_popover, "chosen", G_CALLBACK (try_it), self,
                               G_CONNECT_SWAPPED);
    }
  cvm_suite_try_open (self->try_popover, cvm_suite_edit_item (self->edit, (guint)item).id);
}

/* Asks where only the first time */
static void
on_try_clicked (CvmSuiteEditor *self)
{
  if (!can_try (self))
    return;

  if (cvm_suite_try_is_chosen ())
    try_it (self);
  else
    on_try_where_clicked (self);
}

/* Keys ------------------------------------------------------------------------------------- */

static const struct
{
  guint           key;
  GdkModifierType state;
  void          (*act) (CvmSuiteEditor *self);
} keys[] = {
  { GDK_KEY_s, GDK_CONTROL_MASK, cvm_suite_editor_save },
  { GDK_KEY_z, GDK_CONTROL_MASK, on_undo },
  { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, on_redo },
  { GDK_KEY_t, GDK_CONTROL_MASK, on_try_clicked },
  { GDK_KEY_plus, GDK_CONTROL_MASK, on_add_clicked },
};

static gboolean
cvm_suite_editor_key_press_event (GtkWidget   *widget,
                                  GdkEventKey *event)
{
  CvmSuiteEditor *self = CVM_SUITE_EDITOR (widget);
  GdkModifierType state = event->state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_MOD1_MASK);
  guint key = gdk_keyval_to_lower (event->keyval);

  for (gsize i = 0; self->edit != NULL && i < G_N_ELEMENTS (keys); i++)
    {
      gboolean is_shifted = keys[i].key == GDK_KEY_plus;    /* to type it at all, on most boards */

      if (key == keys[i].key && (is_shifted ? state & ~GDK_SHIFT_MASK : state) == keys[i].state)
        {
          keys[i].act (self);
          return GDK_EVENT_STOP;
        }
    }

  return GTK_WIDGET_CLASS (cvm_suite_editor_parent_class)->key_press_event (widget, event);
}

/* The page --------------------------------------------------------------------------------- */

static void
show (CvmPage *page)
{
  CvmSuiteEditor *self = CVM_SUITE_EDITOR (page);

  if (self->edit != NULL)
    cvm_suite_editor_look_again (self);
}

static gboolean
leave (CvmPage *page)
{
  cvm_suite_editor_keep_draft (CVM_SUITE_EDITOR (page));

  return TRUE;
}

static gboolean
tell (CvmPage    *page,
      const char *message)
{
  cvm_suite_editor_tell (CVM_SUITE_EDITOR (page),
                         message != NULL ? CVM_BANNER_TOLD : CVM_BANNER_NONE, message);

  return TRUE;
}

static const char *
get_help (CvmPage *page)
{
  return "suites";
}

static void
page_init (CvmPageInterface *iface)
{
  iface->show = show;
  iface->leave = leave;
  iface->tell = tell;
  iface->get_help = get_help;
}

static void
on_banner_closed (CvmSuiteEditor *self)
{
  if (self->banner_mode != CVM_BANNER_CONFLICT)
    cvm_suite_editor_tell (self, CVM_BANNER_NONE, NULL);
}

static void
cvm_suite_editor_dispose (GObject *object)
{
  CvmSuiteEditor *self = CVM_SUITE_EDITOR (object);

  if (self->cancellable != NULL)
    cvm_suite_editor_keep_draft (self);
  g_clear_handle_id (&self->draft_source, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->edit);
  if (self->tryout != NULL)
    g_signal_handlers_disconnect_by_data (self->tryout, self);
  g_clear_object (&self->tryout);

  G_OBJECT_CLASS (cvm_suite_editor_parent_class)->dispose (object);

  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->draft_path, g_free);
  g_clear_pointer (&self->disk, g_free);
  g_clear_pointer (&self->tried, g_free);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, CvmSuiteEditor, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (header);
  BIND (undo_button);
  BIND (redo_button);
  BIND (form_button);
  BIND (source_button);
  BIND (try_button);
  BIND (try_where_button);
  BIND (save_button);
  BIND (banner);
  BIND (banner_text);
  BIND (banner_first);
  BIND (banner_second);
  BIND (stack);
  BIND (tools);
  BIND (add_button);
  BIND (up_button);
  BIND (down_button);
  BIND (duplicate_button);
  BIND (remove_button);
  BIND (outline);
  BIND (form);
  BIND (source);
  BIND (source_place);
  BIND (problem_list);
  BIND (problem_area);
  BIND (try_panel);
  BIND (failure);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_undo);
  gtk_widget_class_bind_template_callback (widget_class, on_redo);
  gtk_widget_class_bind_template_callback (widget_class, on_view_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_try_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_try_where_clicked);
  gtk_widget_class_bind_template_callback (widget_class, cvm_suite_editor_save);
  gtk_widget_class_bind_template_callback (widget_class, cvm_suite_editor_on_banner_first);
  gtk_widget_class_bind_template_callback (widget_class, cvm_suite_editor_on_banner_second);
  gtk_widget_class_bind_template_callback (widget_class, on_banner_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_up_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_down_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_duplicate_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_part_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_preset_added);
  gtk_widget_class_bind_template_callback (widget_class, on_failed);
  gtk_widget_class_bind_template_callback (widget_class, on_problem_activated);
}

static void
cvm_suite_editor_class_init (CvmSuiteEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_suite_editor_dispose;
  widget_class->key_press_event = cvm_suite_editor_key_press_event;

  g_type_ensure (CVM_TYPE_SUITE_OUTLINE);
  g_type_ensure (CVM_TYPE_SUITE_FORM);
  g_type_ensure (CVM_TYPE_TRY_PANEL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-suite-editor.ui");
  bind_children (widget_class);
  bind_callbacks (widget_class);
}

/* GTK gives the banner's button an icon, and no name */
static void
name_close_button (GtkWidget *widget,
                   gpointer   data)
{
  CvmSuiteEditor *self = data;

  if (widget == GTK_WIDGET (self->banner_first) || widget == GTK_WIDGET (self->banner_second))
    return;

  if (GTK_IS_BUTTON (widget))
    atk_object_set_name (gtk_widget_get_accessible (widget), _("Close the Message"));
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), name_close_button, self);
}

static void
cvm_suite_editor_init (CvmSuiteEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  name_close_button (GTK_WIDGET (self->banner), self);
  cvm_suite_editor_hear_source (self);
}

static void
on_tryout_made (CvmSuiteEditor *self,
                CvmRun         *run)
{
  cvm_stage_take_run (GTK_WIDGET (self), run);
}

static void
on_tryout_changed (CvmSuiteEditor *self)
{
  if (self->edit != NULL)
    sync_buttons (self);
}

static void
make_tryout (CvmSuiteEditor *self)
{
  self->tryout = cvm_tryout_new (self->backend->ports, self->backend->find);
  g_signal_connect_object (self->tryout, "made", G_CALLBACK (on_tryout_made), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tryout, "changed", G_CALLBACK (on_tryout_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->tryout, "failed", G_CALLBACK (on_failed), self,
                           G_CONNECT_SWAPPED);
  cvm_try_panel_set_tryout (self->try_panel, self->tryout);
}

GtkWidget *
cvm_suite_editor_new (const CvmBackend *backend,
                      const char       *path,
                      gboolean          can_write)
{
  CvmSuiteEditor *self = g_object_new (CVM_TYPE_SUITE_EDITOR, NULL);
  g_autofree char *folder = cvm_paths_config ("suites");

  self->backend = backend;
  make_tryout (self);
  self->can_write = can_write;
  self->path = g_strdup (path);
  self->draft_path = path != NULL ? g_strdup (path)
                                  : g_build_filename (folder, ".new.suite", NULL);
  cvm_suite_editor_open (self);

  return GTK_WIDGET (self);
}
