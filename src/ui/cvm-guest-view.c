/* cvm-guest-view.c: a job's guest as it is and was: display, console, log, facts, and its film
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest-view.h"

#include "cvm-display-view.h"
#include "cvm-facts-view.h"
#include "cvm-guest-keys.h"
#include "cvm-log-view.h"
#include "cvm-serial-view.h"

struct _CvmGuestView
{
  GtkBox          parent_instance;

  GtkMenuButton  *keys_button;
  GtkStack       *views;
  CvmDisplayView *display;
  CvmSerialView  *serial;
  CvmLogView     *log;
  CvmFactsView   *facts;

  char           *dir;      /* of the run */
  char           *job;
};

enum { MOMENT_CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmGuestView, cvm_guest_view, GTK_TYPE_BOX)

static void
cvm_guest_view_dispose (GObject *object)
{
  CvmGuestView *self = CVM_GUEST_VIEW (object);

  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->job, g_free);

  G_OBJECT_CLASS (cvm_guest_view_parent_class)->dispose (object);
}

static void
cvm_guest_view_class_init (CvmGuestViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_guest_view_dispose;

  signals[MOMENT_CHOSEN] = g_signal_new ("moment-chosen", CVM_TYPE_GUEST_VIEW, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (CVM_TYPE_DISPLAY_VIEW);
  g_type_ensure (CVM_TYPE_SERIAL_VIEW);
  g_type_ensure (CVM_TYPE_LOG_VIEW);
  g_type_ensure (CVM_TYPE_FACTS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-guest-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, keys_button);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, views);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, display);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, serial);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, log);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, facts);
}

static void
cvm_guest_view_init (CvmGuestView *self)
{
  g_autoptr(GMenuModel) keys = cvm_guest_keys_new_menu ("display.send");

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "display",
                                  cvm_display_view_get_actions (self->display));
  gtk_menu_button_set_menu_model (self->keys_button, keys);
}

static void
begin (CvmGuestView *self,
       CvmRun       *run,
       const char   *dir,
       const char   *job)
{
  g_free (self->dir);
  self->dir = g_strdup (dir);
  g_free (self->job);
  self->job = g_strdup (job);

  cvm_facts_view_clear (self->facts);
  cvm_log_view_clear (self->log);
  cvm_display_view_set_run (self->display, run, job);
}

void
cvm_guest_view_show_live (CvmGuestView *self,
                          CvmRun       *run,
                          const char   *job)
{
  begin (self, run, cvm_run_get_dir (run), job);
  cvm_serial_view_set_run (self->serial, run, job);
  cvm_display_view_connect (self->display);
}

void
cvm_guest_view_show_past (CvmGuestView *self,
                          const char   *dir,
                          GPtrArray    *records,
                          const char   *job)
{
  g_autofree char *folder = g_strdup_printf ("job-%s", job);
  g_autofree char *path = g_build_filename (dir, folder, "serial.log", NULL);

  begin (self, NULL, dir, job);
  gtk_stack_set_visible_child_name (self->views, "serial");
  cvm_serial_view_load (self->serial, path);
  cvm_log_view_add (self->log, records, job);
}

static gboolean
is_guest_made (CvmGuestView    *self,
               const CvmRecord *record)
{
  return record->type == CVM_RECORD_ACTED && record->ok && g_strcmp0 (record->kind, "domain") == 0
         && g_strcmp0 (record->job, self->job) == 0;
}

void
cvm_guest_view_add_records (CvmGuestView *self,
                            GPtrArray    *records)
{
  cvm_log_view_add (self->log, records, self->job);
  for (guint i = 0; i < records->len; i++)
    if (is_guest_made (self, records->pdata[i]))
      cvm_display_view_connect (self->display);
}

void
cvm_guest_view_update (CvmGuestView       *self,
                       const CvmJobResult *job)
{
  cvm_facts_view_update (self->facts, job, self->dir);
}

void
cvm_guest_view_end (CvmGuestView *self)
{
  cvm_display_view_end (self->display);
  cvm_serial_view_end (self->serial);
}

gboolean
cvm_guest_view_find (CvmGuestView *self)
{
  return FALSE;
}
