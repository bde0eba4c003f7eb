/* cvm-list-keys.c: how Tab goes through a list that may be long
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-list-keys.h"

typedef struct
{
  GtkWidget *last;    /* weak: the row that had the focus last, or NULL */
} Keys;

static void
keys_free (gpointer data)
{
  Keys *keys = data;

  g_clear_weak_pointer (&keys->last);
  g_free (keys);
}

/* What is selected may have been so by the program */
static GtkWidget *
find_row (GtkListBox *list,
          const Keys *keys)
{
  GtkListBoxRow *selected = NULL;

  if (gtk_list_box_get_selection_mode (list) != GTK_SELECTION_MULTIPLE)
    selected = gtk_list_box_get_selected_row (list);

  return selected != NULL ? GTK_WIDGET (selected) : keys->last;
}

static gboolean
on_focus (GtkWidget        *list,
          GtkDirectionType  direction,
          Keys             *keys)
{
  GtkWidget *at = gtk_container_get_focus_child (GTK_CONTAINER (list));
  GtkWidget *row = at == NULL ? find_row (GTK_LIST_BOX (list), keys) : NULL;

  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return GDK_EVENT_PROPAGATE;

  if (at == NULL)
    {
      if (row == NULL || !gtk_widget_get_mapped (row))
        return GDK_EVENT_PROPAGATE;
      gtk_widget_grab_focus (row);
      return GDK_EVENT_STOP;
    }

  if (gtk_widget_child_focus (at, direction))
    return GDK_EVENT_STOP;

  g_signal_stop_emission_by_name (list, "focus");    /* its own would go to the next row */
  return GDK_EVENT_PROPAGATE;
}

static void
on_focus_child (GtkWidget *list,
                GtkWidget *row,
                Keys      *keys)
{
  if (row != NULL)
    g_set_weak_pointer (&keys->last, row);
}

void
cvm_list_keys_add (GtkListBox *list)
{
  Keys *keys = g_new0 (Keys, 1);

  g_object_set_data_full (G_OBJECT (list), "cvm-list-keys", keys, keys_free);
  g_signal_connect (list, "focus", G_CALLBACK (on_focus), keys);
  g_signal_connect (list, "set-focus-child", G_CALLBACK (on_focus_child), keys);
}
