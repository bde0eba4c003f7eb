/* cvm-evidence-view.c: a text that a check kept, at the line that it is about
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-evidence-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-open-file.h"

#define FRAMES     5     /* so long the line stays in sight: then it does */
#define FRAMES_MAX 300

struct _CvmEvidenceView
{
  GtkBox        parent_instance;

  GtkLabel     *name;
  GtkLabel     *note;
  GtkTextView  *text;

  char         *path;
  char        **lines;         /* that it is about; never NULL */
  GCancellable *cancellable;   /* of the text that is read, or NULL */
  guint         scroller;      /* waits to turn to the line, or 0 */
  guint         n_frames;      /* of its work */
  guint         n_seen;        /* of these the last, with the line in sight */
};

enum { CLOSED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmEvidenceView, cvm_evidence_view, GTK_TYPE_BOX)

static gboolean
is_line_seen (CvmEvidenceView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GdkRectangle seen, line;
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_mark (buffer, &iter, gtk_text_buffer_get_insert (buffer));
  gtk_text_view_get_iter_location (self->text, &iter, &line);
  gtk_text_view_get_visible_rect (self->text, &seen);

  return line.y >= seen.y && line.y + line.height <= seen.y + seen.height;
}

/* A view that has no size yet, or has not measured its lines, goes back to its top when it has */
static gboolean
scroll (GtkWidget     *text,
        GdkFrameClock *clock,
        gpointer       data)
{
  CvmEvidenceView *self = data;
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);

  self->n_seen = is_line_seen (self) ? self->n_seen + 1 : 0;
  if (self->n_seen == FRAMES || ++self->n_frames == FRAMES_MAX)
    {
      self->scroller = 0;
      return G_SOURCE_REMOVE;
    }

  if (self->n_seen == 0)
    gtk_text_view_scroll_to_mark (self->text, gtk_text_buffer_get_insert (buffer), 0, TRUE, 0, 0.3);

  return G_SOURCE_CONTINUE;
}

static void
stop_scrolling (CvmEvidenceView *self)
{
  if (self->scroller != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->text), self->scroller);
  self->scroller = 0;
}

static gboolean
turn_to (CvmEvidenceView *self,
         const char      *line)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, found, end;

  gtk_text_buffer_get_start_iter (buffer, &start);
  if (*line == '\0'
      || !gtk_text_iter_forward_search (&start, line, GTK_TEXT_SEARCH_TEXT_ONLY, &found, &end, NULL))
    return FALSE;

  gtk_text_buffer_select_range (buffer, &found, &end);
  stop_scrolling (self);
  self->n_frames = self->n_seen = 0;
  self->scroller = gtk_widget_add_tick_callback (GTK_WIDGET (self->text), scroll, self, NULL);

  return TRUE;
}

static void
turn_to_first (CvmEvidenceView *self,
               const char      *text)
{
  for (gsize i = 0; self->lines[i] != NULL; i++)
    if (strstr (text, self->lines[i]) != NULL && turn_to (self, self->lines[i]))
      return;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(CvmEvidenceView) self = data;
  g_autoptr(GError) error = NULL;
  gboolean is_cut;
  g_autofree char *text = cvm_evidence_load_finish (result, &is_cut, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  gtk_label_set_text (self->note, error != NULL ? error->message
                                  : is_cut      ? _("Its first MiB is shown") : "");
  if (text == NULL)
    return;

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text, -1);
  turn_to_first (self, text);
}

static void
on_open_outside (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       data)
{
  CvmEvidenceView *self = data;

  if (self->path != NULL)
    cvm_open_file (GTK_WIDGET (self), self->path);
}

static void
on_reveal (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  CvmEvidenceView *self = data;

  if (self->path != NULL)
    cvm_reveal_file (GTK_WIDGET (self), self->path);
}

static void
on_close (CvmEvidenceView *self)
{
  g_signal_emit (self, signals[CLOSED], 0);
}

static const GActionEntry actions[] = {
  { "open-outside", on_open_outside },
  { "reveal",       on_reveal },
};

static void
stop_reading (CvmEvidenceView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
cvm_evidence_view_dispose (GObject *object)
{
  stop_reading (CVM_EVIDENCE_VIEW (object));

  G_OBJECT_CLASS (cvm_evidence_view_parent_class)->dispose (object);
}

static void
cvm_evidence_view_finalize (GObject *object)
{
  CvmEvidenceView *self = CVM_EVIDENCE_VIEW (object);

  g_free (self->path);
  g_strfreev (self->lines);

  G_OBJECT_CLASS (cvm_evidence_view_parent_class)->finalize (object);
}

static void
cvm_evidence_view_class_init (CvmEvidenceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_evidence_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_evidence_view_finalize;

  signals[CLOSED] = g_signal_new ("closed", CVM_TYPE_EVIDENCE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-evidence-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmEvidenceView, name);
  gtk_widget_class_bind_template_child (widget_class, CvmEvidenceView, note);
  gtk_widget_class_bind_template_child (widget_class, CvmEvidenceView, text);
  gtk_widget_class_bind_template_callback (widget_class, on_close);
}

static void
cvm_evidence_view_init (CvmEvidenceView *self)
{
  g_autoptr(GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "evidence", G_ACTION_GROUP (group));
  gtk_widget_init_template (GTK_WIDGET (self));
  self->lines = g_new0 (char *, 1);
}

void
cvm_evidence_view_show (CvmEvidenceView   *self,
                        const CvmEvidence *file,
                        const char *const *lines)
{
  cvm_evidence_view_clear (self);
  self->path = g_strdup (file->path);
  if (lines != NULL)
    {
      g_strfreev (self->lines);
      self->lines = g_strdupv ((char **)lines);
    }

  gtk_label_set_text (self->name, file->name);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->text)), file->name);
  self->cancellable = g_cancellable_new ();
  cvm_evidence_load_async (self->path, CVM_EVIDENCE_TEXT_MAX, self->cancellable, on_read,
                           g_object_ref (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

const char *
cvm_evidence_view_get_path (CvmEvidenceView *self)
{
  return self->path;
}

void
cvm_evidence_view_clear (CvmEvidenceView *self)
{
  stop_reading (self);
  stop_scrolling (self);
  g_clear_pointer (&self->path, g_free);
  g_strfreev (self->lines);
  self->lines = g_new0 (char *, 1);
  gtk_label_set_text (self->name, "");
  gtk_label_set_text (self->note, "");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", 0);
}
