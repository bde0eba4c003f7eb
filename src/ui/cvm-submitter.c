/* cvm-submitter.c: sends the reports of runs in the background, while the window is open
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-submitter.h"

#include <glib/gi18n.h>

#include "cvm-format.h"
#include "cvm-submit-work.h"
#include "cvm-tapper-error.h"

#define LOOK_S      60   /* another program may put something into the spool */
#define BUSY_S      5    /* another program sends */
#define NETWORK_S   2    /* a network that comes up changes several times */
#define END_MS      3000
#define RUNS_MAX    20000

struct _CvmSubmitter
{
  GObject          parent_instance;

  GPtrArray       *waiting;      /* of CvmSpoolEntry */
  GHashTable      *known;        /* char * → CvmSubmission */
  GHashTable      *asked;        /* char *: runs to be looked at */
  GHashTable      *wishes;       /* char * → char *: run → server, "" the default */
  GArray          *wanted;       /* of guint64: to be sent first */
  GNetworkMonitor *network;      /* once something waited */
  GCancellable    *cancellable;  /* of all that goes on */
  GCancellable    *flushing;     /* of the flush that goes on; or NULL */
  guint            timer;
  guint            idle;         /* begins a look */
  guint            n_held;
  guint            n_tasks;
  gboolean         is_looking;
  gboolean         look_again;
  gboolean         flush_again;
  gboolean         is_now;       /* the next flush knows no pauses */
  gboolean         is_transferring;
  gboolean         is_over;
};

enum { CHANGED, TOLD, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmSubmitter, cvm_submitter, G_TYPE_OBJECT)

static void begin_look  (CvmSubmitter *self);
static void begin_flush (CvmSubmitter *self);

static gboolean
on_wake (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static GTask *
new_task (CvmSubmitter        *self,
          GAsyncReadyCallback  callback,
          gpointer             data)
{
  GTask *task = g_task_new (self, self->cancellable, callback, data);

  g_task_set_check_cancellable (task, FALSE);   /* the spool says what was done */
  self->n_tasks++;

  return task;
}

/* Time --------------------------------------------------------------------------------------- */

/* When something is due: 0 now, -1 never. Behind the first that pauses all of its server wait, and
 * what a person must decide about is no reason to hurry. */
static gint64
next_due_s (CvmSubmitter *self)
{
  gint64 next_s = -1;

  for (guint i = 0; i < self->waiting->len; i++)
    {
      const CvmSpoolEntry *entry = self->waiting->pdata[i];
      gint64 due_s = entry->next_try_s;

      if (entry->state == CVM_SPOOL_BROKEN || (due_s == 0 && i > 0))
        continue;

      next_s = next_s < 0 ? due_s : MIN (next_s, due_s);
    }

  return next_s;
}

static gboolean
on_timer (gpointer data)
{
  CvmSubmitter *self = data;
  gint64 due_s = next_due_s (self);

  self->timer = 0;
  if (due_s >= 0 && due_s <= now_s ())
    begin_flush (self);
  else
    begin_look (self);

  return G_SOURCE_REMOVE;
}

static void
wait_until (CvmSubmitter *self,
            gint64        pause_s)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (!self->is_over)
    self->timer = g_timeout_add_seconds ((guint)CLAMP (pause_s, 1, LOOK_S), on_timer, self);
}

static void
schedule (CvmSubmitter *self)
{
  gint64 due_s = next_due_s (self);

  wait_until (self, due_s < 0 ? LOOK_S : due_s == 0 ? BUSY_S : due_s - now_s ());
}

static gboolean
on_network_settled (gpointer data)
{
  CvmSubmitter *self = data;

  self->timer = 0;
  if (self->waiting->len > 0)
    cvm_submitter_try_now (self);
  else
    schedule (self);

  return G_SOURCE_REMOVE;
}

static void
on_network_changed (CvmSubmitter *self,
                    gboolean      is_available)
{
  if (!is_available || self->is_over || self->waiting->len == 0)
    return;

  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (NETWORK_S, on_network_settled, self);
}

/* Made in a thread, since it may ask a service that hangs; its signals come in the main context */
static void
watch_network (CvmSubmitter    *self,
               GNetworkMonitor *network)
{
  if (self->network != NULL || network == NULL)
    return;

  self->network = g_object_ref (network);
  g_signal_connect_object (network, "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_SWAPPED);
}

/* Looking ------------------------------------------------------------------------------------ */

static void
tell_changed (CvmSubmitter *self,
              const char   *dir)
{
  g_signal_emit (self, signals[CHANGED], 0, dir);
}

static void
take_found (CvmSubmitter  *self,
            CvmSubmitLook *look)
{
  g_autoptr(GPtrArray) dirs = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer dir, submission;

  if (g_hash_table_size (self->known) > RUNS_MAX)
    g_hash_table_remove_all (self->known);

  g_hash_table_iter_init (&iter, look->found);
  while (g_hash_table_iter_next (&iter, &dir, &submission))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (dirs, g_strdup (dir));
      g_hash_table_replace (self->known, dir, submission);
    }

  for (guint i = 0; i < dirs->len; i++)
    tell_changed (self, dirs->pdata[i]);
}

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  CvmSubmitter *self = CVM_SUBMITTER (source);
  CvmSubmitLook *look = g_task_get_task_data (G_TASK (result));

  self->n_tasks--;
  self->is_looking = FALSE;
  if (self->is_over)
    return;

  g_ptr_array_unref (self->waiting);
  self->waiting = g_ptr_array_ref (look->waiting);
  watch_network (self, g_task_propagate_pointer (G_TASK (result), NULL));
  take_found (self, look);
  tell_changed (self, NULL);

  if (self->look_again || g_hash_table_size (self->asked) > 0)
    begin_look (self);
  else if (self->flushing == NULL)
    schedule (self);
}

static void
look_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  CvmSubmitLook *look = data;

  cvm_submit_look_run (look);
  g_task_return_pointer (task, look->waiting->len > 0 ? g_network_monitor_get_default () : NULL,
                         NULL);
}

static gboolean
is_moving (const CvmSubmission *submission)
{
  return submission->state == CVM_SUBMISSION_WAITING || submission->state == CVM_SUBMISSION_ASKED;
}

static CvmSubmitLook *
make_look (CvmSubmitter *self)
{
  CvmSubmitLook *look = cvm_submit_look_new ();
  GHashTableIter iter;
  gpointer dir, submission;

  g_hash_table_iter_init (&iter, self->asked);
  while (g_hash_table_iter_next (&iter, &dir, NULL))
    g_ptr_array_add (look->asked, g_strdup (dir));
  g_hash_table_remove_all (self->asked);

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &dir, &submission))
    g_ptr_array_add (is_moving (submission) ? look->asked : look->known, g_strdup (dir));

  return look;
}

static void
begin_look (CvmSubmitter *self)
{
  g_autoptr(GTask) task = NULL;

  self->look_again = self->is_looking;
  if (self->is_looking || self->is_over)
    return;

  g_clear_handle_id (&self->idle, g_source_remove);
  self->is_looking = TRUE;
  task = new_task (self, on_looked, NULL);
  g_task_set_task_data (task, make_look (self), (GDestroyNotify)cvm_submit_look_free);
  g_task_run_in_thread (task, look_in_thread);
}

static gboolean
on_idle (gpointer data)
{
  CvmSubmitter *self = data;

  self->idle = 0;
  begin_look (self);

  return G_SOURCE_REMOVE;
}

/* Sending ------------------------------------------------------------------------------------ */

typedef struct
{
  CvmSubmitter  *submitter;
  GArray        *wanted;
  gboolean       is_now;
} Flush;

typedef struct
{
  CvmSubmitter *submitter;
  char         *run;       /* or NULL */
  CvmSpoolState state;
  gboolean      has_id;
  char         *text;      /* of one that is done */
} Step;

static void
flush_free (gpointer data)
{
  Flush *self = data;

  g_array_unref (self->wanted);
  g_free (self);
}

static void
step_free (gpointer data)
{
  Step *self = data;

  g_object_unref (self->submitter);
  g_free (self->run);
  g_free (self->text);
  g_free (self);
}

static gboolean
on_stepped (gpointer data)
{
  Step *step = data;
  CvmSubmitter *self = step->submitter;

  if (self->is_over)
    return G_SOURCE_REMOVE;

  self->is_transferring = step->state == CVM_SPOOL_SENDING && step->has_id;
  begin_look (self);
  if (step->text != NULL)
    g_signal_emit (self, signals[TOLD], 0, step->text);

  return G_SOURCE_REMOVE;
}

/* "CernVM 2.5.1: basic: sent as 1042 and stored: 35 passed, 2 failed" */
static char *
describe_done (const CvmSpoolEntry *entry)
{
  g_autofree char *told = cvm_spool_entry_describe (entry);
  g_autofree char *title = cvm_format_line (entry->title);
  g_autofree char *line = cvm_format_line (told);

  return g_strdup_printf ("%s: %s", title, line);
}

/* In the thread that sends */
static void
on_step (const CvmSpoolEntry *entry,
         gpointer             data)
{
  Step *step = g_new0 (Step, 1);

  step->submitter = g_object_ref (data);
  step->run = g_strdup (entry->run);
  step->state = entry->state;
  step->has_id = entry->report_id != 0;
  if (entry->state == CVM_SPOOL_DONE)
    step->text = describe_done (entry);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_stepped, step, step_free);
}

static void
flush_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Flush *flush = data;
  GError *error = NULL;

  if (cvm_submit_flush (flush->wanted, flush->is_now, on_step, flush->submitter, cancellable,
                        &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
tell_error (CvmSubmitter *self,
            const GError *error)
{
  g_autofree char *line = cvm_format_line (error->message);
  g_autofree char *text = g_strdup_printf (_("Reports cannot be sent: %s"), line);

  g_signal_emit (self, signals[TOLD], 0, text);
}

static void
on_flushed (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  CvmSubmitter *self = CVM_SUBMITTER (source);
  g_autoptr(GError) error = NULL;

  self->n_tasks--;
  self->is_transferring = FALSE;
  g_clear_object (&self->flushing);
  g_task_propagate_boolean (G_TASK (result), &error);
  if (self->is_over)
    return;

  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tell_error (self, error);

  if (self->flush_again)
    begin_flush (self);
  begin_look (self);
}

static void
begin_flush (CvmSubmitter *self)
{
  g_autoptr(GTask) task = NULL;
  Flush *flush;

  self->flush_again = self->flushing != NULL || self->n_held > 0;
  if (self->flush_again || self->is_over)
    return;

  flush = g_new0 (Flush, 1);
  flush->submitter = self;     /* the task keeps it */
  flush->wanted = g_steal_pointer (&self->wanted);
  flush->is_now = self->is_now;
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->is_now = FALSE;
  self->flushing = g_cancellable_new ();

  g_clear_handle_id (&self->timer, g_source_remove);
  task = g_task_new (self, self->flushing, on_flushed, NULL);
  g_task_set_check_cancellable (task, FALSE);
  self->n_tasks++;
  g_task_set_task_data (task, flush, flush_free);
  g_task_run_in_thread (task, flush_in_thread);
}

/* The object --------------------------------------------------------------------------------- */

static void
cvm_submitter_dispose (GObject *object)
{
  CvmSubmitter *self = CVM_SUBMITTER (object);

  self->is_over = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (cvm_submitter_parent_class)->dispose (object);
}

static void
cvm_submitter_finalize (GObject *object)
{
  CvmSubmitter *self = CVM_SUBMITTER (object);

  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->waiting);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->asked);
  g_hash_table_unref (self->wishes);
  g_array_unref (self->wanted);

  G_OBJECT_CLASS (cvm_submitter_parent_class)->finalize (object);
}

static void
cvm_submitter_class_init (CvmSubmitterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_submitter_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_submitter_finalize;

  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_SUBMITTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TOLD] = g_signal_new ("told", CVM_TYPE_SUBMITTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cvm_submitter_init (CvmSubmitter *self)
{
  self->cancellable = g_cancellable_new ();
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_spool_entry_free);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify)cvm_submission_free);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->wishes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->wanted = g_array_new (FALSE, FALSE, sizeof (guint64));
}

CvmSubmitter *
cvm_submitter_get_default (void)
{
  static CvmSubmitter *submitter;

  if (submitter == NULL)
    submitter = g_object_new (CVM_TYPE_SUBMITTER, NULL);

  return submitter;
}

void
cvm_submitter_begin (CvmSubmitter *self)
{
  begin_look (self);
}

void
cvm_submitter_end (CvmSubmitter *self)
{
  gint64 deadline_us = g_get_monotonic_time () + END_MS * 1000;

  self->is_over = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->flushing);

  /* A disk that hangs is not waited for: what is done is on it, and the rest is not begun. */
  while (self->n_tasks > 0 && g_get_monotonic_time () < deadline_us)
    {
      guint waker = g_timeout_add (50, on_wake, NULL);

      g_main_context_iteration (NULL, TRUE);
      g_source_remove (waker);
    }
}

const CvmSubmission *
cvm_submitter_peek (CvmSubmitter *self,
                    const char   *dir)
{
  const CvmSubmission *submission = g_hash_table_lookup (self->known, dir);

  if (submission != NULL || self->is_over)
    return submission;

  g_hash_table_add (self->asked, g_strdup (dir));
  if (self->idle == 0 && !self->is_looking)
    self->idle = g_idle_add (on_idle, self);    /* for all rows of a moment at once; see dispose */

  return NULL;
}

static void
add_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  GError *error = NULL;

  if (cvm_submit_add_run (data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  CvmSubmitter *self = CVM_SUBMITTER (source);
  g_autoptr(GTask) outer = data;
  CvmSubmitAdd *add = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  gboolean is_added = g_task_propagate_boolean (G_TASK (result), &error);

  self->n_tasks--;
  if (add->numbers->len > 0 && !self->is_over)
    {
      g_array_append_vals (self->wanted, add->numbers->data, add->numbers->len);
      g_hash_table_add (self->asked, g_strdup (add->dir));
      begin_flush (self);
      begin_look (self);
    }

  if (is_added)
    g_task_return_boolean (outer, TRUE);
  else
    g_task_return_error (outer, error);
}

void
cvm_submitter_send_async (CvmSubmitter        *self,
                          const char          *dir,
                          const char          *job,
                          const char          *server,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  GTask *outer = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GTask) task = new_task (self, on_added, outer);

  g_task_set_source_tag (outer, cvm_submitter_send_async);
  g_task_set_check_cancellable (outer, FALSE);
  g_task_set_task_data (task, cvm_submit_add_new (dir, job, server),
                        (GDestroyNotify)cvm_submit_add_free);
  g_task_run_in_thread (task, add_in_thread);
}

gboolean
cvm_submitter_send_finish (CvmSubmitter  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cvm_submitter_send_at_end (CvmSubmitter *self,
                           const char   *dir,
                           const char   *server)
{
  g_hash_table_replace (self->wishes, g_strdup (dir), g_strdup (server != NULL ? server : ""));
}

static void
on_wish_added (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  CvmSubmitter *self = CVM_SUBMITTER (source);
  g_autoptr(GError) error = NULL;

  if (!cvm_submitter_send_finish (self, result, &error) && !self->is_over)
    tell_error (self, error);
}

void
cvm_submitter_run_ended (CvmSubmitter *self,
                         const char   *dir)
{
  g_autofree char *server = g_strdup (g_hash_table_lookup (self->wishes, dir));

  if (server == NULL)
    return;

  g_hash_table_remove (self->wishes, dir);
  cvm_submitter_send_async (self, dir, NULL, *server != '\0' ? server : NULL, NULL, on_wish_added,
                            NULL);
}

GPtrArray *
cvm_submitter_get_waiting (CvmSubmitter *self)
{
  return self->waiting;
}

gboolean
cvm_submitter_is_sending (CvmSubmitter *self)
{
  return self->flushing != NULL;
}

void
cvm_submitter_try_now (CvmSubmitter *self)
{
  self->is_now = TRUE;
  begin_flush (self);
}

void
cvm_submitter_hold (CvmSubmitter *self)
{
  self->n_held++;
}

void
cvm_submitter_release (CvmSubmitter *self)
{
  self->n_held--;
  if (self->n_held == 0 && self->flush_again)
    begin_flush (self);
}

/* Choices ------------------------------------------------------------------------------------ */

typedef struct
{
  guint64    number;
  gboolean (*act) (guint64 number, GCancellable *cancellable, GError **error);
} Choice;

static void
act_in_thread (GTask        *task,
               gpointer      source,
               gpointer      data,
               GCancellable *cancellable)
{
  const Choice *choice = data;
  GError *error = NULL;

  if (choice->act (choice->number, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_acted (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  CvmSubmitter *self = CVM_SUBMITTER (source);
  g_autoptr(GTask) outer = data;
  GError *error = NULL;
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  self->n_tasks--;
  self->flush_again = TRUE;
  cvm_submitter_release (self);
  begin_look (self);
  if (is_done)
    g_task_return_boolean (outer, TRUE);
  else
    g_task_return_error (outer, error);
}

/* A flush that waits for a server has the spool; what it broke off begins again. One that transfers
 * a report is waited for: broken off, it would leave a half one on the server. */
static void
act (CvmSubmitter         *self,
     const Choice         *choice,
     GAsyncReadyCallback   callback,
     gpointer              user_data)
{
  GTask *outer = g_task_new (self, NULL, callback, user_data);
  g_autoptr(GTask) task = new_task (self, on_acted, outer);

  cvm_submitter_hold (self);
  if (!self->is_transferring)
    g_cancellable_cancel (self->flushing);
  g_task_set_task_data (task, g_memdup2 (choice, sizeof *choice), g_free);
  g_task_run_in_thread (task, act_in_thread);
}

void
cvm_submitter_drop_async (CvmSubmitter        *self,
                          guint64              number,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  act (self, &(Choice){ number, cvm_submit_drop }, callback, user_data);
}

void
cvm_submitter_retry_async (CvmSubmitter        *self,
                           guint64              number,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_array_append_val (self->wanted, number);
  act (self, &(Choice){ number, cvm_submit_retry }, callback, user_data);
}

gboolean
cvm_submitter_act_finish (CvmSubmitter  *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cvm_submitter_look (CvmSubmitter *self)
{
  begin_look (self);
}
