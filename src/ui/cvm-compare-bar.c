/* cvm-compare-bar.c: runs that are selected in the list, and what is done with two of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-compare-bar.h"

#include <glib/gi18n.h>

#include "cvm-run-row.h"

struct _CvmCompareBar
{
  GtkRevealer  parent_instance;

  GtkLabel    *text;
  GtkButton   *button;

  GtkListBox  *list;     /* not owned */
};

G_DEFINE_FINAL_TYPE (CvmCompareBar, cvm_compare_bar, GTK_TYPE_REVEALER)

static const CvmRunSummary *
get_summary (gpointer row)
{
  return cvm_run_item_get_summary (cvm_run_row_get_item (CVM_RUN_ROW (row)));
}

static void
on_selected (CvmCompareBar *self)
{
  g_autoptr(GList) rows = gtk_list_box_get_selected_rows (self->list);
  guint n = g_list_length (rows);
  gboolean can = n == 2 && !get_summary (rows->data)->is_on && !get_summary (rows->next->data)->is_on;
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child (GTK_REVEALER (self), n > 1);
  if (n < 2)
    return;

  text = can ? g_strdup (_("2 runs selected"))
             : g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                             "%u run selected; two that have ended can be compared",
                                             "%u runs selected; two that have ended can be compared",
                                             n), n);
  gtk_label_set_text (self->text, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), can);
  if (can)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->button), "(ss)",
                                      get_summary (rows->data)->dir,
                                      get_summary (rows->next->data)->dir);
}

static void
on_clear (CvmCompareBar *self)
{
  gtk_list_box_unselect_all (self->list);
}

static void
cvm_compare_bar_class_init (CvmCompareBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-compare-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmCompareBar, text);
  gtk_widget_class_bind_template_child (widget_class, CvmCompareBar, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clear);
}

static void
cvm_compare_bar_init (CvmCompareBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cvm_compare_bar_set_list (CvmCompareBar *self,
                          GtkListBox    *list)
{
  self->list = list;
  g_signal_connect_object (list, "selected-rows-changed", G_CALLBACK (on_selected), self,
                           G_CONNECT_SWAPPED);
}

/* The one other run that is selected, or NULL */
static const char *
find_other (CvmCompareBar *self,
            const char    *dir)
{
  g_autoptr(GList) rows = gtk_list_box_get_selected_rows (self->list);
  const char *other = NULL;

  for (GList *at = rows; at != NULL; at = at->next)
    {
      const CvmRunSummary *summary = get_summary (at->data);

      if (g_str_equal (summary->dir, dir))
        continue;
      if (other != NULL || summary->is_on)
        return NULL;
      other = summary->dir;
    }

  return other;
}

static void
add_item (GMenu      *menu,
          const char *label,
          const char *action,
          GVariant   *target)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

GMenu *
cvm_compare_bar_make_menu (CvmCompareBar *self,
                           const char    *dir)
{
  GMenu *menu = g_menu_new ();
  const char *other = find_other (self, dir);

  add_item (menu, _("Compare With _Previous Run"), "win.compare-of",
            g_variant_new ("(ss)", dir, ""));
  if (other != NULL)
    add_item (menu, _("_Compare With Selected Run"), "win.compare-of",
              g_variant_new ("(ss)", dir, other));
  else
    add_item (menu, _("Select to _Compare"), "runs.pick", g_variant_new_string (dir));

  return menu;
}

GPtrArray *
cvm_compare_bar_list_picked (CvmCompareBar *self)
{
  g_autoptr(GList) rows = gtk_list_box_get_selected_rows (self->list);
  GPtrArray *dirs = g_ptr_array_new_with_free_func (g_free);

  for (GList *at = rows; at != NULL; at = at->next)
    g_ptr_array_add (dirs, g_strdup (get_summary (at->data)->dir));

  return dirs;
}

void
cvm_compare_bar_pick (CvmCompareBar *self,
                      const char    *dir)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (g_str_equal (get_summary (row)->dir, dir))
        gtk_list_box_select_row (self->list, row);
    }
}
