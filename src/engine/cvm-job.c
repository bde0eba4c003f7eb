/* cvm-job.c: one cell of a plan: its cases in order, and the teardown on every way out
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-private.h"

#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-wait.h"

CvmJob *
cvm_job_new (const CvmJobSpec *spec)
{
  CvmJob *self = g_new0 (CvmJob, 1);

  self->spec = spec;
  self->image = spec->image != NULL ? cvm_image_ref (spec->image) : NULL;
  self->outcomes = g_array_new (FALSE, FALSE, sizeof (CvmOutcome));
  self->reasons = g_ptr_array_new_with_free_func (g_free);
  self->roots = g_array_new (FALSE, FALSE, sizeof (guint));
  self->secrets = cvm_secrets_new ();
  self->suite = g_object_ref (spec->suite);
  cvm_job_control_init (self);
  g_mutex_init (&self->lock);
  g_cond_init (&self->more.changed);

  return self;
}

void
cvm_job_free (CvmJob *self)
{
  g_clear_object (&self->folder);
  g_clear_object (&self->run_cancellable);
  cvm_job_control_clear (self);
  g_clear_object (&self->serial);
  g_clear_object (&self->display);
  g_clear_pointer (&self->film, cvm_film_free);
  g_clear_object (&self->guest);
  g_clear_object (&self->host);
  g_array_unref (self->outcomes);
  g_ptr_array_unref (self->reasons);
  g_array_unref (self->roots);
  g_clear_pointer (&self->image, cvm_image_unref);
  g_free (self->wish.mac);
  g_free (self->wish.kernel);
  g_free (self->wish.initrd);
  g_free (self->wish.cmdline);
  g_free (self->network_name);
  g_free (self->network_uuid);
  g_free (self->network_xml);
  g_free (self->hypervisor);
  g_free (self->overlay);
  g_free (self->domain_name);
  g_free (self->domain_uuid);
  g_free (self->stop);
  g_free (self->key);
  cvm_secrets_free (self->secrets);
  g_clear_object (&self->suite);
  g_clear_object (&self->more.next);
  g_cond_clear (&self->more.changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
hide_text (CvmJob *self,
           char   *text)
{
  if (text != NULL)
    cvm_secrets_hide (self->secrets, text, strlen (text));
}

static void
hide_secrets (CvmJob    *self,
              CvmRecord *record)
{
  hide_text (self, record->text);
  hide_text (self, record->reason);
  for (guint i = 0; record->details != NULL && i < record->details->len; i++)
    hide_text (self, ((CvmDetail *)record->details->pdata[i])->value);
}

gboolean
cvm_job_record (CvmJob     *self,
                CvmRecord  *record,
                GError    **error)
{
  hide_secrets (self, record);
  if (self->sink (record, self->sink_data, error))
    return TRUE;

  self->has_fault = TRUE;

  return FALSE;
}

void
cvm_job_log (CvmJob     *self,
             const char *kind,
             const char *format,
             ...)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_LOG, self->spec->id);
  va_list args;

  va_start (args, format);
  record->text = g_strdup_vprintf (format, args);
  va_end (args);
  record->kind = g_strdup (kind);
  cvm_job_record (self, record, NULL);
}

void
cvm_job_fact (CvmJob     *self,
              const char *name,
              const char *value)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_FACT, self->spec->id);

  record->name = g_strdup (name);
  record->text = g_strdup (value);
  cvm_job_record (self, record, NULL);
}

void
cvm_job_evidence (CvmJob     *self,
                  const char *case_id,
                  const char *name,
                  const char *media_type)
{
  CvmRecord *record = cvm_record_new (CVM_RECORD_EVIDENCE, self->spec->id);

  record->id = g_strdup (case_id);
  record->name = g_strdup (name);
  record->path = g_strdup (name);
  record->kind = g_strdup (media_type);
  cvm_job_record (self, record, NULL);
}

static CvmRecord *
act_record (CvmJob        *self,
            CvmRecordType  type,
            const CvmAct  *act)
{
  CvmRecord *record = cvm_record_new (type, self->spec->id);

  record->kind = g_strdup (act->kind);
  record->name = g_strdup (act->name);
  record->uuid = g_strdup (act->uuid);
  record->path = g_strdup (act->path);

  return record;
}

gboolean
cvm_job_act (CvmJob        *self,
             const CvmAct  *act,
             GError       **error)
{
  CvmRecord *record = act_record (self, CVM_RECORD_ACT, act);

  record->text = g_strdup (self->spec->host_uri);

  return cvm_job_record (self, record, error);
}

void
cvm_job_acted (CvmJob       *self,
               const CvmAct *act,
               const GError *error)
{
  CvmRecord *record = act_record (self, CVM_RECORD_ACTED, act);

  record->ok = error == NULL;
  record->text = error != NULL ? g_strdup (error->message) : NULL;
  cvm_job_record (self, record, NULL);
}

/* Cases ----------------------------------------------------------------------------------- */

static CvmRecord *
case_record (CvmJob        *self,
             CvmRecordType  type,
             const CvmCase *item,
             guint          number)
{
  CvmRecord *record = cvm_record_new (type, self->spec->id);

  record->number = number;
  record->id = g_strdup (item->id);

  return record;
}

static void
plan_cases (CvmJob *self)
{
  for (guint i = 0; i < cvm_suite_n_cases (self->suite); i++)
    {
      const CvmCase *item = cvm_suite_case (self->suite, i);
      CvmRecord *record = case_record (self, CVM_RECORD_CASE_PLANNED, item, self->n_done + i + 1);

      record->name = g_strdup (item->title);
      record->precondition = item->is_precondition;
      cvm_job_record (self, record, NULL);
    }
}

/* Of a job that stays open nobody knows yet how many points it will have */
static void
begin (CvmJob *self)
{
  gboolean is_open = self->more.idle_ms > 0;
  CvmRecord *record = cvm_record_new (CVM_RECORD_JOB_BEGIN, self->spec->id);

  record->name = g_strdup (self->spec->image != NULL ? self->spec->image->name : "");
  record->kind = g_strdup (self->spec->host_uri);
  record->text = g_strconcat (cvm_suite_get_name (self->suite), is_open ? CVM_TRIED : NULL, NULL);
  record->number = is_open ? 0 : cvm_suite_n_cases (self->suite);
  cvm_job_record (self, record, NULL);
  plan_cases (self);
  cvm_job_note_facts (self);
}

/* The earlier case that kept this one from running, by itself or by those that need it; or N */
static guint
find_unmet (CvmJob        *self,
            const CvmCase *item)
{
  for (guint i = 0; i < self->outcomes->len; i++)
    {
      const CvmCase *earlier = cvm_suite_case (self->suite, i);

      if (g_array_index (self->outcomes, CvmOutcome, i) != CVM_OUTCOME_PASS
          && g_strv_contains ((const char *const *)item->needs, earlier->id))
        return g_array_index (self->roots, guint, i);
    }

  return self->outcomes->len;
}

static char *
unmet_need (CvmJob *self,
            guint   root)
{
  const char *reason = g_ptr_array_index (self->reasons, root);
  CvmOutcome outcome = g_array_index (self->outcomes, CvmOutcome, root);

  return g_strdup_printf ("needs %s, which %s%s%s", cvm_suite_case (self->suite, root)->id,
                          outcome == CVM_OUTCOME_SKIP ? "was skipped" : "failed",
                          reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

/* Why the case is not run, or NULL. ROOT gets the one to blame: itself, or a need. */
static char *
reason_to_skip (CvmJob        *self,
                const CvmCase *item,
                guint         *root)
{
  guint itself = self->outcomes->len;

  *root = itself;
  if (self->stop != NULL)
    return g_strdup (self->stop);

  if (!item->is_selected)
    return g_strdup ("not selected");

  *root = find_unmet (self, item);

  return *root < itself ? unmet_need (self, *root) : NULL;
}

static void
run_check (CvmJob        *self,
           const CvmCase *item,
           guint          number,
           CvmRecord     *end)
{
  CvmRecord *record = case_record (self, CVM_RECORD_CASE_BEGIN, item, number);
  gint64 begun_us = g_get_monotonic_time ();

  record->ms = item->timeout_ms;
  if (!cvm_job_record (self, record, NULL))
    {
      end->outcome = CVM_OUTCOME_CANCELLED;
      end->reason = g_strdup ("its begin could not be journalled");
      return;
    }

  end->outcome = cvm_context_run (self, item, number, end);
  g_atomic_int_set (&self->is_waiting, FALSE);
  end->ms = (g_get_monotonic_time () - begun_us) / 1000;
}

/* What this host cannot do is not met either; but what was skipped for an earlier reason has
 * nothing to add to it */
static gboolean
is_precondition_unmet (CvmJob        *self,
                       const CvmCase *item,
                       CvmOutcome     outcome)
{
  return item->is_precondition && item->is_selected && !self->is_not_needed
         && (outcome == CVM_OUTCOME_FAIL || (outcome == CVM_OUTCOME_SKIP && self->stop == NULL));
}

/* What the end of one case means for all that come */
static void
settle (CvmJob          *self,
        const CvmCase   *item,
        guint            root,
        const CvmRecord *end)
{
  if (end->outcome == CVM_OUTCOME_CANCELLED)
    {
      self->is_cancelled = TRUE;
      g_free (self->stop);
      self->stop = g_strdup ("cancelled");
    }
  else if (is_precondition_unmet (self, item, end->outcome))
    {
      self->is_lost |= self->n_done == 0;   /* later ones are tried on a guest that had them all */
      g_free (self->stop);
      self->stop = g_strdup_printf ("precondition %s %s", item->id,
                                    end->outcome == CVM_OUTCOME_SKIP ? "was skipped" : "failed");
    }

  self->has_failed |= end->outcome == CVM_OUTCOME_FAIL;
  g_array_append_val (self->outcomes, end->outcome);
  g_array_append_val (self->roots, root);
  g_ptr_array_add (self->reasons, g_strdup (end->reason));
}

/* What keeps a case from beginning that could: FALSE, and END says why */
static gboolean
may_begin (CvmJob        *self,
           const CvmCase *item,
           CvmRecord     *end)
{
  if (g_cancellable_is_cancelled (self->cancellable)
      || cvm_hold_is (self->hold, &self->hold->is_ending))
    {
      end->outcome = CVM_OUTCOME_CANCELLED;
      end->reason = g_strdup ("cancelled before it began");
    }
  else if (cvm_job_is_unwanted (self, item))
    {
      self->is_not_needed = TRUE;
      end->outcome = CVM_OUTCOME_SKIP;
      end->reason = g_strdup (CVM_SKIPPED_BY_USER);
    }
  else if (!cvm_deadline_check (self->deadline_us, NULL, NULL))
    {
      end->outcome = CVM_OUTCOME_FAIL;
      end->reason = g_strdup_printf ("not begun: the suite's limit of %.3g s was over",
                                     cvm_suite_get_timeout_ms (self->suite) / 1000.0);
    }
  else
    {
      return TRUE;
    }

  return FALSE;
}

static void
run_case (CvmJob *self,
          guint   index)
{
  const CvmCase *item = cvm_suite_case (self->suite, index);
  guint number = self->n_done + index + 1;
  g_autoptr(CvmRecord) end = case_record (self, CVM_RECORD_CASE_END, item, number);
  guint root;
  g_autofree char *skip = reason_to_skip (self, item, &root);

  self->is_not_needed = FALSE;
  cvm_job_take_turn (self, index);
  if (skip == NULL)
    cvm_job_wait_turn (self, item);

  if (skip != NULL)
    {
      end->outcome = CVM_OUTCOME_SKIP;
      end->reason = g_steal_pointer (&skip);
    }
  else if (may_begin (self, item, end))
    {
      run_check (self, item, number, end);
      cvm_job_save_frame (self, number, item->id);
    }

  settle (self, item, root, end);
  end->ok = end->outcome == CVM_OUTCOME_PASS || self->is_not_needed;   /* CvmTryout asks for it */
  cvm_job_record (self, cvm_record_ref (end), NULL);
}

static CvmStatus
status (CvmJob *self)
{
  if (self->has_fault)   /* it cancels, too */
    return CVM_STATUS_FAULT;
  if (self->is_cancelled)
    return CVM_STATUS_CANCELLED;
  if (self->is_lost)
    return CVM_STATUS_ENVIRONMENT;

  return self->has_failed ? CVM_STATUS_FAILED : CVM_STATUS_PASSED;
}

static void
log_serial_trouble (CvmJob *self)
{
  g_autofree char *trouble = cvm_serial_dup_file_error (self->serial);

  if (trouble != NULL)
    cvm_job_log (self, "warning", "serial.log is not whole: %s", trouble);
}

static void
run_cases (CvmJob *self)
{
  gint64 limit_ms = cvm_suite_get_timeout_ms (self->suite);

  self->deadline_us = limit_ms > 0 ? cvm_deadline_in_ms (limit_ms) : CVM_DEADLINE_NEVER;
  for (guint i = 0; i < cvm_suite_n_cases (self->suite); i++)
    run_case (self, i);
}

CvmStatus
cvm_job_run (CvmJob *self)
{
  CvmRecord *end;
  CvmStatus result;

  begin (self);
  run_cases (self);
  while (cvm_job_take_more (self))
    {
      plan_cases (self);
      run_cases (self);
    }

  cvm_job_teardown (self, cvm_hold_is (self->hold, &self->hold->keeps)
                          || (self->keep_failed && self->has_failed && !self->is_cancelled));
  log_serial_trouble (self);
  result = status (self);
  end = cvm_record_new (CVM_RECORD_JOB_END, self->spec->id);
  end->status = result;
  end->text = g_strdup (self->stop);
  cvm_job_record (self, end, NULL);

  return result;
}
