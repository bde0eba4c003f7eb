/* cvm-mask-popover.c: chooses lines of a guest's log that are known from now on
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-mask-popover.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-mask-file.h"

struct _CvmMaskPopover
{
  GtkPopover  parent_instance;

  GtkLabel   *heading;
  GtkBox     *lines;        /* of GtkCheckButton */
  GtkWidget  *add_button;

  char       *image;
};

enum { MASKED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmMaskPopover, cvm_mask_popover, GTK_TYPE_POPOVER)

typedef struct
{
  char  *image;
  GStrv  lines;
} Addition;

static void
addition_free (gpointer data)
{
  Addition *addition = data;

  g_free (addition->image);
  g_strfreev (addition->lines);
  g_free (addition);
}

static void
add_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  Addition *addition = data;
  GError *error = NULL;

  if (cvm_mask_file_add (addition->image, (const char *const *)addition->lines, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmMaskPopover) self = data;
  Addition *addition = g_task_get_task_data (G_TASK (result));
  guint n = g_strv_length (addition->lines);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%u line is known of %s from now on: run again to see.",
                                         "%u lines are known of %s from now on: run again to see.",
                                         n), n, addition->image);
  else
    text = g_strdup_printf (_("The lines could not be masked: %s"), error->message);

  g_signal_emit (self, signals[MASKED], 0, text);
}

static void
collect_chosen (GtkWidget *button,
                gpointer   chosen)
{
  if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
    g_ptr_array_add (chosen, g_strdup (g_object_get_data (G_OBJECT (button), "line")));
}

static void
on_add (CvmMaskPopover *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_added, g_object_ref (self));
  g_autoptr(GPtrArray) chosen = g_ptr_array_new ();
  Addition *addition = g_new0 (Addition, 1);

  gtk_container_foreach (GTK_CONTAINER (self->lines), collect_chosen, chosen);
  g_ptr_array_add (chosen, NULL);
  addition->image = g_strdup (self->image);
  addition->lines = (GStrv)g_ptr_array_free (g_steal_pointer (&chosen), FALSE);

  g_task_set_source_tag (task, on_add);
  g_task_set_task_data (task, addition, addition_free);
  g_task_run_in_thread (task, add_in_thread);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
sync_button (CvmMaskPopover *self)
{
  g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func (g_free);

  gtk_container_foreach (GTK_CONTAINER (self->lines), collect_chosen, chosen);
  gtk_widget_set_sensitive (self->add_button, chosen->len > 0);
}

static void
cvm_mask_popover_finalize (GObject *object)
{
  g_free (CVM_MASK_POPOVER (object)->image);

  G_OBJECT_CLASS (cvm_mask_popover_parent_class)->finalize (object);
}

static void
cvm_mask_popover_class_init (CvmMaskPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = cvm_mask_popover_finalize;

  signals[MASKED] = g_signal_new ("masked", CVM_TYPE_MASK_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-mask-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmMaskPopover, heading);
  gtk_widget_class_bind_template_child (widget_class, CvmMaskPopover, lines);
  gtk_widget_class_bind_template_child (widget_class, CvmMaskPopover, add_button);
  gtk_widget_class_bind_template_callback (widget_class, on_add);
}

static void
cvm_mask_popover_init (CvmMaskPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
add_line (CvmMaskPopover *self,
          const char     *line)
{
  g_autofree char *shown = cvm_format_line (line);
  GtkWidget *button = gtk_check_button_new_with_label (shown);
  GtkWidget *label = gtk_bin_get_child (GTK_BIN (button));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 70);
  gtk_widget_set_tooltip_text (button, shown);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), "monospace");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  g_object_set_data_full (G_OBJECT (button), "line", g_strdup (line), g_free);
  g_signal_connect_object (button, "toggled", G_CALLBACK (sync_button), self, G_CONNECT_SWAPPED);
  gtk_widget_show (button);
  gtk_container_add (GTK_CONTAINER (self->lines), button);
}

void
cvm_mask_popover_set_lines (CvmMaskPopover *self,
                            const char     *image,
                            GPtrArray      *lines)
{
  g_autofree char *name = cvm_format_line (image);
  g_autofree char *heading = g_strdup_printf (_("Lines that are nothing to worry about in “%s”"),
                                              name);

  g_free (self->image);
  self->image = g_strdup (image);
  gtk_label_set_text (self->heading, heading);
  gtk_container_foreach (GTK_CONTAINER (self->lines), (GtkCallback)gtk_widget_destroy, NULL);
  for (guint i = 0; i < lines->len; i++)
    add_line (self, lines->pdata[i]);
  sync_button (self);
}
