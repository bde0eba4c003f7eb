/* cvm-preferences.c: the window of the preferences
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-preferences.h"

#include <glib/gi18n.h>

#include "cvm-current-settings.h"
#include "cvm-pref-kinds.h"

#define GIB ((guint64)1 << 30)

struct _CvmPreferences
{
  HdyPreferencesWindow  parent_instance;

  GtkLabel             *problem;
  GtkWidget            *problem_group;
  GtkComboBox          *appearance, *hypervisor;
  GtkSwitch            *notifications, *keep_failed;
  GtkSpinButton        *jobs, *budget;
  HdyActionRow         *folder_row;
  GtkContainer         *images_page, *reports_page, *passwords_page;

  gboolean              is_filling;
  gboolean              is_closed;
};

G_DEFINE_FINAL_TYPE (CvmPreferences, cvm_preferences, HDY_TYPE_PREFERENCES_WINDOW)

static void
tell (CvmPreferences *self,
      const char     *problem)
{
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (self->problem_group, problem != NULL);
}

static void
show_folder (CvmPreferences *self,
             const char     *path)
{
  g_autofree char *text = g_strdup_printf (_("%s\nImages that are there already are not moved."),
                                           path);

  hdy_action_row_set_subtitle (self->folder_row, text);
}

static void
fill (CvmPreferences *self)
{
  static const char *const appearances[] = { "system", "light", "dark" };
  const CvmSettings *settings = cvm_current_settings_get ();

  self->is_filling = TRUE;
  gtk_combo_box_set_active_id (self->appearance, appearances[settings->appearance]);
  gtk_combo_box_set_active_id (self->hypervisor, settings->hypervisor);
  gtk_switch_set_active (self->notifications, settings->notifications);
  gtk_switch_set_active (self->keep_failed, settings->keep_failed);
  gtk_spin_button_set_value (self->jobs, settings->jobs);
  gtk_spin_button_set_value (self->budget, (double)((settings->images_budget + GIB - 1) / GIB));
  show_folder (self, settings->images_folder);
  self->is_filling = FALSE;
}

static void
on_changed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(CvmPreferences) self = data;
  g_autoptr(GError) error = NULL;

  if (cvm_current_settings_finish (result, &error) || self->is_closed)
    return;

  tell (self, error->message);
  fill (self);
}

static void
change (CvmPreferences *self,
        CvmSetting      setting,
        const char     *value)
{
  if (self->is_filling)
    return;

  tell (self, NULL);
  cvm_current_settings_change (setting, value, on_changed, g_object_ref (self));
}

/* Settings --------------------------------------------------------------------------------- */

static void
on_appearance (CvmPreferences *self)
{
  change (self, CVM_SETTING_APPEARANCE, gtk_combo_box_get_active_id (self->appearance));
}

static void
on_hypervisor (CvmPreferences *self)
{
  change (self, CVM_SETTING_HYPERVISOR, gtk_combo_box_get_active_id (self->hypervisor));
}

static void
on_notifications (CvmPreferences *self)
{
  change (self, CVM_SETTING_NOTIFICATIONS,
          gtk_switch_get_active (self->notifications) ? "true" : "false");
}

static void
on_keep_failed (CvmPreferences *self)
{
  change (self, CVM_SETTING_KEEP_FAILED,
          gtk_switch_get_active (self->keep_failed) ? "true" : "false");
}

static void
on_jobs (CvmPreferences *self)
{
  g_autofree char *text = g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (self->jobs));

  change (self, CVM_SETTING_JOBS, text);
}

static void
on_budget (CvmPreferences *self)
{
  int gib = gtk_spin_button_get_value_as_int (self->budget);
  g_autofree char *text = g_strdup_printf ("%dG", gib);

  change (self, CVM_SETTING_IMAGES_BUDGET, gib > 0 ? text : NULL);
}

static void
on_folder_chosen (GtkNativeDialog *dialog,
                  int              response,
                  gpointer         data)
{
  g_autoptr(CvmPreferences) self = data;
  g_autofree char *path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && path != NULL)
    {
      show_folder (self, path);
      change (self, CVM_SETTING_IMAGES_FOLDER, path);
    }
  g_object_unref (dialog);
}

/* No GtkFileChooserButton: it says "(None)" of a folder that the first image will make */
static void
on_folder (CvmPreferences *self)
{
  GtkFileChooserNative *dialog =
    gtk_file_chooser_native_new (_("Images Folder"), GTK_WINDOW (self),
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"),
                                 _("_Cancel"));

  gtk_file_chooser_set_filename (GTK_FILE_CHOOSER (dialog),
                                 cvm_current_settings_get ()->images_folder);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_folder_chosen), g_object_ref (self));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_default_folder (CvmPreferences *self)
{
  g_autoptr(CvmSettings) defaults = cvm_settings_new ();

  change (self, CVM_SETTING_IMAGES_FOLDER, NULL);
  show_folder (self, defaults->images_folder);
}

static void
on_reloaded (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  g_autoptr(CvmPreferences) self = data;
  g_autoptr(GError) error = NULL;
  gboolean is_read = cvm_current_settings_finish (result, &error);

  if (self->is_closed)
    return;

  if (is_read)
    fill (self);
  else
    tell (self, error->message);
}

/* Type ------------------------------------------------------------------------------------- */

static void
cvm_preferences_dispose (GObject *object)
{
  CVM_PREFERENCES (object)->is_closed = TRUE;

  G_OBJECT_CLASS (cvm_preferences_parent_class)->dispose (object);
}

static void
bind (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, problem);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, problem_group);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, appearance);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, hypervisor);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, notifications);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, keep_failed);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, jobs);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, budget);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, folder_row);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, images_page);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, reports_page);
  gtk_widget_class_bind_template_child (widget_class, CvmPreferences, passwords_page);
  gtk_widget_class_bind_template_callback (widget_class, on_appearance);
  gtk_widget_class_bind_template_callback (widget_class, on_hypervisor);
  gtk_widget_class_bind_template_callback (widget_class, on_notifications);
  gtk_widget_class_bind_template_callback (widget_class, on_keep_failed);
  gtk_widget_class_bind_template_callback (widget_class, on_jobs);
  gtk_widget_class_bind_template_callback (widget_class, on_budget);
  gtk_widget_class_bind_template_callback (widget_class, on_folder);
  gtk_widget_class_bind_template_callback (widget_class, on_default_folder);
}

static void
cvm_preferences_class_init (CvmPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_preferences_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-preferences.ui");
  bind (widget_class);
}

static void
cvm_preferences_init (CvmPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_container_add (self->images_page, cvm_pref_list_new (&cvm_pref_catalogues));
  gtk_container_add (self->reports_page, cvm_pref_list_new (&cvm_pref_servers));
  gtk_container_add (self->passwords_page, cvm_pref_list_new (&cvm_pref_passwords));
  fill (self);
  cvm_current_settings_reload_async (on_reloaded, g_object_ref (self));
}

GtkWidget *
cvm_preferences_new (GtkWindow *parent)
{
  return g_object_new (CVM_TYPE_PREFERENCES, "transient-for", parent, "modal", TRUE, NULL);
}
