/* cvm-preset-menu.c: the presets: one is chosen, saved, renamed, deleted
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-preset-menu.h"

#include <glib/gi18n.h>

#include "cvm-presets.h"
#include "cvm-stage.h"

struct _CvmPresetMenu
{
  GtkMenuButton  parent_instance;

  GtkPopover    *popover;
  GtkWidget     *none;
  GtkWidget     *frame;
  GtkContainer  *list;
  GtkEntry      *entry;
  GtkButton     *save;
  GtkLabel      *problem;

  GPtrArray     *names;      /* of char *, sorted */
  GHashTable    *leaving;    /* by name, the Deletion that removes it; none once it is saved again */
  char          *renamed;    /* that is being renamed, or NULL */
  GCancellable  *cancellable;
};

enum { CHOSEN, SAVE, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmPresetMenu, cvm_preset_menu, GTK_TYPE_MENU_BUTTON)

static gboolean
has_name (CvmPresetMenu *self,
          const char    *name)
{
  return g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, NULL);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (*(const char *const *)a, *(const char *const *)b);
}

static void
tell_problem (CvmPresetMenu *self,
              const char    *message)
{
  gtk_label_set_text (self->problem, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), message != NULL);
}

/* The button says what it would do with the name */
static void
on_entry_changed (CvmPresetMenu *self)
{
  const char *name = gtk_entry_get_text (self->entry);
  gboolean is_name = cvm_profile_is_name (name);
  gboolean is_taken = has_name (self, name);

  gtk_button_set_label (self->save, self->renamed != NULL ? _("_Rename")
                                    : is_taken            ? _("_Replace")
                                                          : _("_Save Preset"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->save),
                            is_name && (self->renamed == NULL || !is_taken));
  tell_problem (self, *name == '\0' || is_name ? NULL
                      : _("A name has no “/”, and does not begin with “.”."));
}

static void
begin_naming (CvmPresetMenu *self,
              const char    *renamed)
{
  g_free (self->renamed);
  self->renamed = g_strdup (renamed);
  gtk_entry_set_text (self->entry, renamed != NULL ? renamed : "");
  on_entry_changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

/* Rows --------------------------------------------------------------------------------------- */

static void
on_chosen (GtkButton     *button,
           CvmPresetMenu *self)
{
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (button), "name"));

  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[CHOSEN], 0, name);
}

static void
on_rename (GtkButton     *button,
           CvmPresetMenu *self)
{
  begin_naming (self, g_object_get_data (G_OBJECT (button), "name"));
}

/* A preset that goes unless the user takes it back */
typedef struct
{
  CvmPresetMenu *menu;    /* owned */
  char          *name;
} Deletion;

static void
deletion_free (Deletion *self)
{
  g_object_unref (self->menu);
  g_free (self->name);
  g_free (self);
}

static void
undo_deletion (gpointer data)
{
  Deletion *self = data;

  cvm_preset_menu_add (self->menu, self->name);
  deletion_free (self);
}

static void
on_deleted (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_application_release (g_application_get_default ());
}

/* Also when the window goes: the program stays until it is done */
static void
commit_deletion (gpointer data)
{
  Deletion *self = data;

  if (g_hash_table_lookup (self->menu->leaving, self->name) == self)
    {
      g_hash_table_remove (self->menu->leaving, self->name);
      g_application_hold (g_application_get_default ());
      cvm_presets_remove_async (self->name, NULL, on_deleted, NULL);
    }
  deletion_free (self);
}

static void show_rows (CvmPresetMenu *self);

static void
on_delete (GtkButton     *button,
           CvmPresetMenu *self)
{
  Deletion *deletion = g_new (Deletion, 1);
  g_autofree char *text = NULL;
  guint index;

  *deletion = (Deletion) { g_object_ref (self),
                           g_strdup (g_object_get_data (G_OBJECT (button), "name")) };
  if (g_ptr_array_find_with_equal_func (self->names, deletion->name, g_str_equal, &index))
    g_ptr_array_remove_index (self->names, index);
  g_hash_table_replace (self->leaving, g_strdup (deletion->name), deletion);
  show_rows (self);
  gtk_popover_popdown (self->popover);
  text = g_strdup_printf (_("Preset “%s” deleted"), deletion->name);
  cvm_stage_offer_undo (GTK_WIDGET (self), text, undo_deletion, commit_deletion, deletion);
}

static GtkWidget *
make_button (CvmPresetMenu *self,
             const char    *name,
             const char    *icon,
             const char    *spoken,
             GCallback      clicked)
{
  GtkWidget *button = icon != NULL
                        ? gtk_button_new_from_icon_name (icon, GTK_ICON_SIZE_BUTTON)
                        : gtk_button_new_with_label (name);

  gtk_button_set_relief (GTK_BUTTON (button), GTK_RELIEF_NONE);
  atk_object_set_name (gtk_widget_get_accessible (button), spoken);
  if (icon != NULL)
    gtk_widget_set_tooltip_text (button, spoken);
  g_object_set_data_full (G_OBJECT (button), "name", g_strdup (name), g_free);
  g_signal_connect_object (button, "clicked", clicked, self, 0);

  return button;
}

static GtkWidget *
make_row (CvmPresetMenu *self,
          const char    *name)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *choose = make_button (self, name, NULL, name, G_CALLBACK (on_chosen));
  GtkWidget *label = gtk_bin_get_child (GTK_BIN (choose));
  g_autofree char *rename_text = g_strdup_printf (_("Rename “%s”"), name);
  g_autofree char *delete_text = g_strdup_printf (_("Delete “%s”"), name);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_box_pack_start (GTK_BOX (row), choose, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (row), make_button (self, name, "document-edit-symbolic",
                                                       rename_text, G_CALLBACK (on_rename)));
  gtk_container_add (GTK_CONTAINER (row), make_button (self, name, "user-trash-symbolic",
                                                       delete_text, G_CALLBACK (on_delete)));

  return row;
}

static void
show_rows (CvmPresetMenu *self)
{
  gtk_container_foreach (self->list, (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; i < self->names->len; i++)
    gtk_container_add (self->list, make_row (self, self->names->pdata[i]));
  gtk_widget_show_all (GTK_WIDGET (self->list));
  gtk_widget_set_visible (self->none, self->names->len == 0);
  gtk_widget_set_visible (self->frame, self->names->len > 0);
}

/* Saving and renaming ------------------------------------------------------------------------ */

/* The menu may be closed, and may name another, before it is done */
typedef struct
{
  CvmPresetMenu *menu;    /* owned */
  char          *name, *new_name;
} Renaming;

static void
renaming_free (Renaming *self)
{
  g_object_unref (self->menu);
  g_free (self->name);
  g_free (self->new_name);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Renaming, renaming_free)

static void
on_renamed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(Renaming) renaming = data;
  CvmPresetMenu *self = renaming->menu;
  g_autoptr(GError) error = NULL;
  guint index;

  if (self->cancellable == NULL)
    return;

  if (!cvm_presets_finish (result, &error))
    {
      tell_problem (self, error->message);
      return;
    }

  if (g_ptr_array_find_with_equal_func (self->names, renaming->name, g_str_equal, &index))
    g_ptr_array_remove_index (self->names, index);
  if (g_strcmp0 (self->renamed, renaming->name) == 0)
    begin_naming (self, NULL);
  cvm_preset_menu_add (self, renaming->new_name);
}

static void
rename_preset (CvmPresetMenu *self,
               const char    *new_name)
{
  Renaming *renaming = g_new (Renaming, 1);

  *renaming = (Renaming) { g_object_ref (self), g_strdup (self->renamed), g_strdup (new_name) };
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), FALSE);
  cvm_presets_rename_async (self->renamed, new_name, self->cancellable, on_renamed, renaming);
}

static void
on_entry_done (CvmPresetMenu *self)
{
  g_autofree char *name = g_strdup (gtk_entry_get_text (self->entry));

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->save)))
    return;

  if (self->renamed != NULL)
    {
      rename_preset (self, name);
      return;
    }

  gtk_popover_popdown (self->popover);
  g_signal_emit (self, signals[SAVE], 0, name);
}

static void
on_closed (CvmPresetMenu *self)
{
  begin_naming (self, NULL);
}

/* -------------------------------------------------------------------------------------------- */

static void
cvm_preset_menu_dispose (GObject *object)
{
  CvmPresetMenu *self = CVM_PRESET_MENU (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (cvm_preset_menu_parent_class)->dispose (object);
}

static void
cvm_preset_menu_finalize (GObject *object)
{
  CvmPresetMenu *self = CVM_PRESET_MENU (object);

  g_ptr_array_unref (self->names);
  g_hash_table_unref (self->leaving);
  g_free (self->renamed);

  G_OBJECT_CLASS (cvm_preset_menu_parent_class)->finalize (object);
}

static void
cvm_preset_menu_class_init (CvmPresetMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_preset_menu_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_preset_menu_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", CVM_TYPE_PRESET_MENU, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SAVE] = g_signal_new ("save", CVM_TYPE_PRESET_MENU, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-preset-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPresetMenu, popover);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetMenu, none);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetMenu, frame);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetMenu, list);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetMenu, entry);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetMenu, save);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetMenu, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_done);
}

static void
cvm_preset_menu_init (CvmPresetMenu *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->leaving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->popover, "closed", G_CALLBACK (on_closed), self,
                           G_CONNECT_SWAPPED);
}

void
cvm_preset_menu_set_names (CvmPresetMenu     *self,
                           const char *const *names)
{
  g_ptr_array_set_size (self->names, 0);
  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (self->names, g_strdup (names[i]));
  show_rows (self);
}

void
cvm_preset_menu_add (CvmPresetMenu *self,
                     const char    *name)
{
  g_hash_table_remove (self->leaving, name);
  if (!has_name (self, name))
    g_ptr_array_add (self->names, g_strdup (name));
  g_ptr_array_sort (self->names, compare_names);
  if (self->cancellable != NULL)
    show_rows (self);
}
