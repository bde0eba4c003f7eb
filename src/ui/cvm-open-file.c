/* cvm-open-file.c: a file of a run, shown in the program that is for it, or in its folder
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-open-file.h"

#include <glib/gi18n.h>

#include "cvm-stage.h"

typedef struct
{
  GtkWidget *from;    /* owned */
  char      *path;
} Reveal;

static void
reveal_free (Reveal *self)
{
  g_object_unref (self->from);
  g_free (self->path);
  g_free (self);
}

void
cvm_open_file (GtkWidget  *from,
               const char *path)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (from);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  if (uri != NULL && gtk_show_uri_on_window (GTK_IS_WINDOW (toplevel) ? GTK_WINDOW (toplevel) : NULL,
                                             uri, gtk_get_current_event_time (), &error))
    return;

  text = g_strdup_printf (_("%s could not be opened here: %s"), path,
                          error != NULL ? error->message : "");
  cvm_stage_tell (from, text);
}

static void
on_revealed (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Reveal *reveal = data;
  g_autoptr(GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autofree char *folder = g_path_get_dirname (reveal->path);

  if (reply == NULL)          /* no file manager that can select a file */
    cvm_open_file (reveal->from, folder);
  reveal_free (reveal);
}

static void
on_bus (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  Reveal *reveal = data;
  g_autoptr(GDBusConnection) bus = g_bus_get_finish (result, NULL);
  g_autofree char *uri = g_filename_to_uri (reveal->path, NULL, NULL);
  g_autofree char *folder = g_path_get_dirname (reveal->path);
  const char *uris[] = { uri, NULL };

  if (bus == NULL || uri == NULL)
    {
      cvm_open_file (reveal->from, folder);
      reveal_free (reveal);
      return;
    }

  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(^ass)", uris, ""), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, on_revealed, reveal);
}

void
cvm_reveal_file (GtkWidget  *from,
                 const char *path)
{
  Reveal *reveal = g_new0 (Reveal, 1);

  reveal->from = g_object_ref (from);
  reveal->path = g_strdup (path);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, on_bus, reveal);
}
