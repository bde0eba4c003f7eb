/* cvm-send-bar.c: sends the reports of a run, and says what became of them
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-send-bar.h"

#include <glib/gi18n.h>

#include "cvm-announce.h"
#include "cvm-format.h"
#include "cvm-main-page.h"
#include "cvm-stage.h"
#include "cvm-submitter.h"

#define LOOK_S 10   /* "in 4 min" becomes "in 3 min" */

/* What the button beside the text does */
typedef enum
{
  ACT_NONE,
  ACT_SEND_AGAIN,
  ACT_TRY_NOW,
  ACT_SHOW_REPORTS,
  ACT_PREFERENCES,
} Act;

struct _CvmSendBar
{
  GtkInfoBar    parent_instance;

  GtkLabel     *text;
  GtkWidget    *open_button;
  GtkButton    *act_button;

  CvmSubmitter *submitter;
  char         *dir;        /* NULL: nothing was sent from here */
  char         *server;     /* NULL: the default */
  char         *url;        /* of the report that is told of, or NULL */
  Act           act;
  gboolean      is_wished;  /* it is not known yet what was sent of the run before */
  gboolean      is_adding;
  gboolean      is_ticking; /* only the time until the next try is told anew */
  guint         timer;
};

G_DEFINE_FINAL_TYPE (CvmSendBar, cvm_send_bar, GTK_TYPE_INFO_BAR)

static const char *const act_labels[] = {
  [ACT_NONE] = "",
  [ACT_SEND_AGAIN] = N_("Send A_gain"),
  [ACT_TRY_NOW] = N_("_Try Now"),
  [ACT_SHOW_REPORTS] = N_("_Show Reports"),
  [ACT_PREFERENCES] = N_("_Preferences"),
};

static void
tell (CvmSendBar     *self,
      GtkMessageType  type,
      const char     *text,
      Act             act,
      const char     *url)
{
  gtk_info_bar_set_message_type (GTK_INFO_BAR (self), type);
  gtk_label_set_text (self->text, text);
  self->act = act;
  gtk_button_set_label (self->act_button, *act_labels[act] != '\0' ? _(act_labels[act]) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->act_button), act != ACT_NONE);
  g_free (self->url);
  self->url = g_strdup (url);
  gtk_widget_set_visible (self->open_button, url != NULL);
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self), TRUE);
  if (!self->is_ticking)
    cvm_announce (GTK_WIDGET (self), text);
}

static void
tell_error (CvmSendBar   *self,
            const GError *error)
{
  g_autofree char *line = cvm_format_line (error->message);
  g_autofree char *text = g_strdup_printf (_("The report was not sent: %s"), line);

  tell (self, GTK_MESSAGE_WARNING, text, ACT_NONE, NULL);
}

static void
tell_submission (CvmSendBar          *self,
                 const CvmSubmission *submission)
{
  static const Act acts[] = {
    [CVM_SUBMISSION_NONE] = ACT_NONE,
    [CVM_SUBMISSION_WAITING] = ACT_TRY_NOW,
    [CVM_SUBMISSION_ASKED] = ACT_SHOW_REPORTS,
    [CVM_SUBMISSION_SENT] = ACT_NONE,
  };
  gboolean is_sent = submission->state == CVM_SUBMISSION_SENT;
  gboolean was_sent = is_sent && self->is_wished;
  gboolean is_on = submission->state == CVM_SUBMISSION_WAITING && submission->why == NULL;
  g_autofree char *text = cvm_submission_sentence (submission,
                                                   g_get_real_time () / G_USEC_PER_SEC);

  tell (self, is_sent || is_on ? GTK_MESSAGE_OTHER : GTK_MESSAGE_WARNING, text,
        was_sent ? ACT_SEND_AGAIN : is_on ? ACT_NONE : acts[submission->state], is_sent ? submission->url : NULL);
}

/* Sending ------------------------------------------------------------------------------------ */

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(CvmSendBar) self = data;
  g_autoptr(GError) error = NULL;

  self->is_adding = FALSE;
  if (cvm_submitter_send_finish (CVM_SUBMITTER (source), result, &error) || self->text == NULL
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (g_error_matches (error, CVM_TAPPER_SERVER_ERROR, CVM_TAPPER_SERVER_ERROR_UNKNOWN))
    tell (self, GTK_MESSAGE_WARNING,
          _("No Tapper server is set up yet: tell its address, then send again."),
          ACT_PREFERENCES, NULL);
  else
    tell_error (self, error);
}

static void
send_now (CvmSendBar *self)
{
  if (self->is_adding)
    return;

  self->is_adding = TRUE;
  tell (self, GTK_MESSAGE_OTHER, _("Sending…"), ACT_NONE, NULL);
  cvm_submitter_send_async (self->submitter, self->dir, NULL, self->server, NULL, on_added,
                            g_object_ref (self));
}

/* Where the main page tells of all that waits, this one need not be told of twice */
static gboolean
is_told_above (CvmSendBar          *self,
               const CvmSubmission *submission)
{
  return submission->state == CVM_SUBMISSION_WAITING && submission->why != NULL
         && gtk_widget_get_ancestor (GTK_WIDGET (self), CVM_TYPE_MAIN_PAGE) != NULL;
}

/* What the submitter knows of the run now */
static void
look (CvmSendBar *self)
{
  const CvmSubmission *submission = cvm_submitter_peek (self->submitter, self->dir);

  if (submission == NULL)
    return;

  if (self->is_wished && submission->state == CVM_SUBMISSION_NONE)
    send_now (self);
  else if (is_told_above (self, submission))
    gtk_info_bar_set_revealed (GTK_INFO_BAR (self), FALSE);
  else if (!self->is_adding && submission->state != CVM_SUBMISSION_NONE)
    tell_submission (self, submission);
  self->is_wished = FALSE;
}

static void
on_changed (CvmSendBar *self,
            const char *dir)
{
  gboolean is_shown = gtk_info_bar_get_revealed (GTK_INFO_BAR (self));

  if (self->dir != NULL && g_strcmp0 (dir, self->dir) == 0 && (self->is_wished || is_shown))
    look (self);
}

/* Only the time until the next try goes on by itself */
static gboolean
on_timer (gpointer data)
{
  CvmSendBar *self = data;

  if (self->act == ACT_TRY_NOW && gtk_info_bar_get_revealed (GTK_INFO_BAR (self)))
    {
      self->is_ticking = TRUE;
      look (self);
      self->is_ticking = FALSE;
    }

  return G_SOURCE_CONTINUE;
}

/* Buttons ------------------------------------------------------------------------------------ */

static void
on_open (CvmSendBar *self)
{
  GtkWidget *toplevel = gtk_widget_get_toplevel (GTK_WIDGET (self));
  g_autoptr(GError) error = NULL;

  if (self->url != NULL
      && !gtk_show_uri_on_window (GTK_WINDOW (toplevel), self->url, gtk_get_current_event_time (),
                                  &error))
    tell_error (self, error);
}

static void
on_act (CvmSendBar *self)
{
  GApplication *application = g_application_get_default ();

  switch (self->act)
    {
    case ACT_SEND_AGAIN:
      send_now (self);
      break;
    case ACT_TRY_NOW:
      cvm_submitter_try_now (self->submitter);
      tell (self, GTK_MESSAGE_OTHER, _("Trying now…"), ACT_NONE, NULL);
      break;
    case ACT_SHOW_REPORTS:
      cvm_stage_go (GTK_WIDGET (self), CVM_PLACE_REPORTS);
      break;
    case ACT_PREFERENCES:
      if (application != NULL)
        g_action_group_activate_action (G_ACTION_GROUP (application), "preferences", NULL);
      break;
    case ACT_NONE:
    default:
      break;
    }
}

static void
on_response (GtkInfoBar *bar)
{
  gtk_info_bar_set_revealed (bar, FALSE);
}

/* It is a property of the construction: what a template says of it is lost */
static void
cvm_send_bar_constructed (GObject *object)
{
  G_OBJECT_CLASS (cvm_send_bar_parent_class)->constructed (object);

  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (object), TRUE);
}

static void
cvm_send_bar_dispose (GObject *object)
{
  CvmSendBar *self = CVM_SEND_BAR (object);

  g_clear_handle_id (&self->timer, g_source_remove);

  G_OBJECT_CLASS (cvm_send_bar_parent_class)->dispose (object);
}

static void
cvm_send_bar_finalize (GObject *object)
{
  CvmSendBar *self = CVM_SEND_BAR (object);

  g_free (self->dir);
  g_free (self->server);
  g_free (self->url);

  G_OBJECT_CLASS (cvm_send_bar_parent_class)->finalize (object);
}

static void
cvm_send_bar_class_init (CvmSendBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = cvm_send_bar_constructed;
  G_OBJECT_CLASS (klass)->dispose = cvm_send_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_send_bar_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/cvmtester/CvmTester/ui/cvm-send-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CvmSendBar, text);
  gtk_widget_class_bind_template_child (widget_class, CvmSendBar, open_button);
  gtk_widget_class_bind_template_child (widget_class, CvmSendBar, act_button);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_act);
  gtk_widget_class_bind_template_callback (widget_class, on_response);
}

static void
cvm_send_bar_init (CvmSendBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The submitter is not needed before */
static void
follow (CvmSendBar *self)
{
  if (self->submitter != NULL)
    return;

  self->submitter = cvm_submitter_get_default ();
  g_signal_connect_object (self->submitter, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  self->timer = g_timeout_add_seconds (LOOK_S, on_timer, self);
}

static void
take_run (CvmSendBar *self,
          const char *dir,
          const char *server)
{
  g_autofree char *old_dir = self->dir;
  g_autofree char *old_server = self->server;

  follow (self);
  self->dir = g_strdup (dir);
  self->server = g_strdup (server);
}

void
cvm_send_bar_send (CvmSendBar *self,
                   const char *dir,
                   const char *server)
{
  take_run (self, dir, server);
  self->is_wished = TRUE;
  look (self);
}

void
cvm_send_bar_send_again (CvmSendBar *self,
                         const char *dir,
                         const char *server)
{
  take_run (self, dir, server);
  self->is_wished = FALSE;
  send_now (self);
}
