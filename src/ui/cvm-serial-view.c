/* cvm-serial-view.c: the guest's serial console in a terminal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-serial-view.h"

#include <glib/gi18n.h>
#include <vte/vte.h>

#define LOOK_EVERY_MS 50
#define MAX_AT_ONCE   (128 * 1024)
#define MAX_SCROLLED  20000            /* lines */

struct _CvmSerialView
{
  GtkBox        parent_instance;

  VteTerminal  *terminal;
  CvmRun       *run;                   /* owned; NULL: nothing lives here */
  char         *job;
  guint64       offset;
  guint         timer;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (CvmSerialView, cvm_serial_view, GTK_TYPE_BOX)

static gboolean
show_more (gpointer data)
{
  CvmSerialView *self = data;
  CvmSerial *serial = cvm_run_get_serial (self->run, self->job);
  gsize len = 0;
  g_autofree char *bytes = NULL;

  if (cvm_serial_offset (serial) == self->offset)
    return G_SOURCE_CONTINUE;

  bytes = cvm_serial_read (serial, &self->offset, MAX_AT_ONCE, &len);
  vte_terminal_feed (self->terminal, bytes, len);

  return G_SOURCE_CONTINUE;
}

static void
stop_looking (CvmSerialView *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
}

/* Nothing is looked for while nobody sees it: the console keeps it */
static void
on_mapped (CvmSerialView *self)
{
  if (self->run == NULL || self->timer != 0)
    return;

  show_more (self);
  self->timer = g_timeout_add (LOOK_EVERY_MS, show_more, self);
}

/* The terminal also answers what the guest asks of it (where the cursor is): only while a person
 * types, or it would type by itself into a guest under test */
static void
on_typed (CvmSerialView *self,
          const char    *bytes,
          guint          len)
{
  if (self->run != NULL && gtk_widget_has_focus (GTK_WIDGET (self->terminal)))
    cvm_run_send_serial (self->run, self->job, bytes, len);
}

static gboolean
on_key_pressed (CvmSerialView *self,
                GdkEventKey   *event)
{
  if (event->keyval != GDK_KEY_F12 || (event->state & GDK_SHIFT_MASK) == 0)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_child_focus (gtk_widget_get_toplevel (GTK_WIDGET (self)), GTK_DIR_TAB_FORWARD);
  return GDK_EVENT_STOP;
}

static void
set_live (CvmSerialView *self,
          gboolean       is_live)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->terminal));

  vte_terminal_set_input_enabled (self->terminal, is_live);
  vte_terminal_set_cursor_blink_mode (self->terminal, VTE_CURSOR_BLINK_OFF);
  if (is_live)
    gtk_style_context_add_class (style, "cvm-guest-input");
  else
    gtk_style_context_remove_class (style, "cvm-guest-input");
}

static void
cvm_serial_view_dispose (GObject *object)
{
  CvmSerialView *self = CVM_SERIAL_VIEW (object);

  stop_looking (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->run);
  g_clear_pointer (&self->job, g_free);

  G_OBJECT_CLASS (cvm_serial_view_parent_class)->dispose (object);
}

static void
cvm_serial_view_class_init (CvmSerialViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (VTE_TYPE_TERMINAL);
  G_OBJECT_CLASS (klass)->dispose = cvm_serial_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-serial-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, terminal);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_mapped);
  gtk_widget_class_bind_template_callback (widget_class, stop_looking);
}

static void
cvm_serial_view_init (CvmSerialView *self)
{
  static const GdkRGBA ground = { 0.07, 0.07, 0.07, 1 };
  static const GdkRGBA ink = { 0.86, 0.86, 0.84, 1 };

  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();

  vte_terminal_set_colors (self->terminal, &ink, &ground, NULL, 0);
  vte_terminal_set_scrollback_lines (self->terminal, MAX_SCROLLED);
  vte_terminal_set_scroll_on_output (self->terminal, FALSE);
  vte_terminal_set_allow_hyperlink (self->terminal, FALSE);
  set_live (self, FALSE);
}

void
cvm_serial_view_set_run (CvmSerialView *self,
                         CvmRun        *run,
                         const char    *job)
{
  stop_looking (self);
  g_set_object (&self->run, run);
  g_free (self->job);
  self->job = g_strdup (job);
  self->offset = 0;
  vte_terminal_reset (self->terminal, TRUE, TRUE);
  set_live (self, TRUE);

  if (gtk_widget_get_mapped (GTK_WIDGET (self->terminal)))
    on_mapped (self);
}

static void
read_end_in_thread (GTask        *task,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  g_autoptr(GFile) file = g_file_new_for_path (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInputStream) stream = g_file_read (file, cancellable, &error);
  g_autoptr(GBytes) bytes = NULL;

  if (stream != NULL)
    {
      /* a shorter file cannot be sought so: it is read from its beginning */
      g_seekable_seek (G_SEEKABLE (stream), -(goffset)CVM_SERIAL_WINDOW, G_SEEK_END, cancellable,
                       NULL);
      bytes = g_input_stream_read_bytes (G_INPUT_STREAM (stream), CVM_SERIAL_WINDOW, cancellable,
                                         &error);
    }

  if (bytes == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify)g_bytes_unref);
}

static void
on_end_read (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  CvmSerialView *self = CVM_SERIAL_VIEW (source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (bytes != NULL)
    vte_terminal_feed (self->terminal, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_debug ("no serial log: %s", error->message);
}

void
cvm_serial_view_load (CvmSerialView *self,
                      const char    *path)
{
  g_autoptr(GTask) task = g_task_new (self, self->cancellable, on_end_read, NULL);

  vte_terminal_reset (self->terminal, TRUE, TRUE);
  g_task_set_source_tag (task, cvm_serial_view_load);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_end_in_thread);
}

void
cvm_serial_view_end (CvmSerialView *self)
{
  stop_looking (self);
  if (self->run == NULL)
    return;

  show_more (self);
  g_clear_object (&self->run);
  set_live (self, FALSE);
}
