/* cvm-notice.c: tells the desktop that a run has ended, when nobody looks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-notice.h"

#include <glib/gi18n.h>

#include "cvm-current-settings.h"
#include "cvm-format.h"

#define NOTIFICATIONS "org.freedesktop.Notifications"

static char *
describe (CvmResult *result)
{
  CvmJobResult sum;
  guint n_jobs = cvm_result_n_jobs (result);
  g_autofree char *counts = NULL;

  if (n_jobs == 1)
    return cvm_format_verdict (cvm_result_job (result, 0));

  cvm_result_sum (result, &sum);
  counts = cvm_format_counts (&sum);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u job: %s", "%u jobs: %s", n_jobs),
                          n_jobs, counts);
}

typedef struct
{
  GNotification *notice;
  char          *id;
} Sending;

/* Without anybody who shows them GIO would complain. Who can be started is, by being asked; not all
   can be that are there */
static void
on_somebody_listens (GObject      *source,
                     GAsyncResult *result,
                     gpointer      data)
{
  g_autofree Sending *sending = data;
  g_autoptr(GNotification) notice = sending->notice;
  g_autofree char *id = sending->id;
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                             NULL);

  if (reply != NULL && g_application_get_default () != NULL)
    g_application_send_notification (g_application_get_default (), id, notice);
}

static void
send (GApplication  *application,
      GNotification *notice,
      const char    *id)
{
  GDBusConnection *bus = g_application_get_dbus_connection (application);
  Sending *sending;

  if (bus == NULL)
    return;

  sending = g_new0 (Sending, 1);
  sending->notice = g_object_ref (notice);
  sending->id = g_strdup (id);
  g_dbus_connection_call (bus, NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS,
                          "GetServerInformation", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          on_somebody_listens, sending);
}

void
cvm_notice_run_ended (GtkWidget  *from,
                      CvmResult  *result,
                      const char *dir)
{
  GApplication *application = g_application_get_default ();
  GtkWidget *window = gtk_widget_get_toplevel (from);
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;
  g_autoptr(GNotification) notice = NULL;

  if (application == NULL || !cvm_current_settings_get ()->notifications
      || (GTK_IS_WINDOW (window) && gtk_window_is_active (GTK_WINDOW (window))))
    return;

  title = cvm_format_line (cvm_result_get_title (result));
  body = describe (result);
  notice = g_notification_new (title);
  g_notification_set_body (notice, body);
  if (cvm_result_get_status (result) != CVM_STATUS_PASSED)
    g_notification_set_priority (notice, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notice, "app.open-run", "s", dir);
  send (application, notice, dir);
}
