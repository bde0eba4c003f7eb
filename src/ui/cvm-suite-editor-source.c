/* cvm-suite-editor-source.c: the text of the suite's file, in step with the form
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-suite-editor-private.h"

#include <glib/gi18n.h>

static char *
dup_source (CvmSuiteEditor *self)
{
  char *text;

  g_object_get (gtk_text_view_get_buffer (self->source), "text", &text, NULL);

  return text;
}

static void
on_source_changed (CvmSuiteEditor *self)
{
  g_autofree char *text = dup_source (self);

  if (!self->is_quiet && self->edit != NULL)
    cvm_suite_edit_set_text (self->edit, text);
}

/* How many bytes at the beginning of both are the same; whole characters */
static gsize
count_same (const char *a,
            const char *b)
{
  gsize n = 0;

  while (a[n] != '\0' && a[n] == b[n])
    n++;
  while (n > 0 && (a[n] & 0xc0) == 0x80)
    n--;

  return n;
}

/* The same at the end, beside the SAME bytes at the beginning */
static gsize
count_same_at_end (const char *a,
                   const char *b,
                   gsize       same)
{
  gsize a_len = strlen (a), b_len = strlen (b);
  gsize n = 0;

  while (n < MIN (a_len, b_len) - same && a[a_len - 1 - n] == b[b_len - 1 - n])
    n++;
  while (n > 0 && (a[a_len - n] & 0xc0) == 0x80)
    n--;

  return n;
}

/* Only what is another is put in: the cursor stays where one types, or comes to the change */
void
cvm_suite_editor_sync_source (CvmSuiteEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->source);
  const char *text = cvm_suite_edit_get_text (self->edit);
  g_autofree char *shown = dup_source (self);
  gsize head = count_same (shown, text);
  gsize tail = count_same_at_end (shown, text, head);
  GtkTextIter begin, end;

  if (g_str_equal (shown, text))
    return;

  gtk_text_buffer_get_iter_at_offset (buffer, &begin, (int)g_utf8_strlen (shown, (gssize)head));
  gtk_text_buffer_get_iter_at_offset (buffer, &end,
                                      (int)g_utf8_strlen (shown, (gssize)(strlen (shown) - tail)));
  self->is_quiet = TRUE;
  gtk_text_buffer_delete (buffer, &begin, &end);
  gtk_text_buffer_insert (buffer, &begin, text + head, (int)(strlen (text) - tail - head));
  gtk_text_buffer_place_cursor (buffer, &begin);
  self->is_quiet = FALSE;
}

static void
on_cursor_moved (CvmSuiteEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->source);
  GtkTextIter place;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_iter_at_mark (buffer, &place, gtk_text_buffer_get_insert (buffer));
  text = g_strdup_printf (_("Line %d, column %d"), gtk_text_iter_get_line (&place) + 1,
                          gtk_text_iter_get_line_offset (&place) + 1);
  gtk_label_set_text (self->source_place, text);
}

void
cvm_suite_editor_jump (CvmSuiteEditor *self,
                       guint           line)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->source);
  GtkTextIter begin, end;

  gtk_text_buffer_get_iter_at_line (buffer, &begin, (int)line - 1);
  end = begin;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_buffer_select_range (buffer, &begin, &end);
  gtk_text_view_scroll_to_mark (self->source, gtk_text_buffer_get_insert (buffer), 0.1, FALSE, 0,
                                0);
  gtk_widget_grab_focus (GTK_WIDGET (self->source));
}

void
cvm_suite_editor_hear_source (CvmSuiteEditor *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->source);

  g_signal_connect_object (buffer, "changed", G_CALLBACK (on_source_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (on_cursor_moved), self,
                           G_CONNECT_SWAPPED);
}
