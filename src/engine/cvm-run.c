/* cvm-run.c: one execution of a plan
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run.h"

#include "cvm-engine-error.h"
#include "cvm-file.h"
#include "cvm-job-private.h"
#include "cvm-journal.h"
#include "cvm-wait.h"

#define FRAME_MS          16      /* records are handed over at most this often */
#define OPEN_DISPLAY_MS   10000

struct _CvmRun
{
  GObject          parent_instance;

  CvmPlan         *plan;
  const CvmPorts  *ports;
  CvmRunFolder    *folder;
  CvmJournal      *journal;
  CvmResult       *result;        /* main context only */
  GCancellable    *cancellable;
  GPtrArray       *jobs;          /* of CvmJob, in the plan's order */
  GPtrArray       *workers;       /* of GThread */
  CvmHold          hold;          /* what is asked of all jobs */
  gboolean         is_open;       /* its jobs stay open; main context only */
  gboolean         is_finished;   /* likewise */

  GMutex           writing;       /* makes the journal's order; held while the disk is waited for,
                                     so the main context never takes it */
  GMutex           lock;          /* guards all below; taken after WRITING, and for moments only */
  GPtrArray       *pending;       /* of CvmRecord: written, not handed over yet */
  GSource         *hand_over;     /* waits to run on the main context, or NULL */
  guint            next_job;
  guint            n_working;
  gboolean         is_ended;      /* run.end is written; changed with both locks held */
  gboolean         has_fault;     /* the journal cannot be written */
  CvmStatus        status;
};

enum
{
  SIGNAL_RECORDS,
  SIGNAL_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmRun, cvm_run, G_TYPE_OBJECT)

/* Records: journal first, then to whoever looks ------------------------------------------- */

static void
finish (CvmRun *self)
{
  for (guint i = 0; i < self->workers->len; i++)
    g_thread_join (g_ptr_array_index (self->workers, i));

  g_ptr_array_set_size (self->workers, 0);
  self->is_finished = TRUE;
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

static gboolean
on_hand_over (gpointer data)
{
  CvmRun *self = data;
  g_autoptr(GPtrArray) records = NULL;
  gboolean is_ended;

  g_mutex_lock (&self->lock);
  records = g_steal_pointer (&self->pending);
  self->pending = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  g_clear_pointer (&self->hand_over, g_source_unref);
  is_ended = self->is_ended;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < records->len; i++)
    cvm_result_add (self->result, g_ptr_array_index (records, i));

  g_signal_emit (self, signals[SIGNAL_RECORDS], 0, records);

  if (is_ended)
    finish (self);

  return G_SOURCE_REMOVE;
}

static void
schedule_locked (CvmRun *self)
{
  if (self->hand_over != NULL)
    return;

  self->hand_over = g_timeout_source_new (FRAME_MS);
  g_source_set_callback (self->hand_over, on_hand_over, g_object_ref (self), g_object_unref);
  g_source_attach (self->hand_over, NULL);
}

/* Takes it; with WRITING held */
static gboolean
write_record (CvmRun     *self,
              CvmRecord  *record,
              GError    **error)
{
  gboolean is_kept = cvm_journal_write (self->journal, record, error);

  g_mutex_lock (&self->lock);
  self->has_fault |= !is_kept;
  self->is_ended |= record->type == CVM_RECORD_RUN_END;
  g_ptr_array_add (self->pending, record);
  schedule_locked (self);
  g_mutex_unlock (&self->lock);

  return is_kept;
}

/* A CvmRecordSink. What cannot be kept ends the run: results that would be lost are not made. */
static gboolean
take_record (CvmRecord  *record,
             gpointer    data,
             GError    **error)
{
  CvmRun *self = data;
  gboolean is_kept;

  g_mutex_lock (&self->writing);
  is_kept = write_record (self, record, error);
  g_mutex_unlock (&self->writing);

  if (!is_kept)
    g_cancellable_cancel (self->cancellable);

  return is_kept;
}

/* Of somebody beside the jobs, who may come too late: nothing follows the run's end */
static gboolean
take_record_unless_ended (CvmRun     *self,
                          CvmRecord  *record,
                          GError    **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->writing);

  if (!self->is_ended)
    return write_record (self, record, error);

  cvm_record_unref (record);

  return TRUE;
}

/* Workers ---------------------------------------------------------------------------------- */

static CvmJob *
next_job (CvmRun *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->next_job < self->jobs->len ? g_ptr_array_index (self->jobs, self->next_job++) : NULL;
}

/* The run is over for good with its last record: its status is set before that */
static void
end_run (CvmRun *self)
{
  CvmRecord *end = cvm_record_new (CVM_RECORD_RUN_END, NULL);

  end->status = cvm_run_get_status (self);
  take_record (end, self, NULL);
}

static void
end_worker (CvmRun *self)
{
  gboolean is_last;

  g_mutex_lock (&self->lock);
  is_last = --self->n_working == 0;
  g_mutex_unlock (&self->lock);

  if (is_last)
    end_run (self);
}

static gpointer
work (gpointer data)
{
  g_autoptr(CvmRun) self = data;

  for (CvmJob *job = next_job (self); job != NULL; job = next_job (self))
    {
      CvmStatus status = cvm_job_run (job);

      g_mutex_lock (&self->lock);
      self->status = cvm_status_worst (self->status, status);
      g_mutex_unlock (&self->lock);
    }

  end_worker (self);

  return NULL;
}

void
cvm_run_keep_open (CvmRun *self,
                   gint64  idle_ms)
{
  g_return_if_fail (self->workers->len == 0 && !self->is_finished);

  self->is_open = TRUE;
  for (guint i = 0; i < self->jobs->len; i++)
    cvm_job_stay_open (self->jobs->pdata[i], idle_ms);
}

static char *
dup_title (CvmRun *self)
{
  g_autofree char *title = cvm_plan_dup_title (self->plan);

  return g_strconcat (title, self->is_open ? CVM_TRIED : NULL, NULL);
}

void
cvm_run_start (CvmRun *self)
{
  guint n = CLAMP (cvm_plan_get_parallel (self->plan), 1, MAX (self->jobs->len, 1));
  CvmRecord *begin = cvm_record_new (CVM_RECORD_RUN_BEGIN, NULL);

  g_return_if_fail (self->workers->len == 0 && !self->is_finished);

  begin->name = dup_title (self);
  begin->text = g_strdup (CVM_VERSION);
  begin->number = self->jobs->len;
  take_record (begin, self, NULL);

  self->n_working = n;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->workers, g_thread_new ("cvm-job", work, g_object_ref (self)));
}

void
cvm_run_cancel (CvmRun *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* What the user asks ----------------------------------------------------------------------- */

typedef struct
{
  CvmRun    *run;
  CvmRecord *record;
} Telling;

static gpointer
tell_in_thread (gpointer data)
{
  g_autofree Telling *telling = data;
  g_autoptr(CvmRun) self = telling->run;

  take_record (telling->record, self, NULL);
  end_worker (self);

  return NULL;
}

/* The disk is waited for, so by a worker of its own; takes RECORD. A run that is over is told
 * nothing more. */
static void
tell (CvmRun    *self,
      CvmRecord *record)
{
  Telling *telling;
  gboolean is_alive;

  g_mutex_lock (&self->lock);
  is_alive = self->n_working > 0;
  self->n_working += is_alive;
  g_mutex_unlock (&self->lock);

  if (!is_alive)
    {
      cvm_record_unref (record);
      return;
    }

  telling = g_new0 (Telling, 1);
  telling->run = g_object_ref (self);
  telling->record = record;
  g_ptr_array_add (self->workers, g_thread_new ("cvm-tell", tell_in_thread, telling));
}

static void
tell_text (CvmRun     *self,
           const char *job,
           char       *text)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_LOG, job);

  record->kind = g_strdup ("info");
  record->text = text;
  tell (self, record);
}

static CvmJob *
find_job (CvmRun     *self,
          const char *id)
{
  for (guint i = 0; i < self->jobs->len; i++)
    {
      CvmJob *job = g_ptr_array_index (self->jobs, i);

      if (g_str_equal (job->spec->id, id))
        return job;
    }

  return NULL;
}

gboolean
cvm_run_offer (CvmRun     *self,
               const char *job,
               CvmSuite   *suite)
{
  CvmJob *found = find_job (self, job);

  return found != NULL && cvm_job_offer (found, suite);
}

/* Jobs that wait for a worker keep nothing, and those that are over neither */
gboolean
cvm_run_is_idle (CvmRun *self)
{
  gboolean is_idle = FALSE;

  for (guint i = 0; i < self->jobs->len; i++)
    is_idle |= cvm_job_is_idle (self->jobs->pdata[i]);

  return is_idle && self->jobs->len == 1;
}

void
cvm_run_pause (CvmRun *self)
{
  cvm_hold_set (&self->hold, &self->hold.is_paused, TRUE);
}

void
cvm_run_resume (CvmRun *self)
{
  cvm_hold_set (&self->hold, &self->hold.is_paused, FALSE);
}

gboolean
cvm_run_is_paused (CvmRun *self)
{
  return cvm_hold_is (&self->hold, &self->hold.is_paused);
}

void
cvm_run_stop_after_check (CvmRun *self)
{
  cvm_hold_set (&self->hold, &self->hold.is_ending, TRUE);
}

void
cvm_run_may_keep_guests (CvmRun *self)
{
  for (guint i = 0; i < self->jobs->len; i++)
    ((CvmJob *)self->jobs->pdata[i])->may_keep = TRUE;
}

void
cvm_run_keep_guests (CvmRun *self)
{
  cvm_hold_set (&self->hold, &self->hold.keeps, TRUE);
}

gboolean
cvm_run_skip (CvmRun     *self,
              const char *job,
              const char *case_id)
{
  CvmJob *found = find_job (self, job);

  if (found == NULL || !cvm_job_skip (found, case_id))
    return FALSE;

  tell_text (self, job, g_strdup_printf ("%s: the user skips it", case_id));

  return TRUE;
}

gboolean
cvm_run_fail_now (CvmRun     *self,
                  const char *job)
{
  CvmJob *found = find_job (self, job);

  return found != NULL && cvm_job_fail_now (found);
}

gboolean
cvm_run_extend (CvmRun     *self,
                const char *job,
                gint64      ms)
{
  CvmJob *found = find_job (self, job);
  CvmRecord *record = found != NULL ? cvm_job_extend (found, ms) : NULL;

  if (record == NULL)
    return FALSE;

  tell_text (self, job, g_strdup_printf ("%s: %.3g s more, by the user", record->id, ms / 1000.0));
  tell (self, record);

  return TRUE;
}

/* Object ----------------------------------------------------------------------------------- */

static void
cvm_run_finalize (GObject *object)
{
  CvmRun *self = CVM_RUN (object);

  g_ptr_array_unref (self->jobs);
  g_ptr_array_unref (self->workers);
  g_ptr_array_unref (self->pending);
  g_clear_object (&self->plan);
  g_clear_object (&self->journal);
  g_clear_object (&self->folder);
  g_clear_object (&self->result);
  g_clear_object (&self->cancellable);
  cvm_hold_clear (&self->hold);
  g_mutex_clear (&self->writing);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (cvm_run_parent_class)->finalize (object);
}

static void
cvm_run_class_init (CvmRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_run_finalize;

  signals[SIGNAL_RECORDS] =
    g_signal_new ("records", CVM_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SIGNAL_FINISHED] =
    g_signal_new ("finished", CVM_TYPE_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
cvm_run_init (CvmRun *self)
{
  g_mutex_init (&self->writing);
  g_mutex_init (&self->lock);
  cvm_hold_init (&self->hold);
  self->cancellable = g_cancellable_new ();
  self->result = cvm_result_new ();
  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_job_free);
  self->workers = g_ptr_array_new ();
  self->pending = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
}

static gboolean
add_job (CvmRun            *self,
         const CvmJobSpec  *spec,
         CvmCheckFind       find,
         GError           **error)
{
  CvmJob *job = cvm_job_new (spec);
  g_autofree char *log = cvm_run_folder_job_file (self->folder, spec->id, "serial.log", error);

  g_ptr_array_add (self->jobs, job);
  if (log == NULL)
    return FALSE;

  job->ports = self->ports;
  job->find = find;
  job->folder = g_object_ref (self->folder);
  job->cancellable = job->run_cancellable = g_object_ref (self->cancellable);
  job->hold = &self->hold;
  job->keep_failed = cvm_plan_get_keep_failed (self->plan);
  job->sink = take_record;
  job->sink_data = self;
  job->serial = cvm_serial_new (log, error);

  return job->serial != NULL;
}

static gboolean
fill_folder (CvmRun  *self,
             GError **error)
{
  g_autofree char *plan_path = cvm_run_folder_file (self->folder, "plan.ini");
  g_autofree char *journal_path = cvm_run_folder_file (self->folder, "journal.jsonl");
  g_autofree char *plan = NULL;
  gsize len;

  plan = cvm_plan_to_data (self->plan, &len);
  if (!cvm_file_write (plan_path, plan, len, 0600, error))
    return FALSE;

  self->journal = cvm_journal_open (journal_path, error);

  return self->journal != NULL;
}

/* Takes FOLDER, which is NULL with the error set where there is none */
static CvmRun *
run_new_in (CvmRunFolder    *folder,
            CvmPlan         *plan,
            const CvmPorts  *ports,
            CvmCheckFind     find,
            GError         **error)
{
  g_autoptr(CvmRun) self = g_object_new (CVM_TYPE_RUN, NULL);

  self->plan = g_object_ref (plan);
  self->ports = ports;
  self->folder = folder;
  if (self->folder == NULL || !fill_folder (self, error))
    return NULL;

  for (guint i = 0; i < cvm_plan_n_jobs (plan); i++)
    if (!add_job (self, cvm_plan_job (plan, i), find, error))
      return NULL;

  return g_steal_pointer (&self);
}

CvmRun *
cvm_run_new (CvmPlan         *plan,
             const CvmPorts  *ports,
             CvmCheckFind     find,
             const char      *dir,
             GError         **error)
{
  return run_new_in (cvm_run_folder_new (dir, error), plan, ports, find, error);
}

CvmRun *
cvm_run_new_unlisted (CvmPlan         *plan,
                      const CvmPorts  *ports,
                      CvmCheckFind     find,
                      const char      *dir,
                      GError         **error)
{
  return run_new_in (cvm_run_folder_new_unlisted (dir, error), plan, ports, find, error);
}

const char *
cvm_run_get_dir (CvmRun *self)
{
  return cvm_run_folder_get_path (self->folder);
}

CvmPlan *
cvm_run_get_plan (CvmRun *self)
{
  return self->plan;
}

gboolean
cvm_run_is_finished (CvmRun *self)
{
  return self->is_finished;
}

/* A journal that cannot be written cancels the jobs: that is the fault, and no cancel */
CvmStatus
cvm_run_get_status (CvmRun *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->has_fault ? CVM_STATUS_FAULT : self->status;
}

CvmResult *
cvm_run_get_result (CvmRun *self)
{
  return self->result;
}

/* The guest, for the window ---------------------------------------------------------------- */

CvmSerial *
cvm_run_get_serial (CvmRun     *self,
                    const char *job)
{
  CvmJob *found = find_job (self, job);

  return found != NULL ? found->serial : NULL;
}

gboolean
cvm_run_send_serial (CvmRun     *self,
                     const char *job,
                     const char *bytes,
                     gsize       len)
{
  CvmJob *found = find_job (self, job);
  g_autoptr(CvmGuest) guest = found != NULL ? cvm_job_dup_guest (found) : NULL;

  return guest != NULL && cvm_guest_send_serial (guest, bytes, len, NULL);
}

char *
cvm_run_keep (CvmRun      *self,
              const char  *job,
              const char  *name,
              const char  *media_type,
              GBytes      *bytes,
              GError     **error)
{
  g_autofree char *path = cvm_run_folder_job_file (self->folder, job, name, error);
  CvmRecord *record;

  if (path == NULL || !cvm_file_write (path, g_bytes_get_data (bytes, NULL),
                                       g_bytes_get_size (bytes), 0600, error))
    return NULL;

  record = cvm_record_new (CVM_RECORD_EVIDENCE, job);
  record->name = g_strdup (name);
  record->path = g_strdup (name);
  record->kind = g_strdup (media_type);
  if (!take_record_unless_ended (self, record, error))
    return NULL;

  return g_steal_pointer (&path);
}

static void
open_display_in_thread (GTask        *task,
                        gpointer      source,
                        gpointer      data,
                        GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  int fd = cvm_guest_open_display (data, cvm_deadline_in_ms (OPEN_DISPLAY_MS), cancellable, &error);

  if (fd < 0)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, fd);
}

void
cvm_run_open_display_async (CvmRun              *self,
                            const char          *job,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  CvmJob *found = find_job (self, job);
  CvmGuest *guest = found != NULL ? cvm_job_dup_guest (found) : NULL;

  g_task_set_source_tag (task, cvm_run_open_display_async);
  g_task_set_check_cancellable (task, FALSE);   /* a descriptor that was opened is handed over */

  if (guest == NULL)
    {
      g_task_return_new_error (task, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST,
                               "No guest runs");
      return;
    }

  g_task_set_task_data (task, guest, g_object_unref);
  g_task_run_in_thread (task, open_display_in_thread);
}

int
cvm_run_open_display_finish (CvmRun        *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  gssize fd = g_task_propagate_int (G_TASK (result), error);

  return (int)fd;
}
