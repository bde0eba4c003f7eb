/* cvm-preset-row.c: gives a value of a part another value in a preset
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-preset-row.h"

#include <glib/gi18n.h>

#include "cvm-id.h"

struct _CvmPresetRow
{
  GtkBox            parent_instance;

  GtkWidget        *name;
  GtkComboBoxText  *preset;
  GtkComboBoxText  *value;
  GtkWidget        *button;

  CvmSuiteEdit     *edit;
  guint             item;
  char             *shown;      /* what there is to choose from */
};

enum { ADDED, FAILED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmPresetRow, cvm_preset_row, GTK_TYPE_BOX)

static GtkEntry *
get_entry (CvmPresetRow *self)
{
  return GTK_ENTRY (gtk_bin_get_child (GTK_BIN (self->preset)));
}

/* It begins with what holds without the preset */
static const char *
find_value (CvmPresetRow *self,
            const char   *key)
{
  const char *value = cvm_suite_edit_get (self->edit, self->item, key);
  const CvmCheckInfo *check = cvm_suite_edit_item (self->edit, self->item).check;
  const CvmParam *param = check != NULL ? cvm_param_find (check->params, key) : NULL;

  if (value != NULL)
    return value;

  return param != NULL && param->default_value != NULL ? param->default_value
         : g_str_equal (key, "Timeout") ? "10m" : "";
}

static void
on_add_clicked (CvmPresetRow *self)
{
  g_autofree char *preset = g_strdup (gtk_entry_get_text (get_entry (self)));
  g_autofree char *value = gtk_combo_box_text_get_active_text (self->value);
  g_autofree char *key = g_strdup_printf ("%s.%s",
                                          cvm_suite_edit_item (self->edit, self->item).id, value);
  g_autoptr(GError) error = NULL;

  if (cvm_suite_edit_set_preset (self->edit, preset, key, find_value (self, value), &error))
    g_signal_emit (self, signals[ADDED], 0, preset);
  else
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

static void
on_changed (CvmPresetRow *self)
{
  gboolean is_id = cvm_id_is_valid (gtk_entry_get_text (get_entry (self)));

  gtk_widget_set_sensitive (self->button, is_id);
  if (is_id || *gtk_entry_get_text (get_entry (self)) == '\0')
    gtk_style_context_remove_class (gtk_widget_get_style_context (GTK_WIDGET (get_entry (self))),
                                    "error");
  else
    gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (get_entry (self))),
                                 "error");
}

static void
cvm_preset_row_dispose (GObject *object)
{
  CvmPresetRow *self = CVM_PRESET_ROW (object);

  g_clear_object (&self->edit);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (cvm_preset_row_parent_class)->dispose (object);
}

static void
cvm_preset_row_class_init (CvmPresetRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_preset_row_dispose;

  signals[ADDED] = g_signal_new ("added", CVM_TYPE_PRESET_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", CVM_TYPE_PRESET_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-preset-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmPresetRow, name);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetRow, preset);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetRow, value);
  gtk_widget_class_bind_template_child (widget_class, CvmPresetRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_add_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
cvm_preset_row_init (CvmPresetRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_entry_set_width_chars (get_entry (self), 8);
  gtk_entry_set_placeholder_text (get_entry (self), _("Name of the preset"));
  atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (get_entry (self))), _("Preset"));
}

GtkWidget *
cvm_preset_row_new (void)
{
  return g_object_new (CVM_TYPE_PRESET_ROW, NULL);
}

static void
fill (CvmPresetRow       *self,
      char              **presets,
      const CvmCheckInfo *check)
{
  g_autofree char *joined = g_strjoinv (";", presets);
  g_autofree char *wanted = g_strdup_printf ("%s\n%p", joined, (const void *)check);

  if (g_strcmp0 (wanted, self->shown) == 0)
    return;

  gtk_combo_box_text_remove_all (self->preset);
  for (gsize i = 0; presets[i] != NULL; i++)
    gtk_combo_box_text_append_text (self->preset, presets[i]);

  gtk_combo_box_text_remove_all (self->value);
  gtk_combo_box_text_append_text (self->value, "Timeout");
  for (const CvmParam *p = check != NULL ? check->params : NULL; p != NULL && p->name != NULL; p++)
    gtk_combo_box_text_append_text (self->value, p->name);
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->value), 0);

  g_free (self->shown);
  self->shown = g_steal_pointer (&wanted);
}

void
cvm_preset_row_show (CvmPresetRow *self,
                     CvmSuiteEdit *edit,
                     guint         item)
{
  g_auto(GStrv) presets = cvm_suite_edit_dup_presets (edit);

  g_set_object (&self->edit, edit);
  self->item = item;
  fill (self, presets, cvm_suite_edit_item (edit, item).check);
}

void
cvm_preset_row_align (CvmPresetRow *self,
                      GtkSizeGroup *labels)
{
  gtk_size_group_add_widget (labels, self->name);
}
