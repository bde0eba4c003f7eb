/* cvm-choice-row.c: an image or a suite that can be chosen
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-choice-row.h"

#include <glib/gi18n.h>

/* What the theme leaves out around a box that has no texts of its own */
#define CHECK_MARGIN 4
#define TEXTS_MARGIN 10

#define MAX_LINES 3    /* of what is wrong */
#define MAX_CHARS 56   /* of each: the list around asks how high it gets before it knows its width */

struct _CvmChoiceRow
{
  GtkBox           parent_instance;

  GtkBox          *line;
  GtkToggleButton *check;
  GtkWidget       *texts;
  GtkLabel        *title;
  GtkLabel        *about;
  GtkLabel        *note;
  GtkWidget       *options;
  GtkButton       *mend;

  const CvmOption *option;
};

enum { TOGGLED, OPTIONS, MEND, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmChoiceRow, cvm_choice_row, GTK_TYPE_BOX)

static void
on_check_toggled (CvmChoiceRow *self)
{
  g_signal_emit (self, signals[TOGGLED], 0);
}

static void
on_options_clicked (CvmChoiceRow *self)
{
  g_signal_emit (self, signals[OPTIONS], 0);
}

static void
on_mend_clicked (CvmChoiceRow *self)
{
  g_signal_emit (self, signals[MEND], 0);
}

static void
cvm_choice_row_class_init (CvmChoiceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[TOGGLED] = g_signal_new ("toggled", CVM_TYPE_CHOICE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[OPTIONS] = g_signal_new ("options", CVM_TYPE_CHOICE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[MEND] = g_signal_new ("mend", CVM_TYPE_CHOICE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-choice-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, line);
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, check);
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, texts);
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, title);
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, about);
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, note);
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, options);
  gtk_widget_class_bind_template_child (widget_class, CvmChoiceRow, mend);
  gtk_widget_class_bind_template_callback (widget_class, on_check_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_options_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_mend_clicked);
}

static void
cvm_choice_row_init (CvmChoiceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A suite is mended in its editor; what an image lacks is seen to in their place */
static void
offer_mend (CvmChoiceRow *self,
            gboolean      is_suite)
{
  const char *label = is_suite ? _("Edit") : _("Open Images");
  g_autofree char *name = g_strdup_printf ("%s: %s", label, self->option->title);

  gtk_button_set_label (self->mend, label);
  gtk_widget_show (GTK_WIDGET (self->mend));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->mend)), name);
}

/* What is wrong is there to be read: beside the box that cannot be ticked, not in it, and whole */
static void
show_problem (CvmChoiceRow *self)
{
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self->about));

  gtk_widget_set_hexpand (GTK_WIDGET (self->check), FALSE);
  g_object_ref (self->texts);   
  gtk_container_remove (GTK_CONTAINER (self->check), self->texts);
  gtk_box_pack_start (self->line, self->texts, TRUE, TRUE, 0);
  g_object_unref (self->texts);
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), FALSE);   /* now: what moved stays as it was */
  gtk_widget_set_margin_start (GTK_WIDGET (self->check), CHECK_MARGIN);
  gtk_widget_set_margin_start (self->texts, TEXTS_MARGIN);
  gtk_widget_set_hexpand (self->texts, TRUE);
  gtk_widget_set_tooltip_text (self->texts, self->option->about);

  gtk_style_context_remove_class (style, "dim-label");
  gtk_label_set_line_wrap (self->about, TRUE);
  gtk_label_set_line_wrap_mode (self->about, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (self->about, MAX_LINES);
  gtk_label_set_max_width_chars (self->about, MAX_CHARS);
}

GtkWidget *
cvm_choice_row_new (const CvmOption *option,
                    gboolean         is_suite)
{
  CvmChoiceRow *self = g_object_new (CVM_TYPE_CHOICE_ROW, NULL);
  g_autofree char *settings = g_strdup_printf (_("Settings of “%s”"), option->title);

  self->option = option;
  gtk_label_set_text (self->title, option->title);
  gtk_label_set_text (self->about, option->about);
  gtk_widget_set_visible (GTK_WIDGET (self->about), *option->about != '\0');
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->check), option->about);
  gtk_widget_set_visible (self->options, option->suite != NULL && option->is_usable);
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (self->check)), option->title);
  atk_object_set_name (gtk_widget_get_accessible (self->options), settings);

  if (!option->is_usable)
    {
      show_problem (self);
      offer_mend (self, is_suite);
    }
  cvm_choice_row_set_note (self, NULL);

  return GTK_WIDGET (self);
}

const CvmOption *
cvm_choice_row_get_option (CvmChoiceRow *self)
{
  return self->option;
}

gboolean
cvm_choice_row_is_on (CvmChoiceRow *self)
{
  return gtk_toggle_button_get_active (self->check);
}

void
cvm_choice_row_set_on (CvmChoiceRow *self,
                       gboolean      is_on)
{
  g_signal_handlers_block_by_func (self->check, on_check_toggled, self);
  gtk_toggle_button_set_active (self->check, is_on);
  g_signal_handlers_unblock_by_func (self->check, on_check_toggled, self);
}

void
cvm_choice_row_set_note (CvmChoiceRow *self,
                         const char   *note)
{
  const char *about = self->option->about;
  g_autofree char *spoken = note != NULL ? g_strdup_printf ("%s %s", about, note) : g_strdup (about);

  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (self->check)), spoken);
}
