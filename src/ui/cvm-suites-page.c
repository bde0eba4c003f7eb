/* cvm-suites-page.c: the place of the suites: what is tested, yours and those installed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suites-page.h"

#include <glib/gi18n.h>
#include <handy.h>

#include "cvm-list-keys.h"
#include "cvm-stage.h"
#include "cvm-suite-editor.h"
#include "cvm-suite-files.h"
#include "cvm-suite-list.h"
#include "cvm-suite-row.h"

struct _CvmSuitesPage
{
  GtkBox            parent_instance;

  GtkListBox       *list;
  GtkStack         *stack;

  const CvmBackend *backend;
  GCancellable     *cancellable;
  GHashTable       *removed;       /* paths that are gone unless it is taken back */
  char             *text;          /* casefolded: what is searched; "" for all */
  GtkNativeDialog  *dialog;        /* owned; a file is chosen */
};

static void page_init (CvmPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CvmSuitesPage, cvm_suites_page, GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (CVM_TYPE_PAGE, page_init))

/* The list --------------------------------------------------------------------------------- */

static gboolean
is_shown (GtkListBoxRow *row,
          gpointer       data)
{
  CvmSuitesPage *self = data;

  return !g_hash_table_contains (self->removed, cvm_suite_row_get_path (CVM_SUITE_ROW (row)))
         && cvm_suite_row_matches (CVM_SUITE_ROW (row), self->text);
}

/* "Yours" and "Installed" above the first of each that is shown */
static void
put_header (GtkListBoxRow *row,
            GtkListBoxRow *before,
            gpointer       data)
{
  gboolean is_own = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), "is-own"));
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (row));
  GtkWidget *label;

  if (before != NULL && is_own == GPOINTER_TO_INT (g_object_get_data (G_OBJECT (before), "is-own")))
    {
      gtk_style_context_remove_class (style, "cvm-first");
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (is_own ? _("Yours") : _("Installed with the Program"));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), "cvm-day");
  gtk_style_context_add_class (style, "cvm-first");
  gtk_widget_show (label);
  gtk_list_box_row_set_header (row, label);
}

static void
sync_stack (CvmSuitesPage *self)
{
  guint n_rows = 0, n_shown = 0;

  for (g_autoptr(GList) rows = gtk_container_get_children (GTK_CONTAINER (self->list));
       rows != NULL; rows = g_list_delete_link (rows, rows))
    {
      n_rows++;
      n_shown += is_shown (rows->data, self);
    }

  gtk_stack_set_visible_child_name (self->stack, n_shown > 0 ? "list"
                                    : n_rows > 0 && *self->text != '\0' ? "nothing" : "empty");
}

static void
show_what_matches (CvmSuitesPage *self)
{
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_headers (self->list);
  sync_stack (self);
}

static GtkListBoxRow *
find_row (CvmSuitesPage *self,
          const char    *path)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (g_strcmp0 (cvm_suite_row_get_path (CVM_SUITE_ROW (row)), path) == 0)
        return row;
    }

  return NULL;
}

static gboolean
is_not_among (gpointer path,
              gpointer value,
              gpointer data)
{
  GPtrArray *entries = data;

  for (guint i = 0; i < entries->len; i++)
    {
      if (g_str_equal (((CvmSuiteEntry *)entries->pdata[i])->path, path))
        return FALSE;
    }

  return TRUE;
}

static void
fill (CvmSuitesPage *self,
      GPtrArray     *entries)
{
  GtkWidget *focus = gtk_container_get_focus_child (GTK_CONTAINER (self->list));
  g_autofree char *path = focus != NULL
                          ? g_strdup (cvm_suite_row_get_path (CVM_SUITE_ROW (focus))) : NULL;
  GtkListBoxRow *row;

  g_hash_table_foreach_remove (self->removed, is_not_among, entries);
  gtk_container_foreach (GTK_CONTAINER (self->list), (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; i < entries->len; i++)
    {
      const CvmSuiteEntry *entry = entries->pdata[i];
      GtkWidget *made = cvm_suite_row_new (entry);

      g_object_set_data (G_OBJECT (made), "is-own", GINT_TO_POINTER (entry->is_own));
      gtk_container_add (GTK_CONTAINER (self->list), made);
    }

  row = path != NULL ? find_row (self, path) : NULL;
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  sync_stack (self);
  cvm_stage_set_count (GTK_WIDGET (self), CVM_PLACE_SUITES, entries->len, FALSE);
}

static void
on_listed (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmSuitesPage) self = data;
  g_autoptr(GPtrArray) entries = cvm_suite_list_finish (result, NULL);

  if (entries != NULL && self->cancellable != NULL)
    fill (self, entries);
}

static void
load (CvmSuitesPage *self)
{
  if (self->cancellable != NULL)
    cvm_suite_list_async (self->backend, self->cancellable, on_listed, g_object_ref (self));
}

/* Opening ---------------------------------------------------------------------------------- */

static gboolean
is_own (CvmSuitesPage *self,
        const char    *path)
{
  GtkListBoxRow *row = find_row (self, path);

  return row != NULL && g_object_get_data (G_OBJECT (row), "is-own") != NULL;
}

static void
edit (CvmSuitesPage *self,
      const char    *path)
{
  g_autofree char *name = g_strconcat ("suite ", path, NULL);

  cvm_stage_push (GTK_WIDGET (self),
                  cvm_suite_editor_new (self->backend, path, is_own (self, path)), name);
}

static void
on_row_activated (CvmSuitesPage *self,
                  GtkListBoxRow *row)
{
  edit (self, cvm_suite_row_get_path (CVM_SUITE_ROW (row)));
}

static void
on_new_clicked (CvmSuitesPage *self)
{
  cvm_stage_push (GTK_WIDGET (self), cvm_suite_editor_new (self->backend, NULL, TRUE), "suite");
}

/* New files -------------------------------------------------------------------------------- */

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmSuitesPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = cvm_suite_files_finish (result, &error);

  if (self->cancellable == NULL)
    return;

  cvm_stage_tell (GTK_WIDGET (self), path == NULL ? error->message : NULL);
  load (self);
}

static void
add_file (CvmSuitesPage *self,
          const char    *path)
{
  cvm_suite_files_add_async (path, self->backend, self->cancellable, on_added,
                             g_object_ref (self));
}

/* Shows a file chooser; ANSWERED gets what was chosen. */
static void
choose (CvmSuitesPage        *self,
        const char           *title,
        GtkFileChooserAction  action,
        const char           *accept,
        GCallback             answered)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  g_clear_object (&self->dialog);
  self->dialog = GTK_NATIVE_DIALOG (gtk_file_chooser_native_new (title, GTK_WINDOW (window), action,
                                                                 accept, _("_Cancel")));
  g_signal_connect_object (self->dialog, "response", answered, self, G_CONNECT_SWAPPED);
}

static void
add_filter (GtkNativeDialog *dialog)
{
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _("Suites and CVM configurations"));
  gtk_file_filter_add_pattern (filter, "*.suite");
  gtk_file_filter_add_pattern (filter, "*.cfg");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
}

static void
on_import_answered (CvmSuitesPage *self,
                    int            response)
{
  g_autofree char *path = response == GTK_RESPONSE_ACCEPT
                          ? gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (self->dialog)) : NULL;

  if (path != NULL)
    add_file (self, path);
}

static void
on_import_clicked (CvmSuitesPage *self)
{
  choose (self, _("Import a Suite"), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Import"),
          G_CALLBACK (on_import_answered));
  add_filter (self->dialog);
  gtk_native_dialog_show (self->dialog);
}

/* Actions ---------------------------------------------------------------------------------- */

static void
on_edit (GSimpleAction *action,
         GVariant      *path,
         gpointer       self)
{
  edit (self, g_variant_get_string (path, NULL));
}

static void
on_duplicate (GSimpleAction *action,
              GVariant      *path,
              gpointer       self)
{
  add_file (self, g_variant_get_string (path, NULL));
}

static void
on_run (GSimpleAction *action,
        GVariant      *path,
        gpointer       self)
{
  cvm_stage_new_run (self, g_variant_get_string (path, NULL));
}

static void
on_exported (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(CvmSuitesPage) self = data;
  g_autoptr(GError) error = NULL;

  if (!g_file_copy_finish (G_FILE (source), result, &error) && self->cancellable != NULL)
    cvm_stage_tell (GTK_WIDGET (self), error->message);
}

static void
on_export_answered (CvmSuitesPage *self,
                    int            response)
{
  const char *path = g_object_get_data (G_OBJECT (self->dialog), "path");
  g_autoptr(GFile) source = g_file_new_for_path (path);
  g_autoptr(GFile) target = response == GTK_RESPONSE_ACCEPT
                            ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->dialog)) : NULL;

  if (target != NULL)
    g_file_copy_async (source, target, G_FILE_COPY_OVERWRITE, G_PRIORITY_DEFAULT,
                       self->cancellable, NULL, NULL, on_exported, g_object_ref (self));
}

static void
on_export (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  CvmSuitesPage *self = data;
  const char *path = g_variant_get_string (parameter, NULL);
  g_autofree char *name = g_path_get_basename (path);

  choose (self, _("Export the Suite"), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"),
          G_CALLBACK (on_export_answered));
  g_object_set_data_full (G_OBJECT (self->dialog), "path", g_strdup (path), g_free);
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (self->dialog), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->dialog), name);
  gtk_native_dialog_show (self->dialog);
}

static void
on_folder (GSimpleAction *action,
           GVariant      *path,
           gpointer       data)
{
  CvmSuitesPage *self = data;
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  g_autofree char *folder = g_path_get_dirname (g_variant_get_string (path, NULL));
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);
  g_autoptr(GError) error = NULL;

  if (!gtk_show_uri_on_window (GTK_WINDOW (window), uri, GDK_CURRENT_TIME, &error))
    cvm_stage_tell (GTK_WIDGET (self), error->message);
}

/* Removing --------------------------------------------------------------------------------- */

typedef struct
{
  GWeakRef  page;
  char     *path;
} Removal;

static void
removal_free (Removal *removal)
{
  g_weak_ref_clear (&removal->page);
  g_free (removal->path);
  g_free (removal);
}

static void
show_again (Removal *removal)
{
  g_autoptr(CvmSuitesPage) self = g_weak_ref_get (&removal->page);

  if (self == NULL || self->removed == NULL)
    return;

  g_hash_table_remove (self->removed, removal->path);
  show_what_matches (self);
}

static void
undo_removal (gpointer data)
{
  show_again (data);
  removal_free (data);
}

/* What is still there has its row again, which was destroyed */
static void
on_removed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  Removal *removal = data;
  g_autoptr(CvmSuitesPage) self = g_weak_ref_get (&removal->page);
  g_autoptr(GError) error = NULL;

  if (!cvm_suite_files_remove_finish (result, &error) && self != NULL && self->removed != NULL)
    {
      g_hash_table_remove (self->removed, removal->path);
      cvm_stage_tell (GTK_WIDGET (self), error->message);
      load (self);
    }
  removal_free (removal);
}

/* Its row goes with the next look at the folder; until then it stays hidden */
static void
commit_removal (gpointer data)
{
  Removal *removal = data;
  g_autoptr(CvmSuitesPage) self = g_weak_ref_get (&removal->page);
  GtkListBoxRow *row = self != NULL && self->removed != NULL ? find_row (self, removal->path)
                                                             : NULL;

  if (row != NULL)
    gtk_widget_destroy (GTK_WIDGET (row));
  cvm_suite_files_remove_async (removal->path, on_removed, removal);
}

static void
on_remove (GSimpleAction *action,
           GVariant      *path,
           gpointer       data)
{
  CvmSuitesPage *self = data;
  Removal *removal = g_new0 (Removal, 1);

  g_weak_ref_init (&removal->page, self);
  removal->path = g_variant_dup_string (path, NULL);
  g_hash_table_add (self->removed, g_strdup (removal->path));
  show_what_matches (self);
  cvm_stage_offer_undo (GTK_WIDGET (self), _("Suite removed"), undo_removal, commit_removal,
                        removal);
}

static const GActionEntry actions[] = {
  { "run",       on_run, "s" },
  { "edit",      on_edit, "s" },
  { "duplicate", on_duplicate, "s" },
  { "export",    on_export, "s" },
  { "folder",    on_folder, "s" },
  { "remove",    on_remove, "s" },
};

/* The place -------------------------------------------------------------------------------- */

static void
show (CvmPage *page)
{
  load (CVM_SUITES_PAGE (page));
}

static void
search (CvmPage    *page,
        const char *text)
{
  CvmSuitesPage *self = CVM_SUITES_PAGE (page);

  g_free (self->text);
  self->text = g_utf8_casefold (text != NULL ? text : "", -1);
  show_what_matches (self);
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
  iface->search = search;
  iface->get_help = get_help;
}

static void
cvm_suites_page_dispose (GObject *object)
{
  CvmSuitesPage *self = CVM_SUITES_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->dialog);

  G_OBJECT_CLASS (cvm_suites_page_parent_class)->dispose (object);

  g_clear_pointer (&self->removed, g_hash_table_unref);
  g_clear_pointer (&self->text, g_free);
}

static void
cvm_suites_page_class_init (CvmSuitesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_suites_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-suites-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSuitesPage, list);
  gtk_widget_class_bind_template_child (widget_class, CvmSuitesPage, stack);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_new_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_import_clicked);
}

static void
cvm_suites_page_init (CvmSuitesPage *self)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (self->list);
  self->cancellable = g_cancellable_new ();
  self->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->text = g_strdup ("");
  gtk_list_box_set_filter_func (self->list, is_shown, self, NULL);
  gtk_list_box_set_header_func (self->list, put_header, self, NULL);
  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "suites", G_ACTION_GROUP (group));
}

GtkWidget *
cvm_suites_page_new (const CvmBackend *backend)
{
  CvmSuitesPage *self = g_object_new (CVM_TYPE_SUITES_PAGE, NULL);

  self->backend = backend;

  return GTK_WIDGET (self);
}
