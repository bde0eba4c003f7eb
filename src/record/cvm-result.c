/* cvm-result.c: the tree of TAP points that a run's records make
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-result-private.h"

#include <string.h>

#include "cvm-id.h"
#include "cvm-journal.h"

#define MAX_JOBS  999
#define MAX_FREED_AT_ONCE 20000   /* points */
#define MAX_FACTS 1000    /* a job; and so many pieces of evidence */

/* A point, and its own number within its parent, by which its siblings are sorted */
typedef struct
{
  CvmPoint point;         /* first: the arrays hold CvmPoint */
  guint    number;
} NumberedPoint;

struct _CvmResult
{
  GObject    parent_instance;

  char      *title;
  GPtrArray *jobs;        /* of CvmJobResult */
  gboolean   is_ended;
  CvmStatus  status;
  CvmTapRoom tap_room;
};

G_DEFINE_FINAL_TYPE (CvmResult, cvm_result, G_TYPE_OBJECT)

void
cvm_point_free (CvmPoint *point)
{
  g_free (point->path);
  g_free (point->id);
  g_free (point->title);
  g_free (point->reason);
  g_free (point->waiting);
  g_clear_pointer (&point->details, g_ptr_array_unref);
  g_clear_pointer (&point->children, g_ptr_array_unref);
  g_free ((NumberedPoint *)point);
}

static void
detail_free (gpointer data)
{
  CvmDetail *detail = data;

  g_free (detail->key);
  g_free (detail->value);
  g_free (detail);
}

static void
job_free (gpointer data)
{
  CvmJobResult *job = data;

  g_free (job->id);
  g_free (job->image);
  g_free (job->host_uri);
  g_free (job->suite);
  g_free (job->why);
  g_ptr_array_unref (job->points);
  g_ptr_array_unref (job->facts);
  g_ptr_array_unref (job->evidence);
  g_ptr_array_unref (job->log);
  g_free (job);
}

static CvmJobResult *
job_new (const char *id)
{
  CvmJobResult *job = g_new0 (CvmJobResult, 1);

  job->id = g_strdup (id);
  job->points = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_point_free);
  job->facts = g_ptr_array_new_with_free_func (detail_free);
  job->evidence = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  job->log = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);

  return job;
}

/* Where NUMBER is among its siblings, or belongs. They nearly always come in order, so the end
 * is tried first. */
static gboolean
find_place (const GPtrArray *points,
            guint            number,
            guint           *place)
{
  guint low = 0, high = points != NULL ? points->len : 0;

  while (low < high)
    {
      guint middle = high == points->len ? high - 1 : low + (high - low) / 2;
      const NumberedPoint *point = g_ptr_array_index (points, middle);

      if (point->number < number)
        low = middle + 1;
      else
        high = middle;
    }

  *place = low;

  return points != NULL && low < points->len &&
         ((const NumberedPoint *)g_ptr_array_index (points, low))->number == number;
}

static CvmPoint *
find_point (const GPtrArray *points,
            guint            number)
{
  guint place;

  return find_place (points, number, &place) ? g_ptr_array_index (points, place) : NULL;
}

static CvmPoint *
insert_point (GPtrArray *points,
              guint      number,
              char      *path)
{
  NumberedPoint *self = g_new0 (NumberedPoint, 1);
  guint place;

  find_place (points, number, &place);
  self->number = number;
  self->point.path = path;
  self->point.title = g_strdup ("");
  g_ptr_array_insert (points, place, self);

  return &self->point;
}

CvmPoint *
cvm_point_new (char *path)
{
  NumberedPoint *self = g_new0 (NumberedPoint, 1);

  self->point.path = path;
  self->point.title = g_strdup ("");

  return &self->point;
}

void
cvm_point_add_detail (CvmPoint   *point,
                      const char *key,
                      const char *value)
{
  CvmDetail *detail = g_new0 (CvmDetail, 1);

  detail->key = g_strdup (key);
  detail->value = g_strdup (value);
  if (point->details == NULL)
    point->details = g_ptr_array_new_with_free_func (detail_free);
  g_ptr_array_add (point->details, detail);
}

void
cvm_points_append (GPtrArray **points,
                   CvmPoint   *point)
{
  if (*points == NULL)
    *points = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_point_free);

  ((NumberedPoint *)point)->number = (*points)->len + 1;
  g_ptr_array_add (*points, point);
}

static CvmPoint *
find_case (CvmJobResult    *job,
           const CvmRecord *record)
{
  return job != NULL ? find_point (job->points, record->number) : NULL;
}

/* The subtest NUMBER of PARENT, made if need be; NULL beyond the limit */
static CvmPoint *
child_at (CvmJobResult *job,
          CvmPoint     *parent,
          guint         number)
{
  CvmPoint *child = find_point (parent->children, number);

  if (child != NULL || job->n_kept >= CVM_RESULT_MAX_SUBTESTS)
    return child;

  if (parent->children == NULL)
    parent->children = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_point_free);

  job->n_kept++;

  return insert_point (parent->children, number, g_strdup_printf ("%s.%u", parent->path, number));
}

static gboolean
next_number (const char **path,
             guint       *number)
{
  char *end;
  guint64 value = g_ascii_isdigit (**path) ? g_ascii_strtoull (*path, &end, 10) : 0;

  if (value == 0 || value > G_MAXUINT || (*end != '.' && *end != '\0'))
    return FALSE;

  *number = value;
  *path = end;

  return TRUE;
}

/* Is it a list of numbers, "2.1", and no deeper than we keep? */
static gboolean
is_path (const char *path)
{
  guint number, depth = 1;

  while (path != NULL && next_number (&path, &number))
    {
      if (*path == '\0')
        return depth <= CVM_RESULT_MAX_DEPTH;

      path++;
      depth++;
    }

  return FALSE;
}

/* The subtest at PATH of a case. Those above it that were not told yet are made as well: a
 * subtest's own points come before it. */
static CvmPoint *
point_at (CvmJobResult *job,
          CvmPoint     *parent,
          const char   *path)
{
  guint number;

  if (!is_path (path))
    return NULL;

  while (parent != NULL && next_number (&path, &number))
    {
      parent = child_at (job, parent, number);
      path += *path == '.';
    }

  return parent;
}

static void
set_text (char       **field,
          const char  *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static void
take_outcome (CvmPoint        *point,
              const CvmRecord *record,
              CvmOutcome       outcome)
{
  point->is_ended = TRUE;
  point->outcome = outcome;
  point->ms = record->ms;
  set_text (&point->reason, record->reason);
  g_clear_pointer (&point->waiting, g_free);
  g_clear_pointer (&point->details, g_ptr_array_unref);

  if (record->details != NULL)
    point->details = g_ptr_array_ref (record->details);
}

static void
count (CvmJobResult *job,
       CvmOutcome    outcome,
       int           by)
{
  switch (outcome)
    {
    case CVM_OUTCOME_PASS:
      job->passed += by;
      break;
    case CVM_OUTCOME_SKIP:
      job->skipped += by;
      break;
    case CVM_OUTCOME_FAIL:
      job->failed += by;
      break;
    case CVM_OUTCOME_CANCELLED:
      job->failed += by;
      job->cancelled += by;
      break;
    default:
      g_assert_not_reached ();
    }
}

void
cvm_job_result_count_all (CvmJobResult   *job,
                          const CvmPoint *point,
                          int             by)
{
  if (!point->is_ended)
    return;

  if (point->outcome == CVM_OUTCOME_SKIP || point->directive == CVM_DIRECTIVE_SKIP)
    job->all_skipped += by;
  else if (point->outcome != CVM_OUTCOME_CANCELLED && point->ok)
    return;
  else if (point->outcome != CVM_OUTCOME_CANCELLED && point->directive == CVM_DIRECTIVE_TODO)
    job->all_todo += by;
  else
    job->all_failed += by;
}

CvmJobResult *
cvm_result_append_job (CvmResult  *self,
                       const char *id)
{
  CvmJobResult *job = job_new (id);

  g_ptr_array_add (self->jobs, job);

  return job;
}

static CvmJobResult *
job_of (CvmResult       *self,
        const CvmRecord *record)
{
  return (CvmJobResult *)cvm_result_find_job (self, record->job);
}

void
cvm_job_result_count (CvmJobResult *job,
                      CvmOutcome    outcome)
{
  count (job, outcome, 1);
}

CvmTapRoom *
cvm_result_tap_room (CvmResult *self)
{
  return &self->tap_room;
}

void
cvm_result_set_end (CvmResult  *self,
                    const char *title,
                    CvmStatus   status)
{
  if (title != NULL)
    set_text (&self->title, title);
  self->is_ended = TRUE;
  self->status = status;
}

static void
on_run_begin (CvmResult *self,
              CvmRecord *record)
{
  set_text (&self->title, record->name);
}

static void
on_run_end (CvmResult *self,
            CvmRecord *record)
{
  self->is_ended = TRUE;
  self->status = record->status;
}

static void
on_job_begin (CvmResult *self,
              CvmRecord *record)
{
  CvmJobResult *job;

  if (record->job == NULL || !cvm_id_is_valid (record->job) || job_of (self, record) != NULL || self->jobs->len >= MAX_JOBS)
    return;

  job = cvm_result_append_job (self, record->job);
  job->image = g_strdup (record->name);
  job->host_uri = g_strdup (record->kind);
  job->suite = g_strdup (record->text);
  job->planned = record->number;
  job->begun_us = record->time_us;
}

static void
on_job_end (CvmResult *self,
            CvmRecord *record)
{
  CvmJobResult *job = job_of (self, record);

  if (job == NULL)
    return;

  job->ended_us = record->time_us;
  job->status = record->status;
  set_text (&job->why, record->text);
}

static void
on_case_planned (CvmResult *self,
                 CvmRecord *record)
{
  CvmJobResult *job = job_of (self, record);
  CvmPoint *point;

  if (job == NULL || record->number == 0 || record->number > CVM_RESULT_MAX_CASES ||
      find_case (job, record) != NULL)
    return;

  point = insert_point (job->points, record->number, g_strdup_printf ("%u", record->number));
  point->id = g_strdup (record->id != NULL ? record->id : "");
  point->is_precondition = record->precondition;
  job->planned = MAX (job->planned, record->number);

  if (record->name != NULL)
    set_text (&point->title, record->name);
}

static void
on_case_begin (CvmResult *self,
               CvmRecord *record)
{
  CvmPoint *point = find_case (job_of (self, record), record);

  if (point == NULL || point->is_ended)
    return;

  point->is_begun = TRUE;
  point->begun_us = record->time_us;
  point->limit_ms = record->ms;
}

static void
on_case_wait (CvmResult *self,
              CvmRecord *record)
{
  CvmPoint *point = find_case (job_of (self, record), record);

  if (point == NULL || point->is_ended)
    return;

  if (record->text != NULL)   /* none: its limit alone has changed */
    {
      set_text (&point->waiting, record->text);
      point->waiting_us = record->time_us;
    }
  if (record->ms > 0 && point->begun_us > 0)
    point->limit_ms = (record->time_us - point->begun_us) / 1000 + record->ms;
}

static void
on_case_end (CvmResult *self,
             CvmRecord *record)
{
  CvmJobResult *job = job_of (self, record);
  CvmPoint *point = find_case (job, record);

  if (point == NULL)
    return;

  if (point->is_ended)
    count (job, point->outcome, -1);

  count (job, record->outcome, 1);
  cvm_job_result_count_all (job, point, -1);
  take_outcome (point, record, record->outcome);
  point->ok = record->outcome == CVM_OUTCOME_PASS || record->outcome == CVM_OUTCOME_SKIP;
  point->directive = record->outcome == CVM_OUTCOME_SKIP ? CVM_DIRECTIVE_SKIP : CVM_DIRECTIVE_NONE;
  cvm_job_result_count_all (job, point, 1);
}

static CvmOutcome
outcome_of_point (const CvmRecord *record)
{
  if (record->directive == CVM_DIRECTIVE_SKIP)
    return CVM_OUTCOME_SKIP;

  return record->ok || record->directive == CVM_DIRECTIVE_TODO ? CVM_OUTCOME_PASS
                                                               : CVM_OUTCOME_FAIL;
}

static void
on_point (CvmResult *self,
          CvmRecord *record)
{
  CvmJobResult *job = job_of (self, record);
  CvmPoint *parent = find_case (job, record);
  CvmPoint *point = parent != NULL ? point_at (job, parent, record->path) : NULL;

  if (parent != NULL)
    job->n_subtests++;

  /* Of two points with one number, the one that failed is shown */
  if (point == NULL || (point->is_ended && point->outcome == CVM_OUTCOME_FAIL))
    return;

  cvm_job_result_count_all (job, point, -1);
  take_outcome (point, record, outcome_of_point (record));
  set_text (&point->title, record->text != NULL ? record->text : "");
  point->is_begun = TRUE;
  point->ok = record->ok;
  point->directive = record->directive;
  cvm_job_result_count_all (job, point, 1);
}

static CvmDetail *
find_fact (const GPtrArray *facts,
           const char      *name)
{
  for (guint i = 0; i < facts->len; i++)
    {
      CvmDetail *fact = g_ptr_array_index (facts, i);

      if (g_strcmp0 (fact->key, name) == 0)
        return fact;
    }

  return NULL;
}

static void
on_fact (CvmResult *self,
         CvmRecord *record)
{
  CvmJobResult *job = job_of (self, record);
  CvmDetail *fact = job != NULL ? find_fact (job->facts, record->name) : NULL;

  if (job == NULL || record->name == NULL || (fact == NULL && job->facts->len >= MAX_FACTS))
    return;

  if (fact == NULL)
    {
      fact = g_new0 (CvmDetail, 1);
      fact->key = g_strdup (record->name);
      g_ptr_array_add (job->facts, fact);
    }

  set_text (&fact->value, record->text != NULL ? record->text : "");
}

static void
on_evidence (CvmResult *self,
             CvmRecord *record)
{
  CvmJobResult *job = job_of (self, record);

  if (job != NULL && job->evidence->len < MAX_FACTS)
    g_ptr_array_add (job->evidence, cvm_record_ref (record));
}

static void
on_log (CvmResult *self,
        CvmRecord *record)
{
  CvmJobResult *job = job_of (self, record);

  if (job == NULL)
    return;

  /* the oldest tenth at once: each line would move all others */
  if (job->log->len >= CVM_RESULT_MAX_LOG)
    g_ptr_array_remove_range (job->log, 0, CVM_RESULT_MAX_LOG / 10);

  g_ptr_array_add (job->log, cvm_record_ref (record));
}

static void (*const handlers[]) (CvmResult *self, CvmRecord *record) = {
  [CVM_RECORD_RUN_BEGIN] = on_run_begin,
  [CVM_RECORD_RUN_END] = on_run_end,
  [CVM_RECORD_JOB_BEGIN] = on_job_begin,
  [CVM_RECORD_JOB_END] = on_job_end,
  [CVM_RECORD_ACT] = NULL,
  [CVM_RECORD_ACTED] = NULL,
  [CVM_RECORD_CASE_PLANNED] = on_case_planned,
  [CVM_RECORD_CASE_BEGIN] = on_case_begin,
  [CVM_RECORD_CASE_WAIT] = on_case_wait,
  [CVM_RECORD_CASE_END] = on_case_end,
  [CVM_RECORD_POINT] = on_point,
  [CVM_RECORD_FACT] = on_fact,
  [CVM_RECORD_EVIDENCE] = on_evidence,
  [CVM_RECORD_LOG] = on_log,
};

static gpointer
free_in_thread (gpointer jobs)
{
  g_ptr_array_unref (jobs);

  return NULL;
}

/* A million points take half a second, which whoever lets go of them may not have */
static void
free_jobs (GPtrArray *jobs)
{
  guint n_points = 0;

  for (guint i = 0; i < jobs->len; i++)
    {
      const CvmJobResult *job = g_ptr_array_index (jobs, i);

      n_points += job->points->len + job->n_kept;
    }

  if (n_points > MAX_FREED_AT_ONCE)
    g_thread_unref (g_thread_new ("cvm-result-free", free_in_thread, jobs));
  else
    g_ptr_array_unref (jobs);
}

static void
cvm_result_finalize (GObject *object)
{
  CvmResult *self = CVM_RESULT (object);

  g_free (self->title);
  free_jobs (self->jobs);

  G_OBJECT_CLASS (cvm_result_parent_class)->finalize (object);
}

static void
cvm_result_class_init (CvmResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_result_finalize;
}

static void
cvm_result_init (CvmResult *self)
{
  self->jobs = g_ptr_array_new_with_free_func (job_free);
}

CvmResult *
cvm_result_new (void)
{
  return g_object_new (CVM_TYPE_RESULT, NULL);
}

static void
add_record (CvmRecord *record,
            gpointer   self)
{
  cvm_result_add (self, record);
}

CvmResult *
cvm_result_new_from_journal (const char  *path,
                             GError     **error)
{
  g_autoptr(CvmResult) self = cvm_result_new ();

  if (!cvm_journal_each (path, add_record, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
cvm_result_add (CvmResult *self,
                CvmRecord *record)
{
  if (handlers[record->type] != NULL)
    handlers[record->type] (self, record);
}

guint
cvm_result_n_jobs (CvmResult *self)
{
  return self->jobs->len;
}

const CvmJobResult *
cvm_result_job (CvmResult *self,
                guint      index)
{
  g_return_val_if_fail (index < self->jobs->len, NULL);

  return g_ptr_array_index (self->jobs, index);
}

const CvmJobResult *
cvm_result_find_job (CvmResult  *self,
                     const char *id)
{
  for (guint i = 0; id != NULL && i < self->jobs->len; i++)
    {
      const CvmJobResult *job = g_ptr_array_index (self->jobs, i);

      if (strcmp (job->id, id) == 0)
        return job;
    }

  return NULL;
}

const CvmPoint *
cvm_job_result_find_case (const CvmJobResult *job,
                          guint               number)
{
  return find_point (job->points, number);
}

guint
cvm_job_result_find_chain (const CvmJobResult *job,
                           guint               number,
                           const char         *path,
                           const CvmPoint     *chain[CVM_RESULT_MAX_CHAIN])
{
  guint n = 0;

  chain[n] = find_point (job->points, number);
  if (chain[n] == NULL || (path != NULL && !is_path (path)))
    return 0;

  while (path != NULL && *path != '\0' && next_number (&path, &number))
    {
      chain[n + 1] = find_point (chain[n]->children, number);
      if (chain[++n] == NULL)
        return 0;
      path += *path == '.';
    }

  return n + 1;
}

guint
cvm_point_get_number (const CvmPoint *point)
{
  return ((const NumberedPoint *)point)->number;
}

const char *
cvm_result_get_title (CvmResult *self)
{
  return self->title;
}

gboolean
cvm_result_is_ended (CvmResult *self)
{
  return self->is_ended;
}

/* Until the run has ended: of what ended so far */
CvmStatus
cvm_result_get_status (CvmResult *self)
{
  CvmStatus status = CVM_STATUS_PASSED;

  if (self->is_ended)
    return self->status;

  for (guint i = 0; i < self->jobs->len; i++)
    status = cvm_status_worst (status, cvm_result_job (self, i)->status);

  return status;
}
