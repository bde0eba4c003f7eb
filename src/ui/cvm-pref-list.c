/* cvm-pref-list.c: a list in the preferences whose items can be added, changed and removed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-pref-list.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-stage.h"

#define UNDO_S 10   /* to take a removal back */

struct _CvmPrefList
{
  HdyPreferencesGroup  parent_instance;

  GtkContainer        *items;
  GtkWidget           *empty_row, *add_row, *form_row;
  GtkButton           *add;
  GtkGrid             *form;
  GtkEntry            *entries[CVM_PREF_FIELDS];
  GtkLabel            *problem;

  const CvmPrefKind   *kind;
  char                *leaving;    /* the name of what is being removed, or NULL */
  guint                undo_timer;
  GCancellable        *cancellable;
};

G_DEFINE_FINAL_TYPE (CvmPrefList, cvm_pref_list, HDY_TYPE_PREFERENCES_GROUP)

static void load (CvmPrefList *self);

CvmPrefItem *
cvm_pref_item_new (const char *first,
                   const char *second,
                   const char *third,
                   const char *fourth)
{
  CvmPrefItem *self = g_new0 (CvmPrefItem, 1);
  const char *values[CVM_PREF_FIELDS] = { first, second, third, fourth };

  for (guint i = 0; i < CVM_PREF_FIELDS; i++)
    self->values[i] = g_strdup (values[i]);

  return self;
}

void
cvm_pref_item_free (CvmPrefItem *self)
{
  for (guint i = 0; i < CVM_PREF_FIELDS; i++)
    g_free (self->values[i]);
  g_free (self);
}

static void
show_problem (CvmPrefList *self,
              const char  *text)
{
  gtk_label_set_text (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

static gboolean
is_focus_in (GtkWidget *box)
{
  GtkWidget *focus = cvm_stage_get_focus (box);

  return focus != NULL && gtk_widget_is_ancestor (focus, box);
}

/* What is hidden has no focus: back to where it was opened from */
static void
hide_form (CvmPrefList *self)
{
  gboolean had_focus = is_focus_in (self->form_row);

  gtk_widget_hide (self->form_row);
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (self->add));
}

/* Work off the main thread ----------------------------------------------------------------- */

typedef enum { SAVE, REMOVE, MAKE_DEFAULT, TEST } Act;

typedef struct
{
  const CvmPrefKind *kind;
  Act                act;
  CvmPrefItem       *item;
} Work;

static void
work_free (Work *self)
{
  cvm_pref_item_free (self->item);
  g_free (self);
}

static gboolean
work (const Work    *self,
      GCancellable  *cancellable,
      GError       **error)
{
  const char *name = self->item->values[0];

  switch (self->act)
    {
    case SAVE:
      return self->kind->save (self->item, error);
    case REMOVE:
      return self->kind->remove (name, error);
    case MAKE_DEFAULT:
      return self->kind->make_default (name, error);
    case TEST:
    default:
      return self->kind->test (name, cancellable, error);
    }
}

static void
work_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;

  if (work (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_worked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmPrefList) self = data;
  const Work *done = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);
  g_autofree char *text = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (!is_done)
    text = cvm_format_text (error->message);
  else if (done->act == TEST)
    text = g_strdup_printf (_("“%s” answers."), done->item->values[0]);
  if (is_done && done->act == SAVE)
    hide_form (self);
  show_problem (self, text);
  if (done->act != TEST)
    load (self);
}

/* Takes ITEM. A change is written to its end, also when the window closes. */
static void
begin (CvmPrefList *self,
       Act          act,
       CvmPrefItem *item)
{
  g_autoptr(GTask) task = g_task_new (NULL, act == TEST ? self->cancellable : NULL, on_worked,
                                      g_object_ref (self));
  Work *todo = g_new0 (Work, 1);

  todo->kind = self->kind;
  todo->act = act;
  todo->item = item;
  g_task_set_task_data (task, todo, (GDestroyNotify)work_free);
  g_task_run_in_thread (task, work_in_thread);
}

/* Removing --------------------------------------------------------------------------------- */

static void
commit (CvmPrefList *self)
{
  g_clear_handle_id (&self->undo_timer, g_source_remove);
  if (self->leaving == NULL)
    return;

  begin (self, REMOVE, cvm_pref_item_new (self->leaving, NULL, NULL, NULL));
  g_clear_pointer (&self->leaving, g_free);
}

static gboolean
on_undo_over (gpointer data)
{
  CvmPrefList *self = data;

  self->undo_timer = 0;
  commit (self);

  return G_SOURCE_REMOVE;
}

static void
undo (CvmPrefList *self)
{
  g_clear_handle_id (&self->undo_timer, g_source_remove);
  g_clear_pointer (&self->leaving, g_free);
  load (self);
}

/* Rows ------------------------------------------------------------------------------------- */

static const CvmPrefItem *
item_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "item");
}

static void
on_remove (CvmPrefList *self,
           GtkWidget   *button)
{
  const CvmPrefItem *item = item_of (button);

  commit (self);
  self->leaving = g_strdup (item->values[0]);
  self->undo_timer = g_timeout_add_seconds (UNDO_S, on_undo_over, self);
  load (self);
}

static void
show_form (CvmPrefList       *self,
           const CvmPrefItem *item)
{
  for (guint i = 0; i < CVM_PREF_FIELDS && self->kind->fields[i].label != NULL; i++)
    gtk_entry_set_text (self->entries[i], item != NULL && item->values[i] != NULL
                                            ? item->values[i]
                                            : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->entries[0]), item == NULL);
  gtk_widget_show (self->form_row);
  gtk_widget_grab_focus (GTK_WIDGET (self->entries[item == NULL ? 0 : 1]));
}

static void
on_edit (CvmPrefList *self,
         GtkWidget   *button)
{
  show_form (self, item_of (button));
}

static void
on_default (CvmPrefList *self,
            GtkWidget   *button)
{
  begin (self, MAKE_DEFAULT, cvm_pref_item_new (item_of (button)->values[0], NULL, NULL, NULL));
}

static void
on_test (CvmPrefList *self,
         GtkWidget   *button)
{
  show_problem (self, _("Looking…"));
  begin (self, TEST, cvm_pref_item_new (item_of (button)->values[0], NULL, NULL, NULL));
}

/* Takes NAME */
static void
add_button (CvmPrefList       *self,
            GtkWidget         *row,
            const CvmPrefItem *item,
            const char        *icon,
            char              *name,
            GCallback          clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon, GTK_ICON_SIZE_BUTTON);

  g_object_set (button, "visible", TRUE, "valign", GTK_ALIGN_CENTER, "tooltip-text", name, NULL);
  atk_object_set_name (gtk_widget_get_accessible (button), name);
  gtk_button_set_relief (GTK_BUTTON (button), GTK_RELIEF_NONE);
  g_object_set_data (G_OBJECT (button), "item", (gpointer)item);   /* the row's */
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (row), button);
  g_free (name);
}

static char *
describe (const CvmPrefItem *item)
{
  GString *text = g_string_new (item->is_default ? _("default") : NULL);

  for (guint i = 1; i < CVM_PREF_FIELDS; i++)
    if (item->values[i] != NULL && *item->values[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", item->values[i]);

  return g_string_free (text, FALSE);
}

/* Returns: (transfer none): the button that takes it back */
static GtkWidget *
add_leaving_row (CvmPrefList *self)
{
  g_autofree char *title = g_strdup_printf (_("“%s” removed"), self->leaving);
  GtkWidget *row = g_object_new (HDY_TYPE_ACTION_ROW, "visible", TRUE, "title", title, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Undo"));

  g_object_set (button, "visible", TRUE, "valign", GTK_ALIGN_CENTER, NULL);
  g_signal_connect_object (button, "clicked", G_CALLBACK (undo), self, G_CONNECT_SWAPPED);
  atk_object_set_name (gtk_widget_get_accessible (row), title);
  gtk_container_add (GTK_CONTAINER (row), button);
  gtk_container_add (self->items, row);

  return button;
}

static void
add_item_row (CvmPrefList *self,
              CvmPrefItem *item)
{
  g_autofree char *about = describe (item);
  g_autofree char *title = cvm_format_line (item->values[0]);
  g_autofree char *name = g_strdup_printf ("%s, %s", title, about);
  GtkWidget *row = g_object_new (HDY_TYPE_ACTION_ROW, "visible", TRUE, "title", title, "subtitle",
                                 about, NULL);

  g_object_set_data_full (G_OBJECT (row), "item", item, (GDestroyNotify)cvm_pref_item_free);
  atk_object_set_name (gtk_widget_get_accessible (row), name);
  if (self->kind->test != NULL)
    add_button (self, row, item, "network-transmit-receive-symbolic",
                g_strdup_printf (_("Test “%s”"), title), G_CALLBACK (on_test));
  if (self->kind->make_default != NULL && !item->is_default)
    add_button (self, row, item, "emblem-default-symbolic",
                g_strdup_printf (_("Make “%s” the default"), title), G_CALLBACK (on_default));
  if (self->kind->save != NULL)
    add_button (self, row, item, "document-edit-symbolic",
                g_strdup_printf (_("Edit “%s”"), title), G_CALLBACK (on_edit));
  add_button (self, row, item, "edit-delete-symbolic",
              g_strdup_printf (_("Remove “%s”"), title), G_CALLBACK (on_remove));
  gtk_container_add (self->items, row);
}

static void
focus_items (CvmPrefList *self,
             GtkWidget   *undo)
{
  if (undo != NULL)
    gtk_widget_grab_focus (undo);
  else if (!gtk_widget_child_focus (GTK_WIDGET (self->items), GTK_DIR_TAB_FORWARD))
    gtk_widget_grab_focus (GTK_WIDGET (self->add));
}

static void
show_items (CvmPrefList *self,
            GPtrArray   *items)
{
  gboolean had_focus = is_focus_in (GTK_WIDGET (self->items));
  GtkWidget *undo = NULL;

  gtk_container_foreach (self->items, (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; i < items->len; i++)
    {
      CvmPrefItem *item = items->pdata[i];

      if (g_strcmp0 (item->values[0], self->leaving) == 0)
        {
          undo = add_leaving_row (self);
          cvm_pref_item_free (item);
        }
      else
        add_item_row (self, item);
    }

  gtk_widget_set_visible (self->empty_row, items->len == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->items), items->len > 0);
  if (had_focus)
    focus_items (self, undo);
}

/* Loading ---------------------------------------------------------------------------------- */

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const CvmPrefKind *kind = data;
  GError *error = NULL;
  GPtrArray *items = kind->load (cancellable, &error);

  if (items != NULL)
    g_task_return_pointer (task, items, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmPrefList) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;

  if (items == NULL)
    {
      show_problem (self, error->message);
      return;
    }

  g_ptr_array_set_free_func (items, NULL);   /* the rows have them */
  show_items (self, items);
}

static void
load (CvmPrefList *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, on_loaded, g_object_ref (self));

  g_task_set_task_data (task, (gpointer)self->kind, NULL);
  g_task_run_in_thread (task, load_in_thread);
}

/* Form ------------------------------------------------------------------------------------- */

static void
add_item (CvmPrefList *self)
{
  show_form (self, NULL);
}

static void
cancel_form (CvmPrefList *self)
{
  hide_form (self);
  show_problem (self, NULL);
}

static void
save_form (CvmPrefList *self)
{
  CvmPrefItem *item = cvm_pref_item_new (NULL, NULL, NULL, NULL);

  for (guint i = 0; i < CVM_PREF_FIELDS && self->kind->fields[i].label != NULL; i++)
    item->values[i] = g_strstrip (g_strdup (gtk_entry_get_text (self->entries[i])));
  begin (self, SAVE, item);
}

static void
make_field (CvmPrefList *self,
            guint        i)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *label = gtk_label_new_with_mnemonic (_(self->kind->fields[i].label));

  g_object_set (entry, "visible", TRUE, "hexpand", TRUE, "placeholder-text",
                self->kind->fields[i].example, NULL);
  g_object_set (label, "visible", TRUE, "xalign", 1.0, "mnemonic-widget", entry, NULL);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), "dim-label");
  g_signal_connect_object (entry, "activate", G_CALLBACK (save_form), self, G_CONNECT_SWAPPED);
  gtk_grid_attach (self->form, label, 0, (int)i, 1, 1);
  gtk_grid_attach (self->form, entry, 1, (int)i, 1, 1);
  self->entries[i] = GTK_ENTRY (entry);
}

/* Type ------------------------------------------------------------------------------------- */

static void
cvm_pref_list_dispose (GObject *object)
{
  CvmPrefList *self = CVM_PREF_LIST (object);

  g_cancellable_cancel (self->cancellable);
  commit (self);

  G_OBJECT_CLASS (cvm_pref_list_parent_class)->dispose (object);
}

static void
cvm_pref_list_finalize (GObject *object)
{
  g_object_unref (CVM_PREF_LIST (object)->cancellable);

  G_OBJECT_CLASS (cvm_pref_list_parent_class)->finalize (object);
}

static void
cvm_pref_list_class_init (CvmPrefListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_pref_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_pref_list_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-pref-list.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPrefList, items);
  gtk_widget_class_bind_template_child (widget_class, CvmPrefList, empty_row);
  gtk_widget_class_bind_template_child (widget_class, CvmPrefList, add_row);
  gtk_widget_class_bind_template_child (widget_class, CvmPrefList, form_row);
  gtk_widget_class_bind_template_child (widget_class, CvmPrefList, add);
  gtk_widget_class_bind_template_child (widget_class, CvmPrefList, form);
  gtk_widget_class_bind_template_child (widget_class, CvmPrefList, problem);
  gtk_widget_class_bind_template_callback (widget_class, add_item);
  gtk_widget_class_bind_template_callback (widget_class, save_form);
  gtk_widget_class_bind_template_callback (widget_class, cancel_form);
}

static void
cvm_pref_list_init (CvmPrefList *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_pref_list_new (const CvmPrefKind *kind)
{
  CvmPrefList *self = g_object_new (CVM_TYPE_PREF_LIST, "title", _(kind->title), "description",
                                    _(kind->about), NULL);

  self->kind = kind;
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->items)), _(kind->title));
  gtk_label_set_text (GTK_LABEL (self->empty_row), _(kind->empty));
  gtk_widget_set_visible (self->add_row, kind->add != NULL);
  if (kind->add != NULL)
    gtk_button_set_label (self->add, _(kind->add));
  for (guint i = 0; i < CVM_PREF_FIELDS && kind->fields[i].label != NULL; i++)
    make_field (self, i);
  load (self);

  return GTK_WIDGET (self);
}
