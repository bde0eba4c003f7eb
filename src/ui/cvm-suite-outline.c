/* cvm-suite-outline.c: the parts of a suite that is edited, in their order
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-outline.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-list-keys.h"
#include "cvm-outline-row.h"

#define DRAG_TARGET "application/x-cvm-suite-item"

struct _CvmSuiteOutline
{
  GtkListBox    parent_instance;

  CvmSuiteEdit *edit;
  gboolean      can_write;
  gboolean      is_filling;
};

enum { SELECTED, FAILED, N_SIGNALS };

static guint signals[N_SIGNALS];

static const GtkTargetEntry targets[] = {
  { (char *)DRAG_TARGET, GTK_TARGET_SAME_APP, 0 },
};

G_DEFINE_FINAL_TYPE (CvmSuiteOutline, cvm_suite_outline, GTK_TYPE_LIST_BOX)

static CvmOutlineRow *
get_row (CvmSuiteOutline *self,
         int              index)
{
  return (CvmOutlineRow *)gtk_list_box_get_row_at_index (GTK_LIST_BOX (self), index);
}

static CvmOutlineRow *
get_selected_row (CvmSuiteOutline *self)
{
  return (CvmOutlineRow *)gtk_list_box_get_selected_row (GTK_LIST_BOX (self));
}

/* Moving ----------------------------------------------------------------------------------- */

static void
move (CvmSuiteOutline *self,
      int              item,
      int              to)
{
  g_autoptr(GError) error = NULL;
  CvmSuiteEditItem moved = cvm_suite_edit_item (self->edit, (guint)item);
  g_autofree char *id = g_strdup (moved.id);
  gboolean had_focus = gtk_container_get_focus_child (GTK_CONTAINER (self)) != NULL;

  if (!cvm_suite_edit_move (self->edit, (guint)item, (guint)MAX (to, 0), &error))
    g_signal_emit (self, signals[FAILED], 0, error->message);

  cvm_suite_outline_select (self, cvm_suite_edit_find (self->edit, id));
  if (had_focus && get_selected_row (self) != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (get_selected_row (self)));
}

static void
on_drag_begin (CvmOutlineRow  *row,
               GdkDragContext *context)
{
  GtkAllocation place;
  cairo_surface_t *surface;
  cairo_t *cr;

  gtk_widget_get_allocation (GTK_WIDGET (row), &place);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, place.width, place.height);
  cr = cairo_create (surface);
  gtk_widget_draw (GTK_WIDGET (row), cr);
  gtk_drag_set_icon_surface (context, surface);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
on_drag_data_get (CvmOutlineRow    *row,
                  GdkDragContext   *context,
                  GtkSelectionData *data)
{
  int item = cvm_outline_row_get_item (row);

  gtk_selection_data_set (data, gdk_atom_intern_static_string (DRAG_TARGET), 32,
                          (const guchar *)&item, sizeof item);
}

static void
on_drag_data_received (CvmSuiteOutline  *self,
                       GdkDragContext   *context,
                       int               x,
                       int               y,
                       GtkSelectionData *data,
                       guint             info,
                       guint             time,
                       CvmOutlineRow    *row)
{
  int from;

  if (gtk_selection_data_get_length (data) != sizeof from)
    return;

  memcpy (&from, gtk_selection_data_get_data (data), sizeof from);
  if (from >= 0 && from < (int)cvm_suite_edit_n_items (self->edit))
    move (self, from, cvm_outline_row_get_item (row));
}

static void
make_draggable (CvmSuiteOutline *self,
                GtkWidget       *row)
{
  GtkWidget *handle = cvm_outline_row_get_handle (CVM_OUTLINE_ROW (row));

  gtk_drag_source_set (handle, GDK_BUTTON1_MASK, targets, G_N_ELEMENTS (targets), GDK_ACTION_MOVE);
  gtk_drag_dest_set (row, GTK_DEST_DEFAULT_ALL, targets, G_N_ELEMENTS (targets), GDK_ACTION_MOVE);
  g_signal_connect_object (handle, "drag-begin", G_CALLBACK (on_drag_begin), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (handle, "drag-data-get", G_CALLBACK (on_drag_data_get), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "drag-data-received", G_CALLBACK (on_drag_data_received), self,
                           G_CONNECT_SWAPPED);
}

static gboolean
cvm_suite_outline_key_press_event (GtkWidget   *widget,
                                   GdkEventKey *event)
{
  CvmSuiteOutline *self = CVM_SUITE_OUTLINE (widget);
  gboolean is_alt = (event->state & gtk_accelerator_get_default_mod_mask ()) == GDK_MOD1_MASK;

  if (is_alt && (event->keyval == GDK_KEY_Up || event->keyval == GDK_KEY_Down))
    {
      cvm_suite_outline_move (self, event->keyval == GDK_KEY_Up ? -1 : 1);
      return GDK_EVENT_STOP;
    }

  return GTK_WIDGET_CLASS (cvm_suite_outline_parent_class)->key_press_event (widget, event);
}

/* Rows ------------------------------------------------------------------------------------- */

static void
put_header (GtkListBoxRow *row,
            GtkListBoxRow *before,
            gpointer       data)
{
  const char *group = cvm_outline_row_get_group (CVM_OUTLINE_ROW (row));
  GtkWidget *label;

  if (before != NULL
      && g_strcmp0 (group, cvm_outline_row_get_group (CVM_OUTLINE_ROW (before))) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  if (group == NULL)
    return;

  label = gtk_label_new (group);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), "cvm-group");
  gtk_style_context_add_class (gtk_widget_get_style_context (label), "dim-label");
  gtk_widget_show (label);
  gtk_list_box_row_set_header (row, label);
}

static void
add_row (CvmSuiteOutline *self,
         GtkWidget       *row,
         gboolean         can_move)
{
  gtk_container_add (GTK_CONTAINER (self), row);
  if (can_move && self->can_write)
    make_draggable (self, row);
}

static void
fill (CvmSuiteOutline *self)
{
  g_auto(GStrv) presets = cvm_suite_edit_dup_presets (self->edit);

  add_row (self, cvm_outline_row_new (NULL, CVM_OUTLINE_SUITE, ""), FALSE);
  for (guint i = 0; i < cvm_suite_edit_n_items (self->edit); i++)
    {
      CvmSuiteEditItem item = cvm_suite_edit_item (self->edit, i);

      add_row (self, cvm_outline_row_new (item.is_precondition ? _("Preconditions") : _("Cases"),
                                          (int)i, item.id), TRUE);
    }
  for (gsize i = 0; presets[i] != NULL; i++)
    add_row (self, cvm_outline_row_new (_("Presets"), CVM_OUTLINE_PRESET, presets[i]), FALSE);
}

static gboolean
is_filled_alike (CvmSuiteOutline *self)
{
  g_auto(GStrv) presets = cvm_suite_edit_dup_presets (self->edit);
  guint n_items = cvm_suite_edit_n_items (self->edit);
  guint n = 1 + n_items + g_strv_length (presets);

  for (guint i = 0; i < n; i++)
    {
      CvmOutlineRow *row = get_row (self, (int)i);
      gboolean is_item = i > 0 && i <= n_items;

      if (row == NULL || (cvm_outline_row_get_item (row) >= 0) != is_item)
        return FALSE;
      if (is_item && cvm_suite_edit_item (self->edit, i - 1).is_precondition
                     != g_str_equal (cvm_outline_row_get_group (row), _("Preconditions")))
        return FALSE;
    }

  return get_row (self, (int)n) == NULL;
}

static void
label_suite (CvmSuiteOutline *self,
             CvmOutlineRow   *row)
{
  const char *name = cvm_suite_edit_get_suite (self->edit, "Name");

  cvm_outline_row_set_text (row, "", name != NULL && *name != '\0' ? name : _("Suite"),
                            _("name, version, limit"));
}

static void
label_item (CvmSuiteOutline *self,
            CvmOutlineRow   *row,
            int              index)
{
  CvmSuiteEditItem item = cvm_suite_edit_item (self->edit, (guint)index);
  g_autofree char *about = g_strdup_printf ("%s · %s", item.id, *item.check_id != '\0'
                                            ? item.check_id : _("no check"));

  cvm_outline_row_set_text (row, item.id, *item.title != '\0' ? item.title : item.id, about);
}

static void
label_rows (CvmSuiteOutline *self)
{
  g_auto(GStrv) presets = cvm_suite_edit_dup_presets (self->edit);
  gsize n_presets = 0;
  CvmOutlineRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      int item = cvm_outline_row_get_item (row);

      if (item == CVM_OUTLINE_SUITE)
        label_suite (self, row);
      else if (item >= 0)
        label_item (self, row, item);
      else
        cvm_outline_row_set_text (row, presets[n_presets], presets[n_presets], _("other values"));
      n_presets += item == CVM_OUTLINE_PRESET;
    }
}

void
cvm_suite_outline_refresh (CvmSuiteOutline *self)
{
  CvmOutlineRow *selected = get_selected_row (self);
  int index = selected != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (selected)) : 0;
  gboolean had_focus = gtk_container_get_focus_child (GTK_CONTAINER (self)) != NULL;

  if (is_filled_alike (self))
    {
      label_rows (self);
      return;
    }

  self->is_filling = TRUE;
  gtk_container_foreach (GTK_CONTAINER (self), (GtkCallback)gtk_widget_destroy, NULL);
  fill (self);
  label_rows (self);
  while (index > 0 && get_row (self, index) == NULL)
    index--;
  gtk_list_box_select_row (GTK_LIST_BOX (self), GTK_LIST_BOX_ROW (get_row (self, index)));
  if (had_focus)
    gtk_widget_grab_focus (GTK_WIDGET (get_row (self, index)));
  self->is_filling = FALSE;
  g_signal_emit (self, signals[SELECTED], 0);
}

void
cvm_suite_outline_set_problems (CvmSuiteOutline *self,
                                GPtrArray       *problems)
{
  g_autofree const char **messages = g_new0 (const char *, cvm_suite_edit_n_items (self->edit) + 1);
  const char *of_suite = NULL;
  CvmOutlineRow *row;

  for (guint i = problems->len; i-- > 0;)      /* the first of an item is told */
    {
      const CvmSuiteProblem *problem = problems->pdata[i];
      int item = cvm_suite_edit_find_at (self->edit, problem->line);

      if (item >= 0)
        messages[item] = problem->message;
      else if (item == CVM_SUITE_EDIT_SUITE
               && (problem->line > 1 || cvm_suite_edit_has_case (self->edit)))  /* else just begun */
        of_suite = problem->message;
    }

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      int item = cvm_outline_row_get_item (row);

      if (item < (int)cvm_suite_edit_n_items (self->edit))
        cvm_outline_row_set_problem (row, item >= 0 ? messages[item]
                                          : item == CVM_OUTLINE_SUITE ? of_suite : NULL);
    }
}

static void
on_row_selected (CvmSuiteOutline *self)
{
  if (!self->is_filling)
    g_signal_emit (self, signals[SELECTED], 0);
}

static void
cvm_suite_outline_dispose (GObject *object)
{
  CVM_SUITE_OUTLINE (object)->is_filling = TRUE;    /* no selection is told while rows go */

  G_OBJECT_CLASS (cvm_suite_outline_parent_class)->dispose (object);

  g_clear_object (&CVM_SUITE_OUTLINE (object)->edit);
}

static void
cvm_suite_outline_class_init (CvmSuiteOutlineClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_suite_outline_dispose;
  GTK_WIDGET_CLASS (klass)->key_press_event = cvm_suite_outline_key_press_event;

  signals[SELECTED] = g_signal_new ("selected", CVM_TYPE_SUITE_OUTLINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", CVM_TYPE_SUITE_OUTLINE, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cvm_suite_outline_init (CvmSuiteOutline *self)
{
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self), GTK_SELECTION_BROWSE);
  gtk_list_box_set_header_func (GTK_LIST_BOX (self), put_header, NULL, NULL);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self)), _("Parts of the suite"));
  g_signal_connect (self, "row-selected", G_CALLBACK (on_row_selected), NULL);
  cvm_list_keys_add (GTK_LIST_BOX (self));
}

void
cvm_suite_outline_set_edit (CvmSuiteOutline *self,
                            CvmSuiteEdit    *edit,
                            gboolean         can_write)
{
  g_set_object (&self->edit, edit);
  self->can_write = can_write;
  cvm_suite_outline_refresh (self);
}

int
cvm_suite_outline_get_selected (CvmSuiteOutline *self)
{
  CvmOutlineRow *row = get_selected_row (self);

  return row != NULL ? cvm_outline_row_get_item (row) : CVM_OUTLINE_SUITE;
}

const char *
cvm_suite_outline_get_preset (CvmSuiteOutline *self)
{
  CvmOutlineRow *row = get_selected_row (self);

  return row != NULL && cvm_outline_row_get_item (row) == CVM_OUTLINE_PRESET
         ? cvm_outline_row_get_id (row) : NULL;
}

void
cvm_suite_outline_select (CvmSuiteOutline *self,
                          int              item)
{
  CvmOutlineRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      if (cvm_outline_row_get_item (row) == item)
        gtk_list_box_select_row (GTK_LIST_BOX (self), GTK_LIST_BOX_ROW (row));
    }
}

void
cvm_suite_outline_select_preset (CvmSuiteOutline *self,
                                 const char      *preset)
{
  CvmOutlineRow *row;

  for (int i = 0; (row = get_row (self, i)) != NULL; i++)
    {
      if (cvm_outline_row_get_item (row) == CVM_OUTLINE_PRESET
          && g_str_equal (cvm_outline_row_get_id (row), preset))
        gtk_list_box_select_row (GTK_LIST_BOX (self), GTK_LIST_BOX_ROW (row));
    }
}

void
cvm_suite_outline_move (CvmSuiteOutline *self,
                        int              by)
{
  int item = cvm_suite_outline_get_selected (self);

  if (self->can_write && item >= 0 && item + by >= 0)
    move (self, item, item + by);
}
