/* cvm-report-filters.c: which reports are wanted: this computer's or a server's, and which of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-filters.h"

#include "cvm-tapper-server.h"

#define TYPED_MS 600   /* a server is not asked at every letter */

struct _CvmReportFilters
{
  GtkBox           parent_instance;

  GtkToggleButton *mine_button;
  GtkComboBoxText *server_choice;
  GtkComboBox     *success_choice;
  GtkComboBox     *days_choice;
  GtkEntry        *suite_entry;
  GtkEntry        *machine_entry;

  guint            typed;        /* timer */
  gboolean         is_ready;     /* its template is whole */
  gboolean         is_filling;   /* not by hand */
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmReportFilters, cvm_report_filters, GTK_TYPE_BOX)

static void
tell (CvmReportFilters *self)
{
  g_clear_handle_id (&self->typed, g_source_remove);
  if (self->is_ready && !self->is_filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_side_toggled (CvmReportFilters *self)
{
  if (!self->is_ready)
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->server_choice), !cvm_report_filters_is_mine (self)
                          && cvm_report_filters_get_server (self) != NULL);
  cvm_report_filters_look (self);
  tell (self);
}

static gboolean
on_typed_pause (gpointer data)
{
  CvmReportFilters *self = data;

  self->typed = 0;
  tell (self);

  return G_SOURCE_REMOVE;
}

static void
on_typed (CvmReportFilters *self)
{
  g_clear_handle_id (&self->typed, g_source_remove);
  if (!self->is_filling)
    self->typed = g_timeout_add (TYPED_MS, on_typed_pause, self);
}

/* Servers ------------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *servers;        /* of CvmTapperServer; NULL: none can be read */
  char      *default_name;
} Found;

static void
found_free (gpointer data)
{
  Found *self = data;

  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_free (self->default_name);
  g_free (self);
}

static void
look_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Found *found = g_new0 (Found, 1);

  found->servers = cvm_tapper_servers_load (&found->default_name, NULL);
  g_task_return_pointer (task, found, found_free);
}

static void
fill_servers (CvmReportFilters *self,
              const Found      *found)
{
  GtkComboBox *choice = GTK_COMBO_BOX (self->server_choice);
  g_autofree char *chosen = g_strdup (gtk_combo_box_get_active_id (choice));

  self->is_filling = TRUE;
  gtk_combo_box_text_remove_all (self->server_choice);
  for (guint i = 0; found->servers != NULL && i < found->servers->len; i++)
    {
      const CvmTapperServer *server = found->servers->pdata[i];

      gtk_combo_box_text_append (self->server_choice, server->name, server->name);
    }
  if (chosen == NULL || !gtk_combo_box_set_active_id (choice, chosen))
    gtk_combo_box_set_active_id (choice, found->default_name);
  self->is_filling = FALSE;

  if (!cvm_report_filters_is_mine (self)
      && g_strcmp0 (chosen, gtk_combo_box_get_active_id (choice)) != 0)
    tell (self);
}

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(CvmReportFilters) self = data;
  Found *found = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->is_ready)
    {
      fill_servers (self, found);
      gtk_widget_set_visible (GTK_WIDGET (self->server_choice), !cvm_report_filters_is_mine (self)
                              && found->servers != NULL && found->servers->len > 0);
    }
  found_free (found);
}

/* ------------------------------------------------------------------------------------------- */

static void
cvm_report_filters_dispose (GObject *object)
{
  CvmReportFilters *self = CVM_REPORT_FILTERS (object);

  self->is_ready = FALSE;
  g_clear_handle_id (&self->typed, g_source_remove);

  G_OBJECT_CLASS (cvm_report_filters_parent_class)->dispose (object);
}

static void
cvm_report_filters_class_init (CvmReportFiltersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_report_filters_dispose;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_REPORT_FILTERS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-report-filters.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmReportFilters, mine_button);
  gtk_widget_class_bind_template_child (widget_class, CvmReportFilters, server_choice);
  gtk_widget_class_bind_template_child (widget_class, CvmReportFilters, success_choice);
  gtk_widget_class_bind_template_child (widget_class, CvmReportFilters, days_choice);
  gtk_widget_class_bind_template_child (widget_class, CvmReportFilters, suite_entry);
  gtk_widget_class_bind_template_child (widget_class, CvmReportFilters, machine_entry);
  gtk_widget_class_bind_template_callback (widget_class, on_side_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, tell);
}

static void
cvm_report_filters_init (CvmReportFilters *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->is_ready = TRUE;
}

gboolean
cvm_report_filters_is_mine (CvmReportFilters *self)
{
  return gtk_toggle_button_get_active (self->mine_button);
}

const char *
cvm_report_filters_get_server (CvmReportFilters *self)
{
  return gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->server_choice));
}

static char *
text_of (GtkEntry *entry)
{
  const char *text = gtk_entry_get_text (entry);

  return *text != '\0' ? (char *)text : NULL;
}

CvmReportFilter
cvm_report_filters_get (CvmReportFilters *self)
{
  const char *success = gtk_combo_box_get_active_id (self->success_choice);
  const char *days = gtk_combo_box_get_active_id (self->days_choice);

  return (CvmReportFilter){
    .suite = text_of (self->suite_entry),
    .machine = text_of (self->machine_entry),
    .is_passed = success != NULL ? (int)g_ascii_strtoll (success, NULL, 10) : -1,
    .days = days != NULL ? (guint)g_ascii_strtoull (days, NULL, 10) : 0,
  };
}

gboolean
cvm_report_filters_is_narrow (CvmReportFilters *self)
{
  CvmReportFilter filter = cvm_report_filters_get (self);

  return filter.suite != NULL || filter.machine != NULL || filter.is_passed >= 0;
}

void
cvm_report_filters_widen (CvmReportFilters *self)
{
  self->is_filling = TRUE;
  gtk_combo_box_set_active_id (self->success_choice, "-1");
  gtk_combo_box_set_active_id (self->days_choice, "3650");
  gtk_entry_set_text (self->suite_entry, "");
  gtk_entry_set_text (self->machine_entry, "");
  self->is_filling = FALSE;
}

void
cvm_report_filters_look (CvmReportFilters *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_looked, g_object_ref (self));

  g_task_run_in_thread (task, look_in_thread);
}
