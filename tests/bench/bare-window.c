/* bare-window.c: the least a GTK program can be: what the window's start is measured against
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <gtk/gtk.h>

int
main (int    argc,
      char **argv)
{
  GtkWidget *window;

  gtk_init (&argc, &argv);
  window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_window_set_default_size (GTK_WINDOW (window), 1024, 700);
  gtk_container_add (GTK_CONTAINER (window), gtk_label_new ("bare"));
  g_signal_connect (window, "destroy", gtk_main_quit, NULL);
  gtk_widget_show_all (window);
  gtk_main ();

  return 0;
}
