/* cvm-needs-row.c: which of the parts above must have passed
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-needs-row.h"

#include <glib/gi18n.h>

#include "cvm-keyfile.h"

struct _CvmNeedsRow
{
  GtkBox       parent_instance;

  GtkWidget   *name;
  GtkFlowBox  *boxes;

  char        *shown;        /* the ids that there are boxes for, a line each */
  gboolean     is_quiet;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmNeedsRow, cvm_needs_row, GTK_TYPE_BOX)

static void
on_toggled (CvmNeedsRow *self)
{
  if (!self->is_quiet)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_box (CvmNeedsRow *self,
         const char  *id)
{
  GtkWidget *box = gtk_check_button_new_with_label (id);

  g_signal_connect_object (box, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  gtk_widget_show (box);
  gtk_container_add (GTK_CONTAINER (self->boxes), box);
  gtk_widget_set_can_focus (gtk_widget_get_parent (box), FALSE);    /* the box has it */
  atk_object_set_name (gtk_widget_get_accessible (gtk_widget_get_parent (box)), id);
}

static GtkToggleButton *
get_box (CvmNeedsRow *self,
         int          index)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (self->boxes, index);

  return child != NULL ? GTK_TOGGLE_BUTTON (gtk_bin_get_child (GTK_BIN (child))) : NULL;
}

/* All above, and what is needed though it is not above: it must be possible to untick that */
static char **
list_ids (CvmSuiteEdit *edit,
          guint         item,
          char        **needs)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; i < item; i++)
    g_strv_builder_add (ids, cvm_suite_edit_item (edit, i).id);

  for (gsize i = 0; needs[i] != NULL; i++)
    {
      int needed = cvm_suite_edit_find (edit, needs[i]);

      if (needed < 0 || (guint)needed >= item)
        g_strv_builder_add (ids, needs[i]);
    }

  return g_strv_builder_end (ids);
}

static void
build (CvmNeedsRow *self,
       char       **ids)
{
  g_autofree char *wanted = g_strjoinv ("\n", ids);

  if (g_strcmp0 (wanted, self->shown) == 0)
    return;

  gtk_container_foreach (GTK_CONTAINER (self->boxes), (GtkCallback)gtk_widget_destroy, NULL);
  for (gsize i = 0; ids[i] != NULL; i++)
    add_box (self, ids[i]);
  gtk_widget_set_visible (GTK_WIDGET (self), ids[0] != NULL);

  g_free (self->shown);
  self->shown = g_steal_pointer (&wanted);
}

static void
cvm_needs_row_finalize (GObject *object)
{
  g_free (CVM_NEEDS_ROW (object)->shown);

  G_OBJECT_CLASS (cvm_needs_row_parent_class)->finalize (object);
}

static void
cvm_needs_row_class_init (CvmNeedsRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_needs_row_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_NEEDS_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-needs-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmNeedsRow, name);
  gtk_widget_class_bind_template_child (widget_class, CvmNeedsRow, boxes);
}

static void
cvm_needs_row_init (CvmNeedsRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
cvm_needs_row_new (void)
{
  return g_object_new (CVM_TYPE_NEEDS_ROW, NULL);
}

void
cvm_needs_row_show (CvmNeedsRow  *self,
                    CvmSuiteEdit *edit,
                    guint         item)
{
  const char *raw = cvm_suite_edit_get (edit, item, "Needs");
  g_auto(GStrv) needs = cvm_keyfile_split_text (raw != NULL ? raw : "");
  g_auto(GStrv) ids = list_ids (edit, item, needs);
  GtkToggleButton *box;

  self->is_quiet = TRUE;
  build (self, ids);
  for (int i = 0; (box = get_box (self, i)) != NULL; i++)
    gtk_toggle_button_set_active (box, g_strv_contains ((const char *const *)needs,
                                                        gtk_button_get_label (GTK_BUTTON (box))));
  self->is_quiet = FALSE;
}

char *
cvm_needs_row_dup_text (CvmNeedsRow *self)
{
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  g_auto(GStrv) needs = NULL;
  GtkToggleButton *box;

  for (int i = 0; (box = get_box (self, i)) != NULL; i++)
    {
      if (gtk_toggle_button_get_active (box))
        g_strv_builder_add (ids, gtk_button_get_label (GTK_BUTTON (box)));
    }
  needs = g_strv_builder_end (ids);

  return needs[0] != NULL ? g_strjoinv (";", needs) : NULL;
}

void
cvm_needs_row_align (CvmNeedsRow  *self,
                     GtkSizeGroup *labels)
{
  gtk_size_group_add_widget (labels, self->name);
}
