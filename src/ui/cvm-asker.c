/* cvm-asker.c: questions of other threads for a name and a password, asked in the window
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-asker.h"

#include <glib/gi18n.h>

#include "cvm-login-dialog.h"
#include "cvm-wait.h"

/* Shared by who waits and who shows: either may go first */
typedef struct
{
  gatomicrefcount references;
  GMutex          lock;
  GCond           changed;
  CvmLogin        login;          /* its strings are its own; under the lock once it is done */
  char           *place, *complaint;
  gboolean        is_done, is_answered, has_window;

  GtkWidget      *dialog;         /* the main thread's */
} Question;

static GQueue waiting = G_QUEUE_INIT;   /* the main thread's: the first is shown */

static Question *
question_new (const CvmLogin *login)
{
  Question *self = g_new0 (Question, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->place = g_strdup (login->place);
  self->complaint = g_strdup (login->complaint);
  self->login = *login;
  self->login.place = self->place;
  self->login.complaint = self->complaint;
  self->login.user = g_strdup (login->user);
  self->login.password = NULL;
  self->has_window = TRUE;

  return self;
}

static Question *
question_ref (Question *self)
{
  g_atomic_ref_count_inc (&self->references);

  return self;
}

static void
question_unref (gpointer data)
{
  Question *self = data;

  if (!g_atomic_ref_count_dec (&self->references))
    return;

  cvm_login_clear (&self->login);
  g_free (self->place);
  g_free (self->complaint);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* On the main thread ----------------------------------------------------------------------- */

static void show_first (void);

static void
settle (Question *self,
        gboolean  is_answered)
{
  g_mutex_lock (&self->lock);
  self->is_done = TRUE;
  self->is_answered = is_answered;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
is_settled (Question *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->is_done;
}

static void
remove_question (Question *self)
{
  if (g_queue_remove (&waiting, self))
    question_unref (self);
  show_first ();
}

static void
on_response (GtkDialog *dialog,
             int        response,
             gpointer   data)
{
  Question *self = data;

  g_mutex_lock (&self->lock);
  if (response == GTK_RESPONSE_OK && !self->is_done)
    cvm_login_dialog_fill (CVM_LOGIN_DIALOG (dialog), &self->login);
  g_mutex_unlock (&self->lock);
  settle (self, response == GTK_RESPONSE_OK);
  gtk_widget_destroy (GTK_WIDGET (dialog));
}

/* Also when the window goes, and the dialog with it */
static void
on_destroyed (GtkWidget *dialog,
              gpointer   data)
{
  Question *self = data;

  self->dialog = NULL;
  if (!is_settled (self))
    settle (self, FALSE);
  remove_question (self);
}

static GtkWindow *
get_window (void)
{
  GApplication *application = g_application_get_default ();

  return GTK_IS_APPLICATION (application)
           ? gtk_application_get_active_window (GTK_APPLICATION (application))
           : NULL;
}

static void
show_first (void)
{
  Question *self = g_queue_peek_head (&waiting);
  GtkWindow *window = get_window ();

  if (self == NULL || self->dialog != NULL)
    return;

  if (is_settled (self))
    {
      remove_question (self);
      return;
    }

  if (window == NULL)
    {
      self->has_window = FALSE;
      settle (self, FALSE);
      remove_question (self);
      return;
    }

  self->dialog = cvm_login_dialog_new (window, &self->login);
  g_signal_connect (self->dialog, "response", G_CALLBACK (on_response), self);
  g_signal_connect_data (self->dialog, "destroy", G_CALLBACK (on_destroyed), question_ref (self),
                         (GClosureNotify)(void (*) (void))question_unref, 0);
  gtk_window_present (GTK_WINDOW (self->dialog));
}

static gboolean
on_asked (gpointer data)
{
  g_queue_push_tail (&waiting, question_ref (data));
  show_first ();

  return G_SOURCE_REMOVE;
}

static gboolean
on_withdrawn (gpointer data)
{
  Question *self = data;

  if (self->dialog != NULL)
    gtk_widget_destroy (self->dialog);
  else
    remove_question (self);

  return G_SOURCE_REMOVE;
}

/* In the thread that asks ------------------------------------------------------------------ */

static gboolean
is_done (gpointer data)
{
  Question *self = data;

  return self->is_done;
}

static gboolean
wait_for_answer (Question      *self,
                 gint64         deadline_us,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!cvm_wait_until (&self->lock, &self->changed, is_done, self, deadline_us, cancellable,
                       error))
    {
      self->is_done = TRUE;
      g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, on_withdrawn, question_ref (self),
                                  question_unref);
      return FALSE;
    }

  if (self->is_answered)
    return TRUE;

  if (self->has_window)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("nobody answered"));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _("there is no window to ask in"));

  return FALSE;
}

static gboolean
ask (CvmLogin      *login,
     gint64         deadline_us,
     GCancellable  *cancellable,
     GError       **error)
{
  Question *question = question_new (login);
  gboolean is_answered;

  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, on_asked, question_ref (question),
                              question_unref);
  is_answered = wait_for_answer (question, deadline_us, cancellable, error);
  if (is_answered)
    {
      g_free (login->user);
      login->user = g_steal_pointer (&question->login.user);
      login->password = g_steal_pointer (&question->login.password);
      login->is_kept = question->login.is_kept;
    }
  question_unref (question);

  return is_answered;
}

gboolean
cvm_asker_ask_login (CvmLogin      *login,
                     gpointer       data,
                     GCancellable  *cancellable,
                     GError       **error)
{
  return ask (login, CVM_DEADLINE_NEVER, cancellable, error);
}

char *
cvm_asker_ask_password (const char    *account,
                        gint64         deadline_us,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_auto(CvmLogin) login = { .place = account, .has_user = TRUE };

  return ask (&login, deadline_us, cancellable, error) ? g_steal_pointer (&login.password) : NULL;
}
