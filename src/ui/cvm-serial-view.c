/* cvm-serial-view.c: the guest's serial console in a terminal
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-serial-view.h"

#include <glib/gi18n.h>
#define PCRE2_CODE_UNIT_WIDTH 0
#include <pcre2.h>
#include <vte/vte.h>

#include "cvm-serial-part.h"

#define LOOK_EVERY_MS 50
#define SEEK_MS       60               /* a drag asks for many moments */
#define MAX_AT_ONCE   (128 * 1024)
#define MAX_SCROLLED  20000            /* lines */

struct _CvmSerialView
{
  GtkBox             parent_instance;

  GtkSearchBar      *find_bar;
  GtkEntry          *find_entry;
  GtkScrolledWindow *scroller;
  VteTerminal       *terminal;
  GtkLabel          *note;
  GtkWidget         *earlier_button;
  GtkWidget         *later_button;
  GtkToggleButton   *follow_button;

  CvmRun            *run;              /* owned; NULL: nothing lives here */
  char              *job;
  char              *path;             /* of serial.log */
  guint64            offset;           /* of the live console: what is behind it is to be shown */
  gboolean           is_at_part;       /* shows a part of the file, also of a live run */
  guint64            part_start, part_end, size;
  gint64             moment_us;        /* that is sought, or 0 */
  guint              timer;
  guint              seeker;           /* waits to seek, or 0 */
  GCancellable      *cancellable;      /* of what is read, or NULL */
};

G_DEFINE_FINAL_TYPE (CvmSerialView, cvm_serial_view, GTK_TYPE_BOX)

/* Live ------------------------------------------------------------------------------------- */

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
  if (self->run == NULL || self->is_at_part || self->timer != 0)
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
  if (self->run != NULL && !self->is_at_part
      && gtk_widget_has_focus (GTK_WIDGET (self->terminal)))
    cvm_run_send_serial (self->run, self->job, bytes, len);
}

static gboolean
is_live (CvmSerialView *self)
{
  return self->run != NULL && !self->is_at_part;
}

static void
show_note (CvmSerialView *self)
{
  g_autofree char *size = g_format_size_full (self->size, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *text = NULL;

  if (is_live (self))
    text = g_strdup (gtk_widget_has_focus (GTK_WIDGET (self->terminal))
                     ? _("The guest gets keys. Press Shift+F12 to take them back.")
                     : _("Click the console to type into the guest."));
  else if (self->moment_us != 0)
    text = g_strdup (_("What the console had said by that moment"));
  else if (self->size > CVM_SERIAL_PART_MAX)
    text = g_strdup_printf (_("1 MiB of %s"), size);

  gtk_label_set_text (self->note, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->follow_button), is_live (self));
  gtk_widget_set_visible (self->earlier_button, self->is_at_part && self->part_start > 0);
  gtk_widget_set_visible (self->later_button, self->is_at_part && self->part_end < self->size);
}

/* Who holds the class cvm-guest-input gets every key before the window's own shortcuts do */
static void
show_who_types (CvmSerialView *self)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->terminal));

  vte_terminal_set_input_enabled (self->terminal, is_live (self));
  if (is_live (self))
    gtk_style_context_add_class (style, "cvm-guest-input");
  else
    gtk_style_context_remove_class (style, "cvm-guest-input");
  show_note (self);
}

static gboolean
on_focus_changed (CvmSerialView *self)
{
  show_note (self);

  return GDK_EVENT_PROPAGATE;
}

/* VTE does not reset a terminal that takes no input */
static void
wipe (CvmSerialView *self)
{
  vte_terminal_set_input_enabled (self->terminal, TRUE);
  vte_terminal_reset (self->terminal, TRUE, TRUE);
  vte_terminal_set_input_enabled (self->terminal, is_live (self));
}

/* Follow and copy -------------------------------------------------------------------------- */

static gboolean
is_at_end (GtkAdjustment *place)
{
  return gtk_adjustment_get_value (place) + gtk_adjustment_get_page_size (place)
         >= gtk_adjustment_get_upper (place) - 0.5;
}

static void
on_scrolled (CvmSerialView *self,
             GtkAdjustment *place)
{
  gtk_toggle_button_set_active (self->follow_button, is_at_end (place));
}

static void
on_follow_toggled (CvmSerialView *self)
{
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (self->scroller);
  gboolean follows = gtk_toggle_button_get_active (self->follow_button);

  vte_terminal_set_scroll_on_output (self->terminal, follows);
  if (follows)
    gtk_adjustment_set_value (place, gtk_adjustment_get_upper (place));
}

static void
on_copy (CvmSerialView *self)
{
  gboolean has_selection = vte_terminal_get_has_selection (self->terminal);

  if (!has_selection)
    vte_terminal_select_all (self->terminal);
  vte_terminal_copy_clipboard_format (self->terminal, VTE_FORMAT_TEXT);
  if (!has_selection)
    vte_terminal_unselect_all (self->terminal);
}

/* Parts of the file ------------------------------------------------------------------------ */

static void
stop_reading (CvmSerialView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->seeker, g_source_remove);
}

static void
take_part (CvmSerialView *self,
           CvmSerialPart *part)
{
  gsize len;
  const char *bytes = g_bytes_get_data (part->bytes, &len);

  self->part_start = part->start;
  self->part_end = part->start + len;
  self->size = part->size;
  wipe (self);
  vte_terminal_feed (self->terminal, bytes, len);
  show_note (self);
}

static void
on_part_read (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(CvmSerialView) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSerialPart) part = cvm_serial_part_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (part != NULL)
    take_part (self, part);
  else
    g_debug ("no serial log: %s", error->message);
}

static void
read_part (CvmSerialView *self,
           gint64         end,
           gint64         time_us)
{
  stop_reading (self);
  stop_looking (self);
  self->is_at_part = TRUE;
  self->moment_us = time_us;
  self->cancellable = g_cancellable_new ();
  cvm_serial_part_load_async (self->path, end, time_us, self->cancellable, on_part_read,
                              g_object_ref (self));
  show_who_types (self);
}

static void
on_earlier (CvmSerialView *self)
{
  read_part (self, self->part_start, 0);
}

static void
on_later (CvmSerialView *self)
{
  read_part (self, self->part_end + CVM_SERIAL_PART_MAX, 0);
}

static void
show_live (CvmSerialView *self)
{
  CvmSerial *serial = cvm_run_get_serial (self->run, self->job);
  guint64 total = cvm_serial_offset (serial);

  stop_reading (self);
  self->is_at_part = FALSE;
  self->moment_us = 0;
  self->offset = total > CVM_SERIAL_WINDOW ? total - CVM_SERIAL_WINDOW : 0;
  wipe (self);
  show_who_types (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->terminal)))
    on_mapped (self);
}

static gboolean
seek (gpointer data)
{
  CvmSerialView *self = data;

  self->seeker = 0;
  if (self->moment_us == 0 && self->run != NULL)
    show_live (self);
  else
    read_part (self, -1, self->moment_us);

  return G_SOURCE_REMOVE;
}

/* Find ------------------------------------------------------------------------------------- */

static void
on_find_changed (CvmSerialView *self)
{
  const char *text = gtk_entry_get_text (self->find_entry);
  g_autofree char *escaped = g_regex_escape_string (text, -1);
  VteRegex *regex = *text != '\0'
    ? vte_regex_new_for_search (escaped, -1, PCRE2_CASELESS | PCRE2_MULTILINE | PCRE2_UTF, NULL)
    : NULL;

  vte_terminal_search_set_regex (self->terminal, regex, 0);
  vte_terminal_search_set_wrap_around (self->terminal, FALSE);
  if (regex != NULL)
    {
      vte_terminal_search_find_previous (self->terminal);
      vte_regex_unref (regex);
    }
}

static void
on_searched (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(CvmSerialView) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmSerialPart) part = cvm_serial_part_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (part == NULL)
    {
      gtk_label_set_text (self->note, _("Not found any earlier"));
      return;
    }

  self->is_at_part = TRUE;
  stop_looking (self);
  take_part (self, part);
  show_who_types (self);
  vte_terminal_search_find_previous (self->terminal);
}

/* In what is shown; then in the part of the file before it */
static void
find_previous (CvmSerialView *self)
{
  const char *text = gtk_entry_get_text (self->find_entry);

  if (*text == '\0' || vte_terminal_search_find_previous (self->terminal))
    return;

  if (!self->is_at_part || self->part_start == 0)
    {
      gtk_label_set_text (self->note, _("Not found any earlier"));
      return;
    }

  stop_reading (self);
  self->cancellable = g_cancellable_new ();
  cvm_serial_part_search_async (self->path, text, self->part_start, self->cancellable, on_searched,
                                g_object_ref (self));
}

static void
find_next (CvmSerialView *self)
{
  if (*gtk_entry_get_text (self->find_entry) != '\0'
      && !vte_terminal_search_find_next (self->terminal))
    gtk_label_set_text (self->note, _("Not found any later"));
}

static void
on_find_closed (CvmSerialView *self)
{
  if (gtk_search_bar_get_search_mode (self->find_bar))
    return;

  vte_terminal_search_set_regex (self->terminal, NULL, 0);
  show_note (self);
}

static gboolean
on_key_pressed (CvmSerialView *self,
                GdkEventKey   *event)
{
  GdkModifierType chord = event->state & gtk_accelerator_get_default_mod_mask ();

  if (event->keyval == GDK_KEY_F12 && chord == GDK_SHIFT_MASK)
    gtk_widget_child_focus (gtk_widget_get_toplevel (GTK_WIDGET (self)), GTK_DIR_TAB_FORWARD);
  else if (chord == (GDK_CONTROL_MASK | GDK_SHIFT_MASK)
           && gdk_keyval_to_lower (event->keyval) == GDK_KEY_c)
    on_copy (self);
  else if (chord == (GDK_CONTROL_MASK | GDK_SHIFT_MASK)
           && gdk_keyval_to_lower (event->keyval) == GDK_KEY_f)
    cvm_serial_view_find (self);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

/* Object ----------------------------------------------------------------------------------- */

static void
cvm_serial_view_dispose (GObject *object)
{
  CvmSerialView *self = CVM_SERIAL_VIEW (object);

  stop_looking (self);
  stop_reading (self);
  g_clear_object (&self->run);
  g_clear_pointer (&self->job, g_free);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (cvm_serial_view_parent_class)->dispose (object);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed);
  gtk_widget_class_bind_template_callback (widget_class, on_focus_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_mapped);
  gtk_widget_class_bind_template_callback (widget_class, stop_looking);
  gtk_widget_class_bind_template_callback (widget_class, on_follow_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
  gtk_widget_class_bind_template_callback (widget_class, on_earlier);
  gtk_widget_class_bind_template_callback (widget_class, on_later);
  gtk_widget_class_bind_template_callback (widget_class, on_find_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_find_closed);
  gtk_widget_class_bind_template_callback (widget_class, find_previous);
  gtk_widget_class_bind_template_callback (widget_class, find_next);
  gtk_widget_class_bind_template_callback (widget_class, cvm_serial_view_find);
}

static void
cvm_serial_view_class_init (CvmSerialViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (VTE_TYPE_TERMINAL);
  G_OBJECT_CLASS (klass)->dispose = cvm_serial_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-serial-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, find_bar);
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, find_entry);
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, scroller);
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, terminal);
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, note);
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, earlier_button);
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, later_button);
  gtk_widget_class_bind_template_child (widget_class, CvmSerialView, follow_button);
  bind_callbacks (widget_class);
}

static void
cvm_serial_view_init (CvmSerialView *self)
{
  static const GdkRGBA ground = { 0.07, 0.07, 0.07, 1 };
  static const GdkRGBA ink = { 0.86, 0.86, 0.84, 1 };

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->find_bar, self->find_entry);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);

  vte_terminal_set_colors (self->terminal, &ink, &ground, NULL, 0);
  vte_terminal_set_scrollback_lines (self->terminal, MAX_SCROLLED);
  vte_terminal_set_scroll_on_output (self->terminal, TRUE);
  vte_terminal_set_allow_hyperlink (self->terminal, FALSE);
  vte_terminal_set_cursor_blink_mode (self->terminal, VTE_CURSOR_BLINK_OFF);
  show_who_types (self);
}

static void
set_path (CvmSerialView *self,
          const char    *path)
{
  stop_looking (self);
  stop_reading (self);
  g_free (self->path);
  self->path = g_strdup (path);
  self->part_start = self->part_end = self->size = 0;
  wipe (self);
}

void
cvm_serial_view_set_run (CvmSerialView *self,
                         CvmRun        *run,
                         const char    *job,
                         const char    *path)
{
  set_path (self, path);
  g_set_object (&self->run, run);
  g_free (self->job);
  self->job = g_strdup (job);
  show_live (self);
}

void
cvm_serial_view_load (CvmSerialView *self,
                      const char    *path)
{
  set_path (self, path);
  g_clear_object (&self->run);
  read_part (self, -1, 0);
}

void
cvm_serial_view_end (CvmSerialView *self)
{
  stop_looking (self);
  if (self->run == NULL)
    return;

  if (!self->is_at_part)
    show_more (self);
  g_clear_object (&self->run);
  self->is_at_part = TRUE;
  show_who_types (self);
}

void
cvm_serial_view_seek (CvmSerialView *self,
                      gint64         time_us)
{
  if (self->path == NULL || (time_us == self->moment_us && self->seeker == 0))
    return;

  self->moment_us = time_us;
  if (self->seeker == 0)
    self->seeker = g_timeout_add (SEEK_MS, seek, self);
}

void
cvm_serial_view_find (CvmSerialView *self)
{
  gtk_search_bar_set_search_mode (self->find_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
}
