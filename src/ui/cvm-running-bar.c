/* cvm-running-bar.c: the check that runs now: what it waits for, and what one can do about it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-running-bar.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-point-text.h"
#include "cvm-wrap-box.h"

#define MORE_MS (120 * 1000)

struct _CvmRunningBar
{
  GtkBox       parent_instance;

  GtkRevealer *revealer;
  GtkLabel    *title;
  GtkLabel    *wait;
  GtkWidget   *more_button;
  GtkWidget   *fail_button;
  GtkWidget   *continue_button;

  CvmRun      *run;     /* owned, or NULL */
  char        *job;
};

G_DEFINE_FINAL_TYPE (CvmRunningBar, cvm_running_bar, GTK_TYPE_BOX)

static const CvmPoint *
find_running (const CvmJobResult *job)
{
  for (guint i = 0; i < job->points->len; i++)
    {
      const CvmPoint *point = job->points->pdata[i];

      if (point->is_begun && !point->is_ended)
        return point;
    }

  return NULL;
}

static void
set_text (GtkLabel   *label,
          const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static char *
describe_wait (const CvmPoint *point,
               gint64          now_us)
{
  g_autofree char *since = cvm_format_clock ((now_us - point->begun_us) / 1000);
  g_autofree char *limit = cvm_format_clock (point->limit_ms);

  if (point->waiting != NULL)
    return cvm_point_wait (point, now_us);

  return point->limit_ms > 0 ? g_strdup_printf (_("running %s of %s"), since, limit)
                             : g_strdup_printf (_("running %s"), since);
}

static void
show_running (CvmRunningBar  *self,
              const CvmPoint *point)
{
  g_autofree char *title = cvm_format_line (point->title);
  g_autofree char *wait = describe_wait (point, g_get_real_time ());

  set_text (self->title, title);
  set_text (self->wait, wait);
}

static void
show_paused (CvmRunningBar *self)
{
  set_text (self->title, _("Paused"));
  set_text (self->wait, _("The next check begins when you continue."));
}

static void
on_more (CvmRunningBar *self)
{
  if (self->run != NULL)
    cvm_run_extend (self->run, self->job, MORE_MS);
}

static void
on_fail (CvmRunningBar *self)
{
  if (self->run != NULL)
    cvm_run_fail_now (self->run, self->job);
}

static void
cvm_running_bar_dispose (GObject *object)
{
  g_clear_object (&CVM_RUNNING_BAR (object)->run);

  G_OBJECT_CLASS (cvm_running_bar_parent_class)->dispose (object);
}

static void
cvm_running_bar_finalize (GObject *object)
{
  g_free (CVM_RUNNING_BAR (object)->job);

  G_OBJECT_CLASS (cvm_running_bar_parent_class)->finalize (object);
}

static void
cvm_running_bar_class_init (CvmRunningBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = cvm_running_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_running_bar_finalize;

  g_type_ensure (CVM_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-running-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmRunningBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, CvmRunningBar, title);
  gtk_widget_class_bind_template_child (widget_class, CvmRunningBar, wait);
  gtk_widget_class_bind_template_child (widget_class, CvmRunningBar, more_button);
  gtk_widget_class_bind_template_child (widget_class, CvmRunningBar, fail_button);
  gtk_widget_class_bind_template_child (widget_class, CvmRunningBar, continue_button);
  gtk_widget_class_bind_template_callback (widget_class, on_more);
  gtk_widget_class_bind_template_callback (widget_class, on_fail);
}

static void
cvm_running_bar_init (CvmRunningBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cvm_running_bar_update (CvmRunningBar      *self,
                        CvmRun             *run,
                        const CvmJobResult *job)
{
  const CvmPoint *running = run != NULL && job != NULL ? find_running (job) : NULL;
  gboolean is_paused = running == NULL && run != NULL && job != NULL && job->ended_us == 0
                       && cvm_run_is_paused (run);

  g_set_object (&self->run, run);
  if (job != NULL && g_strcmp0 (self->job, job->id) != 0)
    {
      g_free (self->job);
      self->job = g_strdup (job->id);
    }

  if (running != NULL)
    show_running (self, running);
  else if (is_paused)
    show_paused (self);

  gtk_widget_set_visible (self->more_button, running != NULL);
  gtk_widget_set_visible (self->fail_button, running != NULL);
  gtk_widget_set_visible (self->continue_button, is_paused);
  gtk_revealer_set_reveal_child (self->revealer, running != NULL || is_paused);
}
