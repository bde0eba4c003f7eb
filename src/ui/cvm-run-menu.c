/* cvm-run-menu.c: what can be done with a run of the list
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-menu.h"

#include <glib/gi18n.h>

static void
add_action (GMenu      *menu,
            const char *label,
            const char *action,
            const char *dir)
{
  g_autoptr(GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", dir);
  g_menu_append_item (menu, item);
}

static GMenuModel *
make_menu (const CvmRunSummary *summary,
           GMenuModel          *compare)
{
  GMenu *menu = g_menu_new ();
  g_autoptr(GMenu) again = g_menu_new ();
  g_autoptr(GMenu) keep = g_menu_new ();
  g_autoptr(GMenu) away = g_menu_new ();

  add_action (again, _("_Open"), "runs.open", summary->dir);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (again));
  if (summary->is_on)
    return G_MENU_MODEL (menu);

  add_action (again, _("Run _Again"), "win.again-of", summary->dir);
  add_action (again, _("Run _Failed Again"), "win.again-failed-of", summary->dir);
  add_action (keep, _("_Export…"), "runs.export", summary->dir);
  add_action (keep, _("_Send Report"), "runs.submit", summary->dir);
  add_action (away, _("_Delete"), "runs.remove", summary->dir);
  g_menu_append_section (menu, NULL, compare);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (keep));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (away));

  return G_MENU_MODEL (menu);
}

static gboolean
destroy_menu (gpointer popover)
{
  gtk_widget_destroy (popover);

  return G_SOURCE_REMOVE;
}

/* Not at once: the entry that was chosen is still at work, and is in it */
static void
on_closed (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, destroy_menu, g_object_ref (popover), g_object_unref);
}

void
cvm_run_menu_show (GtkWidget           *at,
                   const CvmRunSummary *summary,
                   GMenuModel          *compare)
{
  g_autoptr(GMenuModel) model = make_menu (summary, compare);
  GtkWidget *popover = gtk_popover_new_from_model (at, model);

  g_signal_connect (popover, "closed", G_CALLBACK (on_closed), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}
