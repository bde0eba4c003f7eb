/* cvm-guest-view.c: a job's guest as it is and was: display, console, log, facts, and its film
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest-view.h"

#include "cvm-display-view.h"
#include "cvm-evidence-view.h"
#include "cvm-facts-view.h"
#include "cvm-filmstrip.h"
#include "cvm-guest-banner.h"
#include "cvm-guest-keys.h"
#include "cvm-log-view.h"
#include "cvm-serial-view.h"
#include "cvm-wrap-box.h"

struct _CvmGuestView
{
  GtkBox          parent_instance;

  GtkWidget      *tools;
  GtkMenuButton  *keys_button;
  CvmGuestBanner *banner;
  GtkStack       *views;
  CvmDisplayView *display;
  CvmSerialView  *serial;
  CvmLogView     *log;
  CvmFactsView   *facts;
  CvmEvidenceView *evidence;   /* seen once a text was asked for */
  CvmFilmstrip   *film;
  GtkWidget      *film_place;

  gboolean        is_live;
  char           *dir;      /* of the run */
  char           *job;
  char           *before_evidence;   /* the view that is come back to, or NULL */
};

enum { MOMENT_CHOSEN, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmGuestView, cvm_guest_view, GTK_TYPE_BOX)

/* What was seen and said then; live, the end is now */
static void
on_moved (CvmGuestView *self)
{
  gint64 moment_us = cvm_filmstrip_get_moment (self->film);
  g_autofree char *caption = NULL;
  g_autofree char *picture = NULL;

  if (moment_us != 0 || (!self->is_live && cvm_filmstrip_has_pictures (self->film)))
    picture = cvm_filmstrip_dup_picture (self->film, &caption);
  cvm_display_view_show_still (self->display, picture, caption);
  cvm_serial_view_seek (self->serial, moment_us);
  if (moment_us != 0)
    g_signal_emit (self, signals[MOMENT_CHOSEN], 0, cvm_filmstrip_get_check (self->film));
}

/* The film is of what is seen and heard; the tools are the display's */
static void
on_turned (CvmGuestView *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->views);
  gboolean is_display = g_strcmp0 (name, "display") == 0;

  gtk_widget_set_visible (self->tools, is_display);
  gtk_widget_set_visible (self->film_place, is_display || g_strcmp0 (name, "serial") == 0);
}

static void
on_evidence_closed (CvmGuestView *self)
{
  gtk_stack_set_visible_child_name (self->views, self->before_evidence != NULL
                                                   ? self->before_evidence : "log");
  cvm_evidence_view_clear (self->evidence);
}

static void
show_display (CvmGuestView *self)
{
  gtk_stack_set_visible_child_name (self->views, "display");
}

static void
cvm_guest_view_dispose (GObject *object)
{
  CvmGuestView *self = CVM_GUEST_VIEW (object);

  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->job, g_free);
  g_clear_pointer (&self->before_evidence, g_free);

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
  g_type_ensure (CVM_TYPE_EVIDENCE_VIEW);
  g_type_ensure (CVM_TYPE_FILMSTRIP);
  g_type_ensure (CVM_TYPE_GUEST_BANNER);
  g_type_ensure (CVM_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-guest-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, tools);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, keys_button);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, views);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, banner);
  gtk_widget_class_bind_template_callback (widget_class, show_display);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, display);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, serial);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, log);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, facts);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, evidence);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, film);
  gtk_widget_class_bind_template_child (widget_class, CvmGuestView, film_place);
  gtk_widget_class_bind_template_callback (widget_class, on_turned);
  gtk_widget_class_bind_template_callback (widget_class, on_moved);
  gtk_widget_class_bind_template_callback (widget_class, on_evidence_closed);
}

/* Nobody hears them: the button that has them is of no use */
static void
sync_keys (CvmGuestView *self)
{
  GActionGroup *actions = cvm_display_view_get_actions (self->display);

  gtk_widget_set_sensitive (GTK_WIDGET (self->keys_button),
                            g_action_group_get_action_enabled (actions, "send"));
}

static void
cvm_guest_view_init (CvmGuestView *self)
{
  g_autoptr(GMenuModel) keys = cvm_guest_keys_new_menu ("display.send");

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "display",
                                  cvm_display_view_get_actions (self->display));
  gtk_menu_button_set_menu_model (self->keys_button, keys);
  g_signal_connect_object (cvm_display_view_get_actions (self->display),
                           "action-enabled-changed::send", G_CALLBACK (sync_keys), self,
                           G_CONNECT_SWAPPED);
  sync_keys (self);
}

static char *
job_file (CvmGuestView *self,
          const char   *name)
{
  g_autofree char *folder = g_strdup_printf ("job-%s", self->job);

  return g_build_filename (self->dir, folder, name, NULL);
}

static void
begin (CvmGuestView *self,
       CvmRun       *run,
       const char   *dir,
       const char   *job)
{
  g_autofree char *folder = NULL;

  self->is_live = run != NULL;
  g_free (self->dir);
  self->dir = g_strdup (dir);
  g_free (self->job);
  self->job = g_strdup (job);

  cvm_facts_view_clear (self->facts);
  cvm_log_view_clear (self->log);
  cvm_evidence_view_clear (self->evidence);
  gtk_widget_hide (GTK_WIDGET (self->evidence));
  cvm_display_view_set_run (self->display, run, job);
  cvm_guest_banner_set_run (self->banner, run, job);
  folder = job_file (self, NULL);
  cvm_filmstrip_set_job (self->film, folder, self->is_live);
}

void
cvm_guest_view_show_live (CvmGuestView *self,
                          CvmRun       *run,
                          const char   *job)
{
  g_autofree char *path = NULL;

  begin (self, run, cvm_run_get_dir (run), job);
  path = job_file (self, "serial.log");
  cvm_serial_view_set_run (self->serial, run, job, path);
}

void
cvm_guest_view_show_past (CvmGuestView *self,
                          const char   *dir,
                          GPtrArray    *records,
                          const char   *job)
{
  g_autofree char *path = NULL;

  begin (self, NULL, dir, job);
  path = job_file (self, "serial.log");
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
    {
      cvm_guest_banner_hear (self->banner, records->pdata[i]);
      if (is_guest_made (self, records->pdata[i]))
        cvm_display_view_connect (self->display);
    }
}

void
cvm_guest_view_update (CvmGuestView       *self,
                       const CvmJobResult *job)
{
  cvm_facts_view_update (self->facts, job, self->dir);
  cvm_filmstrip_update (self->film, job);
}

void
cvm_guest_view_end (CvmGuestView *self)
{
  self->is_live = FALSE;
  cvm_display_view_end (self->display);
  cvm_serial_view_end (self->serial);
  cvm_filmstrip_end (self->film);
  cvm_guest_banner_set_run (self->banner, NULL, self->job);
}

void
cvm_guest_view_show_log (CvmGuestView *self,
                         const char   *id)
{
  gtk_stack_set_visible_child_name (self->views, "log");
  cvm_log_view_show_case (self->log, id);
}

void
cvm_guest_view_show_text (CvmGuestView      *self,
                          const CvmEvidence *file,
                          const char *const *lines)
{
  const char *now = gtk_stack_get_visible_child_name (self->views);

  if (g_strcmp0 (now, "evidence") != 0)
    {
      g_free (self->before_evidence);
      self->before_evidence = g_strdup (now);
    }
  gtk_widget_show (GTK_WIDGET (self->evidence));
  gtk_stack_set_visible_child_name (self->views, "evidence");
  cvm_evidence_view_show (self->evidence, file, lines);
}

gboolean
cvm_guest_view_find (CvmGuestView *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->views);

  if (gtk_container_get_focus_child (GTK_CONTAINER (self)) == NULL)
    return FALSE;

  if (g_strcmp0 (name, "serial") == 0)
    cvm_serial_view_find (self->serial);
  else if (g_strcmp0 (name, "log") == 0)
    cvm_log_view_find (self->log);
  else
    return FALSE;

  return TRUE;
}
