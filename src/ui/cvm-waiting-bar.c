/* cvm-waiting-bar.c: tells that reports wait for their server, wherever one looks
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-waiting-bar.h"

#include "cvm-stage.h"
#include "cvm-submitter.h"

#define LOOK_S 10   /* "in 4 min" becomes "in 3 min" */

struct _CvmWaitingBar
{
  GtkInfoBar    parent_instance;

  GtkLabel     *text;
  GtkWidget    *try_button;

  CvmSubmitter *submitter;
  guint         n_waiting;
  guint         timer;
  gboolean      is_closed;   /* by hand; until there are more */
};

G_DEFINE_FINAL_TYPE (CvmWaitingBar, cvm_waiting_bar, GTK_TYPE_INFO_BAR)

static void
show (CvmWaitingBar *self)
{
  g_autofree char *summary =
    cvm_submission_summary (cvm_submitter_get_waiting (self->submitter),
                            g_get_real_time () / G_USEC_PER_SEC);

  if (summary != NULL)
    gtk_label_set_text (self->text, summary);
  gtk_widget_set_sensitive (self->try_button, !cvm_submitter_is_sending (self->submitter));
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self), summary != NULL && !self->is_closed);
}

static gboolean
on_timer (gpointer data)
{
  show (data);

  return G_SOURCE_CONTINUE;
}

/* Only while there is something whose time goes on */
static void
set_timer (CvmWaitingBar *self,
           gboolean       is_on)
{
  if (is_on && self->timer == 0)
    self->timer = g_timeout_add_seconds (LOOK_S, on_timer, self);
  else if (!is_on)
    g_clear_handle_id (&self->timer, g_source_remove);
}

static void
on_changed (CvmWaitingBar *self,
            const char    *dir)
{
  guint n_waiting = cvm_submitter_get_waiting (self->submitter)->len;

  if (dir != NULL)
    return;

  if (n_waiting > self->n_waiting)
    self->is_closed = FALSE;
  if (n_waiting != self->n_waiting)
    cvm_stage_set_count (GTK_WIDGET (self), CVM_PLACE_REPORTS, n_waiting, n_waiting > 0);
  self->n_waiting = n_waiting;
  set_timer (self, n_waiting > 0);
  show (self);
}

static void
on_try (CvmWaitingBar *self)
{
  cvm_submitter_try_now (self->submitter);
  show (self);
}

static void
on_response (GtkInfoBar *bar)
{
  CVM_WAITING_BAR (bar)->is_closed = TRUE;
  gtk_info_bar_set_revealed (bar, FALSE);
}

/* It is a property of the construction: what a template says of it is lost */
static void
cvm_waiting_bar_constructed (GObject *object)
{
  G_OBJECT_CLASS (cvm_waiting_bar_parent_class)->constructed (object);

  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (object), TRUE);
}

static void
cvm_waiting_bar_dispose (GObject *object)
{
  set_timer (CVM_WAITING_BAR (object), FALSE);

  G_OBJECT_CLASS (cvm_waiting_bar_parent_class)->dispose (object);
}

static void
cvm_waiting_bar_class_init (CvmWaitingBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = cvm_waiting_bar_constructed;
  G_OBJECT_CLASS (klass)->dispose = cvm_waiting_bar_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-waiting-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmWaitingBar, text);
  gtk_widget_class_bind_template_child (widget_class, CvmWaitingBar, try_button);
  gtk_widget_class_bind_template_callback (widget_class, on_try);
  gtk_widget_class_bind_template_callback (widget_class, on_response);
}

static void
cvm_waiting_bar_init (CvmWaitingBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
cvm_waiting_bar_begin (CvmWaitingBar *self)
{
  if (self->submitter != NULL)
    return;

  self->submitter = cvm_submitter_get_default ();
  g_signal_connect_object (self->submitter, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  cvm_submitter_begin (self->submitter);
}
