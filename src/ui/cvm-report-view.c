/* cvm-report-view.c: what a server knows of a report, and its attachments
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-view.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-report-again.h"
#include "cvm-report-item.h"
#include "cvm-report-save.h"
#include "cvm-run-page.h"
#include "cvm-stage.h"

#define FILES_MAX 500   /* rows */

struct _CvmReportView
{
  GtkStack             parent_instance;

  GtkLabel            *title;
  GtkGrid             *facts;
  GtkWidget           *browser_button;
  GtkWidget           *again_button;
  GtkLabel            *no_files;
  GtkContainer        *files;
  GtkWidget           *back_button;
  GtkLabel            *text_title;
  GtkTextView         *text;
  GtkWidget           *cut;

  CvmOpenReport       *report;
  const CvmTapperFile *shown;        /* the report's; or NULL */
  GCancellable        *cancellable;  /* of the file that is read */
  int                  n_facts;
};

G_DEFINE_FINAL_TYPE (CvmReportView, cvm_report_view, GTK_TYPE_STACK)

/* Facts --------------------------------------------------------------------------------------- */

static GtkWidget *
label_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_show (label);

  return label;
}

static void
add_fact (CvmReportView *self,
          const char    *name,
          const char    *value)
{
  g_autofree char *line = cvm_format_line (value != NULL ? value : "");
  GtkWidget *key = label_new (name);
  GtkWidget *text = label_new (line);

  if (*line == '\0')
    {
      g_object_unref (g_object_ref_sink (key));
      g_object_unref (g_object_ref_sink (text));
      return;
    }

  gtk_style_context_add_class (gtk_widget_get_style_context (key), "dim-label");
  gtk_widget_set_valign (key, GTK_ALIGN_START);
  gtk_label_set_line_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_grid_attach (self->facts, key, 0, self->n_facts, 1, 1);
  gtk_grid_attach (self->facts, text, 1, self->n_facts, 1, 1);
  self->n_facts++;
}

static void
add_time (CvmReportView *self,
          const char    *name,
          gint64         time_us)
{
  g_autofree char *text = cvm_report_item_time (time_us, g_get_real_time ());

  add_fact (self, name, text);
}

static char *
dup_counts (const CvmTapperReport *report)
{
  if (report->total < 0 || report->passed < 0)
    return NULL;

  if (report->parse_errors > 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d of %d passed, %d error in the TAP",
                                         "%d of %d passed, %d errors in the TAP",
                                         report->parse_errors),
                            report->passed, report->total, report->parse_errors);

  return g_strdup_printf (_("%d of %d passed"), report->passed, report->total);
}

static void
show_facts (CvmReportView *self)
{
  const CvmTapperReport *report = cvm_open_report_get_report (self->report);
  const CvmTapperServer *server = cvm_open_report_get_server (self->report);
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, report->id);
  g_autofree char *title = g_strdup_printf (_("Report %s"), id);
  g_autofree char *counts = dup_counts (report);

  gtk_label_set_text (self->title, title);
  add_fact (self, _("Success"), report->grade);
  add_fact (self, _("Result"), counts);
  add_fact (self, _("Suite"), report->suite);
  add_fact (self, _("Version"), report->version);
  add_fact (self, _("Machine"), report->machine);
  add_fact (self, _("Description"), report->description);
  add_time (self, _("Received"), report->created_us);
  add_time (self, _("Started"), report->started_us);
  add_time (self, _("Ended"), report->ended_us);
  add_fact (self, _("Reporter"), report->reporter);
  add_fact (self, _("Owner"), report->owner);
  add_fact (self, _("Group"), report->group);
  add_fact (self, _("Server"), cvm_tapper_server_get_label (server));
}

/* Attachments --------------------------------------------------------------------------------- */

static void
on_text_read (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(CvmReportView) self = data;
  g_autoptr(GError) error = NULL;
  gboolean is_cut;
  g_autofree char *text = cvm_open_report_text_finish (CVM_OPEN_REPORT (source), result, &is_cut,
                                                       &error);
  g_autofree char *message = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->cancellable == NULL)
    return;

  if (text == NULL)
    {
      message = g_strdup_printf (_("The attachment cannot be read: %s"), error->message);
      cvm_stage_tell (GTK_WIDGET (self), message);
    }

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), text != NULL ? text : "", -1);
  gtk_widget_set_visible (self->cut, text != NULL && is_cut);
}

static void
show_file (CvmReportView       *self,
           const CvmTapperFile *file)
{
  g_autofree char *name = cvm_format_line (file->name);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->shown = file;

  gtk_label_set_text (self->text_title, name);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), _("Reading…"), -1);
  gtk_widget_hide (self->cut);
  gtk_stack_set_visible_child_name (GTK_STACK (self), "file");
  gtk_widget_grab_focus (self->back_button);
  cvm_open_report_text_async (self->report, file, self->cancellable, on_text_read,
                              g_object_ref (self));
}

static const CvmTapperFile *
file_of (GtkWidget *button)
{
  return g_object_get_data (G_OBJECT (button), "cvm-file");
}

static void
on_show_clicked (CvmReportView *self,
                 GtkWidget     *button)
{
  show_file (self, file_of (button));
}

static void
on_save_clicked (CvmReportView *self,
                 GtkWidget     *button)
{
  cvm_report_save (GTK_WIDGET (self), self->report, file_of (button));
}

static GtkWidget *
button_new (CvmReportView       *self,
            const char          *label,
            const char          *name,
            const CvmTapperFile *file,
            GCallback            clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_object_set_data (G_OBJECT (button), "cvm-file", (gpointer)file);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  atk_object_set_name (gtk_widget_get_accessible (button), name);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_show (button);

  return button;
}

static void
add_file (CvmReportView       *self,
          const CvmTapperFile *file)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *name = cvm_format_line (file->name);
  g_autofree char *type = cvm_format_line (file->type != NULL ? file->type : "");
  g_autofree char *to_show = g_strdup_printf (_("Show %s"), name);
  g_autofree char *to_save = g_strdup_printf (_("Save %s"), name);
  GtkWidget *label = label_new (name);
  GtkWidget *kind = label_new (type);

  g_object_set (box, "margin", 6, NULL);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (kind), PANGO_ELLIPSIZE_END);
  gtk_style_context_add_class (gtk_widget_get_style_context (kind), "dim-label");
  gtk_container_add (GTK_CONTAINER (box), label);
  gtk_container_add (GTK_CONTAINER (box), kind);
  if (cvm_open_report_is_text (file))
    gtk_container_add (GTK_CONTAINER (box),
                       button_new (self, _("Show"), to_show, file,
                                   G_CALLBACK (on_show_clicked)));
  gtk_container_add (GTK_CONTAINER (box),
                     button_new (self, _("Save…"), to_save, file,
                                 G_CALLBACK (on_save_clicked)));
  gtk_widget_show (box);
  gtk_container_add (self->files, box);
}

static void
show_files (CvmReportView *self)
{
  GPtrArray *files = cvm_open_report_get_report (self->report)->files;
  guint n = files != NULL ? files->len : 0;

  for (guint i = 0; i < MIN (n, FILES_MAX); i++)
    add_file (self, files->pdata[i]);

  gtk_widget_set_visible (GTK_WIDGET (self->files), n > 0);
  gtk_label_set_text (self->no_files,
                      files == NULL ? _("Only the server's web pages tell which files a report has.")
                      : n == 0 ? _("None") : _("There are more on the server's web page."));
  gtk_widget_set_visible (GTK_WIDGET (self->no_files), n == 0 || n > FILES_MAX);
}

/* Buttons ------------------------------------------------------------------------------------- */

static void
on_browser (CvmReportView *self)
{
  g_autofree char *url =
    cvm_tapper_server_dup_report_url (cvm_open_report_get_server (self->report),
                                      cvm_open_report_get_report (self->report)->id);

  cvm_report_browse (GTK_WIDGET (self), url);
}

static void
on_again (CvmReportView *self)
{
  cvm_stage_new_run_of (GTK_WIDGET (self),
                        cvm_report_again_order (cvm_open_report_get_result (self->report)));
}

static void
on_save_tap (CvmReportView *self)
{
  cvm_report_save (GTK_WIDGET (self), self->report, NULL);
}

static void
on_save_text (CvmReportView *self)
{
  cvm_report_save (GTK_WIDGET (self), self->report, self->shown);
}

static void
on_back (CvmReportView *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self), "report");
}

static void
cvm_report_view_dispose (GObject *object)
{
  CvmReportView *self = CVM_REPORT_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (cvm_report_view_parent_class)->dispose (object);
}

static void
cvm_report_view_finalize (GObject *object)
{
  g_clear_object (&CVM_REPORT_VIEW (object)->report);

  G_OBJECT_CLASS (cvm_report_view_parent_class)->finalize (object);
}

static void
cvm_report_view_class_init (CvmReportViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_report_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_report_view_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-report-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, title);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, facts);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, browser_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, no_files);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, files);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, back_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, text_title);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, text);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, cut);
  gtk_widget_class_bind_template_callback (widget_class, on_browser);
  gtk_widget_class_bind_template_child (widget_class, CvmReportView, again_button);
  gtk_widget_class_bind_template_callback (widget_class, on_again);
  gtk_widget_class_bind_template_callback (widget_class, on_save_tap);
  gtk_widget_class_bind_template_callback (widget_class, on_save_text);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
}

static void
cvm_report_view_init (CvmReportView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_report_view_new (CvmOpenReport *report)
{
  CvmReportView *self = g_object_new (CVM_TYPE_REPORT_VIEW, NULL);

  self->report = g_object_ref (report);
  show_facts (self);
  show_files (self);
  gtk_widget_set_visible (self->browser_button, cvm_open_report_get_server (report)->web != NULL);
  gtk_widget_set_visible (self->again_button,
                          cvm_report_again_has_failed (cvm_open_report_get_result (report)));

  return GTK_WIDGET (self);
}

void
cvm_report_view_push (GtkWidget     *from,
                      CvmOpenReport *report)
{
  g_autofree char *name =
    g_strdup_printf ("report:%s:%" G_GUINT64_FORMAT,
                     cvm_tapper_server_get_label (cvm_open_report_get_server (report)),
                     cvm_open_report_get_report (report)->id);
  GtkWidget *view = cvm_report_view_new (report);
  CvmRunPage *page = cvm_run_page_new_result (cvm_open_report_get_result (report), NULL, name, view);

  cvm_stage_push (from, GTK_WIDGET (page), name);
}

void
cvm_report_browse (GtkWidget  *from,
                   const char *url)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (from);
  g_autoptr(GError) error = NULL;

  if (url != NULL && !gtk_show_uri_on_window (GTK_WINDOW (toplevel), url,
                                              gtk_get_current_event_time (), &error))
    cvm_stage_tell (from, error->message);
}
