/* cvm-evidence-buttons.c: the files that a case kept, as buttons that open them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-evidence-buttons.h"

#include <glib/gi18n.h>

#define FILES "cvm-files"   /* of a box: they live as long as their buttons */

typedef struct
{
  const CvmEvidence *file;
  CvmEvidenceFunc    open;
  GtkWidget         *from;
} Opening;

static void
on_clicked (GtkButton *button,
            Opening   *opening)
{
  opening->open (opening->from, opening->file);
}

static void
free_opening (gpointer  opening,
              GClosure *closure)
{
  g_free (opening);
}

static void
add (GtkContainer  *box,
     const Opening *opening)
{
  const char *name = opening->file->name;
  GtkWidget *button = gtk_button_new_with_label (name);
  g_autofree char *tip = g_strdup_printf (_("Open %s"), name);

  gtk_widget_set_tooltip_text (button, tip);
  g_signal_connect_data (button, "clicked", G_CALLBACK (on_clicked),
                         g_memdup2 (opening, sizeof *opening), free_opening, 0);
  gtk_widget_show (button);
  gtk_container_add (box, button);
}

void
cvm_evidence_buttons_fill (GtkContainer    *box,
                           GPtrArray       *files,
                           CvmEvidenceFunc  open,
                           GtkWidget       *from)
{
  gtk_container_foreach (box, (GtkCallback)gtk_widget_destroy, NULL);
  g_object_set_data_full (G_OBJECT (box), FILES, g_ptr_array_ref (files),
                          (GDestroyNotify)g_ptr_array_unref);
  for (guint i = 0; i < files->len; i++)
    {
      Opening opening = { files->pdata[i], open, from };

      add (box, &opening);
    }

  gtk_widget_set_visible (GTK_WIDGET (box), files->len > 0);
}
