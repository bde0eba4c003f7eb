/* cvm-mend-panel.c: a command that mends something, shown before it is run, in a terminal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-mend-panel.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/wait.h>
#include <vte/vte.h>

#include "cvm-stage.h"

struct _CvmMendPanel
{
  GtkBox       parent_instance;

  GtkLabel    *command, *outcome;
  GtkWidget   *run, *terminal_frame;
  VteTerminal *terminal;

  char       **argv;
  gboolean     is_running;
  GCancellable *cancellable;
};

enum { MENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmMendPanel, cvm_mend_panel, GTK_TYPE_BOX)

static void
set_running (CvmMendPanel *self,
             gboolean      is_running,
             const char   *outcome)
{
  self->is_running = is_running;
  if (is_running)
    gtk_widget_set_sensitive (self->run, FALSE);
  else
    cvm_stage_enable_again (self->run);
  gtk_label_set_text (self->outcome, outcome);
}

static void
on_ended (CvmMendPanel *self,
          int           status)
{
  gboolean is_good = WIFEXITED (status) && WEXITSTATUS (status) == 0;
  g_autofree char *text = NULL;

  if (is_good)
    text = g_strdup (_("Done. Looking again…"));
  else
    text = g_strdup_printf (_("It ended with status %d; the terminal says why."),
                            WIFEXITED (status) ? WEXITSTATUS (status) : -1);
  set_running (self, FALSE, text);
  if (is_good)
    g_signal_emit (self, signals[MENDED], 0);
}

static void
on_spawned (VteTerminal *terminal,
            GPid         pid,
            GError      *error,
            gpointer     data)
{
  g_autoptr(CvmMendPanel) self = data;

  if (error != NULL && !g_cancellable_is_cancelled (self->cancellable))
    set_running (self, FALSE, error->message);
}

static void
run (CvmMendPanel *self)
{
  set_running (self, TRUE, _("Running…"));
  gtk_widget_show (self->terminal_frame);
  vte_terminal_reset (self->terminal, TRUE, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->terminal));
  vte_terminal_spawn_async (self->terminal, VTE_PTY_DEFAULT, NULL, self->argv, NULL,
                            G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, -1, self->cancellable,
                            on_spawned, g_object_ref (self));
}

static void
copy (CvmMendPanel *self)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD);

  gtk_clipboard_set_text (clipboard, gtk_label_get_text (self->command), -1);
}

static void
close_it (CvmMendPanel *self)
{
  gtk_widget_hide (GTK_WIDGET (self));
}

/* What asks for a password in the terminal is sudo; where it is not there, polkit asks */
static void
choose_root (char **argv)
{
  g_autofree char *sudo = NULL;
  g_autofree char *pkexec = NULL;

  if (!g_str_equal (argv[0], "sudo"))
    return;

  sudo = g_find_program_in_path ("sudo");
  pkexec = g_find_program_in_path ("pkexec");
  if (sudo == NULL && pkexec != NULL)
    {
      g_free (argv[0]);
      argv[0] = g_strdup ("pkexec");
    }
}

static char *
quote_all (char **argv)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *quoted = g_shell_quote (argv[i]);
      gboolean is_plain = argv[i][strspn (argv[i], G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS
                                          "_-./:+@=")] == '\0' && *argv[i] != '\0';

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", is_plain ? argv[i] : quoted);
    }

  return g_string_free (text, FALSE);
}

void
cvm_mend_panel_show (CvmMendPanel *self,
                     const char   *command)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *shown = NULL;
  char **argv;

  if (self->is_running || !g_shell_parse_argv (command, NULL, &argv, &error))
    return;

  choose_root (argv);
  shown = quote_all (argv);
  g_strfreev (self->argv);
  self->argv = argv;
  gtk_label_set_text (self->command, shown);
  gtk_label_set_text (self->outcome, "");
  gtk_widget_hide (self->terminal_frame);
  gtk_widget_show (GTK_WIDGET (self));
  gtk_widget_grab_focus (self->run);
}

static void
cvm_mend_panel_dispose (GObject *object)
{
  CvmMendPanel *self = CVM_MEND_PANEL (object);

  g_cancellable_cancel (self->cancellable);

  G_OBJECT_CLASS (cvm_mend_panel_parent_class)->dispose (object);
}

static void
cvm_mend_panel_finalize (GObject *object)
{
  CvmMendPanel *self = CVM_MEND_PANEL (object);

  g_object_unref (self->cancellable);
  g_strfreev (self->argv);

  G_OBJECT_CLASS (cvm_mend_panel_parent_class)->finalize (object);
}

static void
cvm_mend_panel_class_init (CvmMendPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_mend_panel_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_mend_panel_finalize;
  signals[MENDED] = g_signal_new ("mended", CVM_TYPE_MEND_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  g_type_ensure (VTE_TYPE_TERMINAL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-mend-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmMendPanel, command);
  gtk_widget_class_bind_template_child (widget_class, CvmMendPanel, outcome);
  gtk_widget_class_bind_template_child (widget_class, CvmMendPanel, run);
  gtk_widget_class_bind_template_child (widget_class, CvmMendPanel, terminal_frame);
  gtk_widget_class_bind_template_child (widget_class, CvmMendPanel, terminal);
  gtk_widget_class_bind_template_callback (widget_class, run);
  gtk_widget_class_bind_template_callback (widget_class, copy);
  gtk_widget_class_bind_template_callback (widget_class, close_it);
  gtk_widget_class_bind_template_callback (widget_class, on_ended);
}

static void
cvm_mend_panel_init (CvmMendPanel *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
