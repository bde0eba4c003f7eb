/* cvm-current-settings.c: the settings as the window goes by them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-current-settings.h"

#include <handy.h>

#define NOTHING CVM_N_SETTINGS   /* to change */

typedef struct
{
  CvmSetting   setting;
  char        *value;
  CvmSettings *settings;   /* out */
} Change;

static CvmSettings *current;

static void
change_free (Change *self)
{
  g_clear_pointer (&self->settings, cvm_settings_free);
  g_free (self->value);
  g_free (self);
}

void
cvm_current_settings_apply_colours (void)
{
  static const HdyColorScheme schemes[] = {
    [CVM_APPEARANCE_SYSTEM] = HDY_COLOR_SCHEME_PREFER_LIGHT,
    [CVM_APPEARANCE_LIGHT] = HDY_COLOR_SCHEME_FORCE_LIGHT,
    [CVM_APPEARANCE_DARK] = HDY_COLOR_SCHEME_FORCE_DARK,
  };

  hdy_style_manager_set_color_scheme (hdy_style_manager_get_default (),
                                      schemes[cvm_current_settings_get ()->appearance]);
}

static void
take (CvmSettings *settings)
{
  gboolean is_other = current != NULL && current->appearance != settings->appearance;

  g_clear_pointer (&current, cvm_settings_free);
  current = settings;
  if (is_other)
    cvm_current_settings_apply_colours ();
}

void
cvm_current_settings_load (void)
{
  g_autoptr(GError) error = NULL;
  CvmSettings *settings = cvm_settings_load (&error);

  if (settings == NULL)
    g_message ("%s", error->message);
  take (settings != NULL ? settings : cvm_settings_new ());
}

const CvmSettings *
cvm_current_settings_get (void)
{
  if (current == NULL)
    current = cvm_settings_new ();

  return current;
}

static void
change_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      data,
                  GCancellable *cancellable)
{
  Change *change = data;
  GError *error = NULL;

  if (change->setting == NOTHING || cvm_settings_set (change->setting, change->value, &error))
    change->settings = cvm_settings_load (&error);

  if (change->settings != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
cvm_current_settings_change (CvmSetting           setting,
                             const char          *value,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->setting = setting;
  change->value = g_strdup (value);
  g_task_set_task_data (task, change, (GDestroyNotify)change_free);
  g_task_run_in_thread (task, change_in_thread);
}

void
cvm_current_settings_reload_async (GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  cvm_current_settings_change (NOTHING, NULL, callback, user_data);
}

gboolean
cvm_current_settings_finish (GAsyncResult  *result,
                             GError       **error)
{
  Change *change = g_task_get_task_data (G_TASK (result));

  if (change->settings != NULL)
    take (g_steal_pointer (&change->settings));

  return g_task_propagate_boolean (G_TASK (result), error);
}
