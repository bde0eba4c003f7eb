/* cvm-job-list.c: the jobs of a run, and how far each of them is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-list.h"

#include "cvm-format.h"
#include "cvm-job-names.h"
#include "cvm-list-keys.h"

#define MAX_LINES 3   /* of the image, and of what tells jobs of one image apart */

struct _CvmJobList
{
  GtkBox      parent_instance;

  GtkListBox *list;
  GtkWidget  *all_button;

  GPtrArray  *counts;       /* of GtkLabel, beside the result's jobs; the list owns them */
  gboolean    is_selecting;
};

enum { CHOSEN, ALL_CHOSEN, DIFFERENCES_CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmJobList, cvm_job_list, GTK_TYPE_BOX)

static GtkWidget *
new_label (const char *text,
           const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (label), MAX_LINES);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  gtk_widget_show (label);

  return label;
}

static GtkWidget *
new_row (const CvmJobResult *job,
         GtkWidget          *count)
{
  g_autofree char *image = cvm_format_line (job->image != NULL && *job->image != '\0'
                                            ? job->image : job->id);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *below = new_label ("", "dim-label");

  gtk_style_context_add_class (gtk_widget_get_style_context (below), "cvm-small");
  gtk_container_add (GTK_CONTAINER (texts), new_label (image, "cvm-row-title"));
  gtk_container_add (GTK_CONTAINER (texts), below);
  gtk_box_pack_start (GTK_BOX (line), texts, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (line), count, FALSE, FALSE, 0);
  g_object_set (line, "margin", 9, NULL);
  gtk_container_add (GTK_CONTAINER (row), line);
  g_object_set_data_full (G_OBJECT (row), "job", g_strdup (job->id), g_free);
  g_object_set_data_full (G_OBJECT (row), "image", g_steal_pointer (&image), g_free);
  g_object_set_data (G_OBJECT (row), "below", below);
  gtk_widget_show_all (row);

  return row;
}

static void
add_job (CvmJobList         *self,
         const CvmJobResult *job)
{
  GtkWidget *count = gtk_label_new ("");

  gtk_style_context_add_class (gtk_widget_get_style_context (count), "cvm-figures");
  gtk_widget_set_valign (count, GTK_ALIGN_CENTER);
  g_ptr_array_add (self->counts, count);
  gtk_container_add (GTK_CONTAINER (self->list), new_row (job, count));
}

/* Colour alone tells nothing to some, nor to a screen reader */
static void
show_job (GtkWidget          *label,
          const CvmJobResult *job,
          const char         *place)
{
  GtkWidget *row = gtk_widget_get_ancestor (label, GTK_TYPE_LIST_BOX_ROW);
  GtkLabel *below = g_object_get_data (G_OBJECT (row), "below");
  guint ended = job->passed + job->failed + job->skipped;
  gboolean has_failed = cvm_job_result_n_failed (job) > 0;
  g_autofree char *text = g_strdup_printf ("%s%u/%u", has_failed ? "✗ " : "", ended,
                                           job->planned);
  g_autofree char *counts = cvm_format_counts (job);
  g_autofree char *title = g_strdup_printf ("%s, %s",
                                            (char *)g_object_get_data (G_OBJECT (row), "image"),
                                            place);
  g_autofree char *name = g_strdup_printf ("%s, %s", title, counts);

  if (g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text)
      && g_str_equal (gtk_label_get_text (below), place))
    return;

  gtk_label_set_text (below, place);
  gtk_widget_set_tooltip_text (row, title);
  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, counts);
  atk_object_set_name (gtk_widget_get_accessible (row), name);
  if (has_failed)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), "cvm-bad");
}

/* All of them: what tells them apart may change with each */
static void
show_jobs (CvmJobList *self,
           CvmResult  *result)
{
  guint n_jobs = cvm_result_n_jobs (result);
  g_autofree const CvmJobResult **jobs = g_new (const CvmJobResult *, n_jobs + 1);
  g_auto(GStrv) places = NULL;

  for (guint i = 0; i < n_jobs; i++)
    jobs[i] = cvm_result_job (result, i);

  places = cvm_job_names_places (jobs, n_jobs);
  for (guint i = 0; i < n_jobs; i++)
    show_job (self->counts->pdata[i], jobs[i], places[i]);
}

static void
on_row_selected (CvmJobList    *self,
                 GtkListBoxRow *row)
{
  if (row != NULL && !self->is_selecting)
    g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (row), "job"));
}

static void
on_all_clicked (CvmJobList *self)
{
  cvm_job_list_select (self, NULL);
  g_signal_emit (self, signals[ALL_CHOSEN], 0);
}

static void
on_differences_clicked (CvmJobList *self)
{
  cvm_job_list_select (self, NULL);
  g_signal_emit (self, signals[DIFFERENCES_CHOSEN], 0);
}

static void
cvm_job_list_finalize (GObject *object)
{
  g_ptr_array_unref (CVM_JOB_LIST (object)->counts);

  G_OBJECT_CLASS (cvm_job_list_parent_class)->finalize (object);
}

static void
cvm_job_list_class_init (CvmJobListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_job_list_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", CVM_TYPE_JOB_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ALL_CHOSEN] = g_signal_new ("all-chosen", CVM_TYPE_JOB_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 0);
  signals[DIFFERENCES_CHOSEN] = g_signal_new ("differences-chosen", CVM_TYPE_JOB_LIST,
                                              G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                              0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-job-list.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmJobList, list);
  gtk_widget_class_bind_template_child (widget_class, CvmJobList, all_button);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_all_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_differences_clicked);
}

static void
cvm_job_list_init (CvmJobList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  cvm_list_keys_add (self->list);
  self->counts = g_ptr_array_new ();
}

void
cvm_job_list_update (CvmJobList *self,
                     CvmResult  *result,
                     gboolean    has_guests)
{
  guint n_jobs = cvm_result_n_jobs (result);

  self->is_selecting = TRUE;    /* the list selects its first row by itself */
  for (guint i = self->counts->len; i < n_jobs; i++)
    add_job (self, cvm_result_job (result, i));
  self->is_selecting = FALSE;

  show_jobs (self, result);
  gtk_widget_set_visible (self->all_button, has_guests);
}

void
cvm_job_list_select (CvmJobList *self,
                     const char *job)
{
  self->is_selecting = TRUE;
  gtk_list_box_unselect_all (self->list);
  for (guint i = 0; job != NULL && i < self->counts->len; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int)i);

      if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "job"), job) == 0)
        gtk_list_box_select_row (self->list, row);
    }
  self->is_selecting = FALSE;
}
