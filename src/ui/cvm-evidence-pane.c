/* cvm-evidence-pane.c: what one job says of one check: verdict, reason, details, evidence
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-evidence-pane.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cvm-evidence.h"
#include "cvm-file-row.h"
#include "cvm-format.h"
#include "cvm-open-file.h"
#include "cvm-point-state.h"
#include "cvm-verdict-image.h"

#define TEXT_MAX  (64 * 1024)
#define FILES_MAX 20

struct _CvmEvidencePane
{
  GtkBox        parent_instance;

  GtkLabel     *title;
  GtkImage     *verdict;
  GtkLabel     *word;
  GtkTextView  *text;
  GtkWidget    *none;
  GtkListBox   *files;

  GCancellable *cancellable;   /* of the evidence that is read, or NULL */
};

G_DEFINE_FINAL_TYPE (CvmEvidencePane, cvm_evidence_pane, GTK_TYPE_BOX)

static const CvmPoint *
find_in (GPtrArray  *points,
         const char *path)
{
  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];
      gsize len = strlen (point->path);

      if (strcmp (point->path, path) == 0)
        return point;
      if (strncmp (path, point->path, len) == 0 && path[len] == '.')
        return find_in (point->children, path);
    }

  return NULL;
}

static void
append_clean (CvmEvidencePane *self,
              const char      *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter end;

  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, text, -1);
  gtk_text_buffer_insert (buffer, &end, "\n", 1);
}

static void
append (CvmEvidencePane *self,
        const char      *text)
{
  g_autofree char *clean = cvm_format_text (text);

  append_clean (self, clean);
}

static void
show_point (CvmEvidencePane *self,
            const CvmPoint  *point)
{
  CvmPointState state = cvm_point_state_of (point);

  cvm_verdict_image_set (self->verdict, state);
  gtk_label_set_text (self->word, cvm_point_state_get_word (state));
  if (point->reason != NULL)
    append (self, point->reason);
  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];
      g_autofree char *line = g_strdup_printf ("%s: %s", detail->key, detail->value);

      append (self, line);
    }
}

/* An empty field would not say that it is all */
static void
show_none (CvmEvidencePane *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);

  gtk_widget_set_visible (self->none, gtk_text_buffer_get_char_count (buffer) == 0);
}

/* The first text that the case kept ------------------------------------------------------- */

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(CvmEvidencePane) self = data;
  gboolean is_cut;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = cvm_evidence_load_finish (result, &is_cut, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (text == NULL)
    {
      show_none (self);
      return;
    }

  if (gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->text)) > 0)
    append_clean (self, "");
  append_clean (self, text);
  if (is_cut)
    append_clean (self, "…");
}

static void
read_text (CvmEvidencePane *self,
           const char      *path)
{
  if (self->cancellable != NULL)
    return;                 /* one is enough to look at */

  self->cancellable = g_cancellable_new ();
  cvm_evidence_load_async (path, TEXT_MAX, self->cancellable, on_read, g_object_ref (self));
}

static void
show_files (CvmEvidencePane    *self,
            const CvmJobResult *job,
            const char         *dir,
            const char         *id)
{
  g_autoptr(GPtrArray) files = cvm_evidence_list (job, dir, id, FILES_MAX);

  for (guint i = 0; i < files->len; i++)
    {
      const CvmEvidence *file = files->pdata[i];

      gtk_list_box_insert (self->files, cvm_file_row_new (file->path, file->name, NULL), -1);
      if (file->is_text)
        read_text (self, file->path);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->files), files->len > 0);
}

static void
on_file_activated (CvmEvidencePane *self,
                   CvmFileRow      *row)
{
  cvm_open_file (GTK_WIDGET (self), cvm_file_row_get_path (row));
}

static void
wipe (CvmEvidencePane *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_container_foreach (GTK_CONTAINER (self->files), (GtkCallback)gtk_widget_destroy, NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), "", 0);
  gtk_widget_hide (self->none);
}

static void
cvm_evidence_pane_dispose (GObject *object)
{
  CvmEvidencePane *self = CVM_EVIDENCE_PANE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (cvm_evidence_pane_parent_class)->dispose (object);
}

static void
cvm_evidence_pane_class_init (CvmEvidencePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_evidence_pane_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-evidence-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmEvidencePane, title);
  gtk_widget_class_bind_template_child (widget_class, CvmEvidencePane, verdict);
  gtk_widget_class_bind_template_child (widget_class, CvmEvidencePane, word);
  gtk_widget_class_bind_template_child (widget_class, CvmEvidencePane, text);
  gtk_widget_class_bind_template_child (widget_class, CvmEvidencePane, none);
  gtk_widget_class_bind_template_child (widget_class, CvmEvidencePane, files);
  gtk_widget_class_bind_template_callback (widget_class, on_file_activated);
}

static void
cvm_evidence_pane_init (CvmEvidencePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cvm_evidence_pane_show (CvmEvidencePane    *self,
                        const char         *title,
                        const char         *about,
                        const CvmJobResult *job,
                        const char         *dir,
                        const char         *path)
{
  const CvmPoint *point = path != NULL ? find_in (job->points, path) : NULL;

  wipe (self);
  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), about);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->text)), title);
  if (point == NULL)
    {
      gtk_image_clear (self->verdict);
      gtk_label_set_text (self->word, _("not there"));
      gtk_widget_hide (GTK_WIDGET (self->files));
      return;
    }

  show_point (self, point);
  show_files (self, job, dir, point->id);
  if (self->cancellable == NULL)
    show_none (self);
}
