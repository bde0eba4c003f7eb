/* cvm-facts-view.c: what a job found out about guest and host, and what it kept
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-facts-view.h"

#include <glib/gi18n.h>

#include "cvm-evidence.h"
#include "cvm-file-row.h"
#include "cvm-format.h"
#include "cvm-open-file.h"

#define FACTS_MAX 500
#define FILES_MAX 500
#define XML_MAX   (1024 * 1024)

struct _CvmFactsView
{
  GtkBox        parent_instance;

  GtkContainer *content;
  GtkGrid      *facts;
  GtkListBox   *files;
  GtkExpander  *expander;
  GtkScrolledWindow *scroller;
  GtkTextView  *xml;
  GtkWidget    *copy_button;

  char         *folder;        /* of the job, or NULL */
  GtkLabel     *took;          /* in the grid, or NULL */
  guint         n_rows;        /* of the grid */
  guint         n_facts;       /* shown, of the job's */
  guint         n_evidence;    /* shown, of the job's */
  gboolean      is_ended;
  GCancellable *cancellable;   /* of the XML that is read, or NULL */
  char         *source;        /* of the XML, as it was read, or NULL */
};

G_DEFINE_FINAL_TYPE (CvmFactsView, cvm_facts_view, GTK_TYPE_BOX)

static GtkLabel *
add (CvmFactsView *self,
     const char   *name,
     const char   *value)
{
  g_autofree char *clean_name = cvm_format_line (name);
  g_autofree char *clean_value = cvm_format_line (value != NULL ? value : "");
  GtkWidget *title = gtk_label_new (clean_name);
  GtkWidget *text = gtk_label_new (clean_value);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_yalign (GTK_LABEL (title), 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (title), "dim-label");

  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_label_set_line_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (title), text);

  gtk_grid_attach (self->facts, title, 0, (int)self->n_rows, 1, 1);
  gtk_grid_attach (self->facts, text, 1, (int)self->n_rows++, 1, 1);
  gtk_widget_show (title);
  gtk_widget_show (text);

  return GTK_LABEL (text);
}

static void
add_time (CvmFactsView *self,
          gint64        time_us)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (time_us / G_USEC_PER_SEC);
  g_autoptr(GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *text = local != NULL ? g_date_time_format (local, "%x %X") : NULL;

  add (self, _("Begun"), text);
}

static void
begin (CvmFactsView       *self,
       const CvmJobResult *job,
       const char         *dir)
{
  g_autofree char *name = g_strdup_printf ("job-%s", job->id);

  self->folder = g_build_filename (dir, name, NULL);
  add (self, _("Image"), job->image);
  add (self, _("Suite"), job->suite);
  add (self, _("Host"), job->host_uri);
  add_time (self, job->begun_us);
  self->took = add (self, _("Took"), _("still running"));
  add (self, _("Folder"), self->folder);
}

static void
show_took (CvmFactsView       *self,
           const CvmJobResult *job)
{
  g_autofree char *took = NULL;

  if (self->is_ended || job->ended_us == 0)
    return;

  took = cvm_format_duration ((job->ended_us - job->begun_us) / 1000);
  gtk_label_set_text (self->took, took);
  self->is_ended = TRUE;
}

static void
add_file (CvmFactsView       *self,
          const CvmJobResult *job,
          const char         *dir,
          const CvmRecord    *record)
{
  g_autofree char *path = cvm_evidence_dup_path (job, dir, record);

  if (path != NULL)
    gtk_list_box_insert (self->files,
                         cvm_file_row_new (path, record->name != NULL ? record->name : record->path,
                                           record->id), -1);
}

static void
on_file_activated (CvmFactsView *self,
                   CvmFileRow   *row)
{
  cvm_open_file (GTK_WIDGET (self), cvm_file_row_get_path (row));
}

static void
on_open_folder (CvmFactsView *self)
{
  if (self->folder != NULL)
    cvm_open_file (GTK_WIDGET (self), self->folder);
}

/* The XML ---------------------------------------------------------------------------------- */

static void
set_source (CvmFactsView *self,
            char         *source)
{
  g_free (self->source);
  self->source = source;
  gtk_widget_set_sensitive (self->copy_button, source != NULL);
}

static void
on_xml_read (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(CvmFactsView) self = data;
  g_autoptr(GError) error = NULL;
  gboolean is_cut;
  g_autofree char *text = cvm_evidence_load_finish (result, &is_cut, &error);
  g_autofree char *whole = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  set_source (self, text != NULL ? cvm_evidence_load_dup_source (result) : NULL);
  whole = is_cut ? g_strdup_printf ("%s…\n\n%s", text, _("Its first MiB is shown and copied."))
                 : g_strdup (text != NULL ? text : _("No domain was described."));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->xml), whole, -1);
}

static void
on_expanded (CvmFactsView *self)
{
  g_autofree char *path = NULL;

  if (!gtk_expander_get_expanded (self->expander) || self->folder == NULL
      || self->cancellable != NULL)
    return;

  self->cancellable = g_cancellable_new ();
  path = g_build_filename (self->folder, "domain.xml", NULL);
  cvm_evidence_load_async (path, XML_MAX, self->cancellable, on_xml_read, g_object_ref (self));
}

static void
on_copy_xml (CvmFactsView *self)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD);

  if (self->source != NULL)
    gtk_clipboard_set_text (clipboard, self->source, -1);
}

/* Object ----------------------------------------------------------------------------------- */

static void
stop_reading (CvmFactsView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
cvm_facts_view_dispose (GObject *object)
{
  CvmFactsView *self = CVM_FACTS_VIEW (object);

  stop_reading (self);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->source, g_free);

  G_OBJECT_CLASS (cvm_facts_view_parent_class)->dispose (object);
}

static void
cvm_facts_view_class_init (CvmFactsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_facts_view_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-facts-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, facts);
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, content);
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, scroller);
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, files);
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, expander);
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, xml);
  gtk_widget_class_bind_template_child (widget_class, CvmFactsView, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, on_file_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_open_folder);
  gtk_widget_class_bind_template_callback (widget_class, on_expanded);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_xml);
}

static void
cvm_facts_view_init (CvmFactsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* what the focus goes to is scrolled to */
  gtk_container_set_focus_vadjustment (self->content,
                                       gtk_scrolled_window_get_vadjustment (self->scroller));
}

void
cvm_facts_view_update (CvmFactsView       *self,
                       const CvmJobResult *job,
                       const char         *dir)
{
  if (job->begun_us == 0)
    return;
  if (self->folder == NULL)
    begin (self, job, dir);

  show_took (self, job);
  for (; self->n_facts < MIN (job->facts->len, FACTS_MAX); self->n_facts++)
    {
      const CvmDetail *fact = job->facts->pdata[self->n_facts];

      add (self, fact->key, fact->value);
    }

  for (; self->n_evidence < MIN (job->evidence->len, FILES_MAX); self->n_evidence++)
    add_file (self, job, dir, job->evidence->pdata[self->n_evidence]);
}

void
cvm_facts_view_clear (CvmFactsView *self)
{
  stop_reading (self);
  gtk_container_foreach (GTK_CONTAINER (self->facts), (GtkCallback)gtk_widget_destroy, NULL);
  gtk_container_foreach (GTK_CONTAINER (self->files), (GtkCallback)gtk_widget_destroy, NULL);
  gtk_expander_set_expanded (self->expander, FALSE);
  set_source (self, NULL);
  g_clear_pointer (&self->folder, g_free);
  self->took = NULL;
  self->n_rows = self->n_facts = self->n_evidence = 0;
  self->is_ended = FALSE;
}
