/* label-probe.c: tells which texts of a window are cut off, for tests; and turns it right to left
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A GTK module: GTK_MODULES=/path/of/this.so CVM_LABEL_PROBE=FILE. Twice a second FILE gets, a line
 * each, the texts of the labels on the screen that are ellipsized, or wider than the window, but
 * those that are whole in their tooltips; its first line is the count of the looks, so that a test
 * can wait for the next one.
 * With CVM_RIGHT_TO_LEFT set all widgets are laid out from right to left. */
#include <gtk/gtk.h>

#define LOOK_MS 500

static guint looks;

static gboolean
is_cut (GtkWidget *label)
{
  GtkWidget *window = gtk_widget_get_toplevel (label);
  g_autofree char *tooltip = gtk_widget_get_tooltip_text (label);
  int x = 0;

  if (g_strcmp0 (tooltip, gtk_label_get_text (GTK_LABEL (label))) == 0)
    return FALSE;
  if (pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (label))))
    return TRUE;

  return gtk_widget_translate_coordinates (label, window, 0, 0, &x, NULL)
         && (x < 0 || x + gtk_widget_get_allocated_width (label)
                        > gtk_widget_get_allocated_width (window));
}

static void
look_at (GtkWidget *widget,
         gpointer   data)
{
  g_autofree char *line = NULL;

  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget))
    return;

  if (GTK_IS_LABEL (widget) && is_cut (widget))
    {
      line = g_strdup (gtk_label_get_text (GTK_LABEL (widget)));
      g_string_append_printf (data, "%s\n", g_strdelimit (line, "\n", ' '));
    }
  if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), look_at, data);
}

static gboolean
on_look (gpointer data)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GList) windows = gtk_window_list_toplevels ();
  g_autoptr(GError) error = NULL;

  g_string_printf (text, "%u\n", ++looks);
  g_list_foreach (windows, (GFunc)(GCallback)look_at, text);
  if (!g_file_set_contents (data, text->str, -1, &error))
    g_warning ("The label probe cannot write: %s", error->message);

  return G_SOURCE_CONTINUE;
}

G_MODULE_EXPORT void gtk_module_init (int *argc, char ***argv);

void
gtk_module_init (int    *argc,
                 char ***argv)
{
  const char *path = g_getenv ("CVM_LABEL_PROBE");

  if (g_getenv ("CVM_RIGHT_TO_LEFT") != NULL)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  if (path != NULL)
    g_timeout_add (LOOK_MS, on_look, g_strdup (path));
}
