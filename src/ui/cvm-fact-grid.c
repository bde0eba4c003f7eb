/* cvm-fact-grid.c: names and what is known of them, in two columns
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-fact-grid.h"

#include "cvm-format.h"

struct _CvmFactGrid
{
  GtkGrid  parent_instance;

  int      n_rows;
};

G_DEFINE_FINAL_TYPE (CvmFactGrid, cvm_fact_grid, GTK_TYPE_GRID)

static void
cvm_fact_grid_class_init (CvmFactGridClass *klass)
{
}

static void
cvm_fact_grid_init (CvmFactGrid *self)
{
  gtk_grid_set_row_spacing (GTK_GRID (self), 6);
  gtk_grid_set_column_spacing (GTK_GRID (self), 18);
}

static GtkWidget *
make_label (const char *text)
{
  g_autofree char *line = cvm_format_line (text);
  GtkWidget *label = gtk_label_new (line);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_show (label);

  return label;
}

void
cvm_fact_grid_add (CvmFactGrid *self,
                   const char  *name,
                   const char  *value)
{
  GtkWidget *key, *text;

  if (value == NULL || *value == '\0')
    return;

  key = make_label (name);
  text = make_label (value);
  gtk_style_context_add_class (gtk_widget_get_style_context (key), "dim-label");
  gtk_label_set_max_width_chars (GTK_LABEL (key), 24);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_hexpand (text, TRUE);
  gtk_grid_attach (GTK_GRID (self), key, 0, self->n_rows, 1, 1);
  gtk_grid_attach (GTK_GRID (self), text, 1, self->n_rows, 1, 1);
  self->n_rows++;
}
