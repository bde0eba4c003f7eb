/* cvm-log-view.c: what the run did, a line each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-log-view.h"

#include "cvm-log-line.h"

#define MAX_LINES 10000

struct _CvmLogView
{
  GtkBox             parent_instance;

  GtkTextView       *text;
  GtkScrolledWindow *scroller;
};

G_DEFINE_FINAL_TYPE (CvmLogView, cvm_log_view, GTK_TYPE_BOX)

static void
show_end (CvmLogView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);

  gtk_text_view_scroll_mark_onscreen (self->text, gtk_text_buffer_get_mark (buffer, "end"));
}

static void
cvm_log_view_class_init (CvmLogViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmLogView, text);
  gtk_widget_class_bind_template_child (widget_class, CvmLogView, scroller);
  gtk_widget_class_bind_template_callback (widget_class, show_end);
}

static void
cvm_log_view_init (CvmLogView *self)
{
  GtkTextIter end;
  GtkTextBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = gtk_text_view_get_buffer (self->text);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_create_mark (buffer, "end", &end, FALSE);
}

static gboolean
is_at_end (CvmLogView *self)
{
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment (self->scroller);

  return gtk_adjustment_get_value (place) + gtk_adjustment_get_page_size (place)
         >= gtk_adjustment_get_upper (place) - 20;
}

static void
forget_oldest (GtkTextBuffer *buffer)
{
  int surplus = gtk_text_buffer_get_line_count (buffer) - MAX_LINES;
  GtkTextIter start, end;

  if (surplus <= 0)
    return;

  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_get_iter_at_line (buffer, &end, surplus);
  gtk_text_buffer_delete (buffer, &start, &end);
}

void
cvm_log_view_add (CvmLogView *self,
                  GPtrArray  *records,
                  const char *job)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  g_autoptr(GString) lines = g_string_new (NULL);
  gboolean follows = is_at_end (self);
  GtkTextIter end;

  for (guint i = 0; i < records->len; i++)
    {
      const CvmRecord *record = records->pdata[i];
      g_autofree char *line = record->job == NULL || g_strcmp0 (record->job, job) == 0
                              ? cvm_log_line (record) : NULL;

      if (line != NULL)
        g_string_append_printf (lines, "%s\n", line);
    }

  if (lines->len == 0)
    return;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, lines->str, (int)lines->len);
  forget_oldest (buffer);
  if (follows)
    show_end (self);
}

void
cvm_log_view_clear (CvmLogView *self)
{
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", 0);
}
