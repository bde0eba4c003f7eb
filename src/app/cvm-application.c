/* cvm-application.c: the desktop program: options, shortcuts, one window
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <handy.h>
#ifdef GDK_WINDOWING_X11
#include <gdk/gdkx.h>
#endif

#include "cvm-current-settings.h"
#include "cvm-doctor.h"
#include "cvm-preferences.h"
#include "cvm-submitter.h"
#include "cvm-opener.h"
#include "cvm-stage.h"
#include "cvm-window.h"

struct _CvmApplication
{
  GtkApplication    parent_instance;

  const CvmBackend *backend;
  int               status;
};

G_DEFINE_FINAL_TYPE (CvmApplication, cvm_application, GTK_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "demo", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Start with the demo chosen"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Show the version and exit"), NULL },
  { NULL }
};

static void
on_left (CvmApplication *self,
         int             status)
{
  self->status = status;
}

static CvmWindow *
get_window (CvmApplication *self)
{
  for (GList *at = gtk_application_get_windows (GTK_APPLICATION (self)); at != NULL; at = at->next)
    if (CVM_IS_WINDOW (at->data))
      return CVM_WINDOW (at->data);

  return NULL;
}

static gboolean
prefers_dark (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema =
    source != NULL ? g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE)
                   : NULL;
  g_autoptr(GSettings) settings = NULL;
  g_autofree char *scheme = NULL;

  if (schema == NULL || !g_settings_schema_has_key (schema, "color-scheme"))
    return FALSE;

  settings = g_settings_new_full (schema, NULL, NULL);
  scheme = g_settings_get_string (settings, "color-scheme");

  return g_strcmp0 (scheme, "prefer-dark") == 0;
}

static gboolean
on_mapped (GtkWidget *window)
{
  g_signal_handlers_disconnect_by_func (window, on_mapped, NULL);
  cvm_window_load (CVM_WINDOW (window));
  cvm_current_settings_apply_colours ();   /* 30 ms: not before the window is there… */

  return GDK_EVENT_PROPAGATE;
}

static CvmWindow *
open_window (CvmApplication *self)
{
  GtkWidget *window = GTK_WIDGET (get_window (self));

  if (window == NULL)
    {
      window = cvm_window_new (GTK_APPLICATION (self), self->backend);
      g_signal_connect_object (window, "left", G_CALLBACK (on_left), self, G_CONNECT_SWAPPED);
      g_signal_connect (window, "map-event", G_CALLBACK (on_mapped), NULL);
      cvm_opener_accept_drops (window, self->backend);
    }
  gtk_window_present (GTK_WINDOW (window));

  return CVM_WINDOW (window);
}

/* Those of a second start too, which hands them over */
static void
open_files (CvmApplication          *self,
            CvmWindow               *window,
            GApplicationCommandLine *line)
{
  int n_words;
  g_auto(GStrv) words = g_application_command_line_get_arguments (line, &n_words);

  for (int i = 1; i < n_words; i++)
    {
      g_autoptr(GFile) file = g_application_command_line_create_file_for_arg (line, words[i]);

      cvm_opener_open (GTK_WIDGET (window), file, self->backend);
    }
}

static int
cvm_application_command_line (GApplication            *application,
                              GApplicationCommandLine *line)
{
  CvmWindow *window = open_window (CVM_APPLICATION (application));

  open_files (CVM_APPLICATION (application), window, line);

  if (g_variant_dict_contains (g_application_command_line_get_options_dict (line), "demo"))
    cvm_window_new_run (window, "demo");

  return 0;
}

static int
cvm_application_handle_local_options (GApplication *application,
                                      GVariantDict *dict)
{
  if (!g_variant_dict_contains (dict, "version"))
    return -1;

  g_print ("cvmtester %s\n", CVM_VERSION);
  return 0;
}

/* Actions --------------------------------------------------------------------------------- */

/* At the page that fits what is looked at */
static void
on_help (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmWindow *window = get_window (data);
  const char *page = window != NULL ? cvm_window_get_help (window) : NULL;
  g_autofree char *uri = g_strconcat ("help:cvmtester", page != NULL ? "/" : NULL, page, NULL);
  g_autoptr(GError) error = NULL;

  if (!gtk_show_uri_on_window (GTK_WINDOW (window), uri, gtk_get_current_event_time (), &error))
    g_message ("The help cannot be shown: %s", error->message);
}

static void
on_about (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  static const char *const authors[] = { "The cvmtester developers", NULL };
  g_autofree char *versions =
    g_strdup_printf (_("With GTK %u.%u.%u, GLib %u.%u.%u and libhandy %u.%u.%u"),
                     gtk_get_major_version (), gtk_get_minor_version (), gtk_get_micro_version (),
                     glib_major_version, glib_minor_version, glib_micro_version,
                     HDY_MAJOR_VERSION, HDY_MINOR_VERSION, HDY_MICRO_VERSION);

  gtk_show_about_dialog (GTK_WINDOW (get_window (data)),
                         "authors", authors,
                         "copyright", versions,
                         "program-name", "cvmtester",
                         "version", CVM_VERSION,
                         "comments", _("Tests virtual machine images on real guests"),
                         "logo-icon-name", "org.cvmtester.CvmTester",
                         "license-type", GTK_LICENSE_GPL_2_0,
                         NULL);
}

static void
on_preferences (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  gtk_window_present (GTK_WINDOW (cvm_preferences_new (GTK_WINDOW (get_window (data)))));
}

static void
name_search (GtkWidget *widget,
             gpointer   data)
{
  if (GTK_IS_TOGGLE_BUTTON (widget))
    atk_object_set_name (gtk_widget_get_accessible (widget), _("Search"));
}

/* Made when it is first wanted, and hidden when it is closed. It outlives the window: GTK looks at parts
   of it that have gone when it is destroyed while a screen reader listens */
static void
on_shortcuts (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  static GtkWindow *shortcuts_window;
  g_autoptr(GtkBuilder) builder = NULL;

  if (shortcuts_window == NULL)
    {
      builder = gtk_builder_new_from_resource ("/org/cvmtester/CvmTester/ui/cvm-help-overlay.ui");
      shortcuts_window = GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay"));
      g_signal_connect (shortcuts_window, "delete-event", G_CALLBACK (gtk_widget_hide_on_delete),
                        NULL);
      gtk_container_forall (GTK_CONTAINER (gtk_window_get_titlebar (shortcuts_window)),
                            name_search, NULL);
    }
  gtk_window_set_transient_for (shortcuts_window, GTK_WINDOW (get_window (data)));
  gtk_window_present (shortcuts_window);
}

static void
leave (CvmApplication *self)
{
  CvmWindow *window = get_window (self);

  if (window != NULL)
    cvm_window_leave (window);
}

static void
on_quit (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  leave (data);
}

static gboolean
on_terminated (gpointer data)
{
  leave (data);

  return G_SOURCE_CONTINUE;
}

static void
on_open (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  CvmApplication *self = data;
  CvmWindow *window = get_window (self);

  if (window != NULL)
    cvm_opener_choose (GTK_WIDGET (window), self->backend);
}

/* The click was on the desktop's notice: the window has not seen it, and to ask for the focus with
   the time of its own last one would be in vain */
static void
raise_now (CvmWindow *window)
{
  guint32 time = GDK_CURRENT_TIME;
#ifdef GDK_WINDOWING_X11
  GdkWindow *surface = gtk_widget_get_window (GTK_WIDGET (window));

  if (GDK_IS_X11_WINDOW (surface))
    time = gdk_x11_get_server_time (surface);
#endif
  gtk_window_present_with_time (GTK_WINDOW (window), time);
}

/* From a notice of the desktop */
static void
on_open_run (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       data)
{
  CvmWindow *window = open_window (data);

  raise_now (window);
  cvm_stage_open_run (GTK_WIDGET (window), g_variant_get_string (parameter, NULL));
}

static const GActionEntry actions[] = {
  { "open",  on_open },
  { "open-run", on_open_run, "s" },
  { "help",  on_help },
  { "about", on_about },
  { "preferences", on_preferences },
  { "shortcuts", on_shortcuts },
  { "quit",  on_quit },
};

static const struct
{
  const char *action;
  const char *keys[3];
} shortcuts[] = {
  { "app.help",  { "F1" } },
  { "app.open",  { "<Primary>o" } },
  { "app.preferences", { "<Primary>comma" } },
  { "app.shortcuts", { "<Primary>question" } },
  { "win.find",  { "<Primary>f" } },
  { "win.menu",  { "F10" } },
  { "app.quit",  { "<Primary>q" } },
  { "win.new",   { "<Primary>n" } },
  { "win.again", { "<Primary>r" } },
  { "win.again-failed", { "F5" } },
  { "win.back",  { "<Alt>Left", "Escape" } },
  { "win.stop",  { "<Primary>period" } },
  { "win.pause", { "<Primary>p" } },
};

static void
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/cvmtester/CvmTester/style.css");
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (),
                                             GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  /* else each text that Tab goes through would stay marked */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);

  cvm_current_settings_load ();
  if (cvm_current_settings_get ()->appearance == CVM_APPEARANCE_DARK
      || (cvm_current_settings_get ()->appearance == CVM_APPEARANCE_SYSTEM && prefers_dark ()))
    cvm_current_settings_apply_colours ();   /* …unless it would flash */
}

static void
cvm_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (cvm_application_parent_class)->startup (application);

  hdy_init ();
  load_style ();

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), shortcuts[i].action,
                                           shortcuts[i].keys);

  g_unix_signal_add (SIGINT, on_terminated, application);
  g_unix_signal_add (SIGTERM, on_terminated, application);
}

static void
cvm_application_class_init (CvmApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = cvm_application_startup;
  application_class->command_line = cvm_application_command_line;
  application_class->handle_local_options = cvm_application_handle_local_options;
}

static void
cvm_application_init (CvmApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE…]"));
}

CvmApplication *
cvm_application_new (const CvmBackend *backend)
{
  CvmApplication *self = g_object_new (CVM_TYPE_APPLICATION,
                                       "application-id", "org.cvmtester.CvmTester",
                                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE,
                                       NULL);

  self->backend = backend;

  return self;
}

int
cvm_application_main (CvmApplication  *self,
                      int              argc,
                      char           **argv)
{
  int status = g_application_run (G_APPLICATION (self), argc, argv);

  cvm_doctor_end ();
  cvm_submitter_end (cvm_submitter_get_default ());

  return status != 0 ? status : self->status;
}
