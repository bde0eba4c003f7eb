/* cvm-report-tap.c: the TAP of a job, made while its records come
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report.h"

#include <stdlib.h>
#include <string.h>

#include "cvm-report-headers.h"

struct _CvmReportTap
{
  char         *job;
  CvmResult    *result;     /* of this job alone */
  GString      *text;       /* what a record added */
  CvmTapWriter *writer;     /* into text */
  guint         planned;
  guint         n_written;  /* cases, from 1 */
  CvmRecord    *begin;      /* of a job that stays open: its plan, and all that comes after it, waits
                               for its end; or NULL */
  gboolean      is_begun;
  gboolean      is_ended;
};

CvmReportTap *
cvm_report_tap_new (const char *job)
{
  CvmReportTap *self = g_new0 (CvmReportTap, 1);

  self->job = g_strdup (job);
  self->result = cvm_result_new ();
  self->text = g_string_new (NULL);
  self->writer = cvm_tap_writer_new (self->text);

  return self;
}

void
cvm_report_tap_free (CvmReportTap *self)
{
  g_free (self->job);
  g_object_unref (self->result);
  g_clear_pointer (&self->begin, cvm_record_unref);
  cvm_tap_writer_free (self->writer);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
write_comment (CvmReportTap *self,
               const char   *name,
               const char   *text)
{
  g_autofree char *comment = NULL;

  if (text == NULL || *text == '\0')
    return;

  comment = g_strdup_printf ("%s: %s", name, text);
  cvm_tap_writer_comment (self->writer, comment);
}

static gboolean
has_key (const GPtrArray *details,
         guint            end,
         const char      *key)
{
  for (guint i = 0; i < end; i++)
    if (strcmp (((const CvmDetail *)g_ptr_array_index (details, i))->key, key) == 0)
      return TRUE;

  return FALSE;
}

/* A YAML mapping may have a key once: what was told several times is a text of several lines.
 * (A list would be right too, but TAP::Parser's reader takes "- \"ata1: failed\"" for a
 * mapping.) */
static void
write_detail (CvmReportTap    *self,
              const GPtrArray *details,
              guint            first)
{
  const CvmDetail *detail = g_ptr_array_index (details, first);
  g_autoptr(GString) text = g_string_new (detail->value);
  gboolean has_lines = strchr (detail->value, '\n') != NULL;

  for (guint i = first + 1; i < details->len; i++)
    {
      const CvmDetail *other = g_ptr_array_index (details, i);

      if (strcmp (other->key, detail->key) == 0)
        {
          has_lines = TRUE;
          g_string_append_printf (text, "\n%s", other->value);
        }
    }

  if (has_lines)
    cvm_tap_writer_yaml_text (self->writer, detail->key, text->str);
  else
    cvm_tap_writer_yaml_string (self->writer, detail->key, detail->value);
}

static void
write_yaml (CvmReportTap    *self,
            const char      *reason,
            gboolean         has_ms,
            gint64           ms,
            const GPtrArray *details)
{
  cvm_tap_writer_yaml_begin (self->writer);

  if (reason != NULL)
    cvm_tap_writer_yaml_string (self->writer, "reason", reason);

  if (has_ms)
    cvm_tap_writer_yaml_int (self->writer, "ms", ms);

  for (guint i = 0; details != NULL && i < details->len; i++)
    {
      const CvmDetail *detail = g_ptr_array_index (details, i);

      if (!has_key (details, i, detail->key))
        write_detail (self, details, i);
    }

  cvm_tap_writer_yaml_end (self->writer);
}

static CvmTapDirective
tap_directive (CvmDirective directive)
{
  if (directive == CVM_DIRECTIVE_TODO)
    return CVM_TAP_TODO;

  return directive == CVM_DIRECTIVE_SKIP ? CVM_TAP_SKIP : CVM_TAP_NO_DIRECTIVE;
}

static guint
last_number (const CvmPoint *point)
{
  const char *dot = strrchr (point->path, '.');

  return strtoul (dot != NULL ? dot + 1 : point->path, NULL, 10);
}

/* The subtests of a point, as they stand before it. Their numbers are the program's own, so a
 * number that it left out is missing here too. */
static void
write_subtests (CvmReportTap   *self,
                const CvmPoint *parent,
                const char     *name)
{
  const GPtrArray *points = parent->children;

  if (points == NULL)
    return;

  cvm_tap_writer_subtest_begin (self->writer, name);
  cvm_tap_writer_plan (self->writer, last_number (points->pdata[points->len - 1]), NULL);

  for (guint i = 0; i < points->len; i++)
    {
      const CvmPoint *point = g_ptr_array_index (points, i);
      gboolean has_directive = point->directive != CVM_DIRECTIVE_NONE;

      write_subtests (self, point, point->title);
      cvm_tap_writer_point (self->writer, point->ok, last_number (point), point->title,
                            tap_directive (point->directive),
                            has_directive ? point->reason : NULL);

      if (!point->is_ended)
        write_yaml (self, "its point never came", FALSE, 0, NULL);
      else if ((!has_directive && point->reason != NULL) || point->details != NULL)
        write_yaml (self, has_directive ? NULL : point->reason, FALSE, 0, point->details);
    }

  cvm_tap_writer_subtest_end (self->writer);
}

/* The point of a case with all that belongs to it */
/* "kernel.3" is the case "kernel" of the third try on a guest: readers know cases by their ids */
static char *
dup_name (const CvmPoint *point)
{
  gsize len = strcspn (point->id, ".");

  if (point->id[len] == '\0')
    return g_strdup_printf ("%s - %s", point->id, point->title);

  return g_strdup_printf ("%.*s - %s (try %s)", (int)len, point->id, point->title,
                          point->id + len + 1);
}

static void
write_case (CvmReportTap   *self,
            guint           number,
            const CvmPoint *point,
            CvmOutcome      outcome,
            const char     *reason)
{
  gboolean is_bad = outcome == CVM_OUTCOME_FAIL || outcome == CVM_OUTCOME_CANCELLED;
  gboolean is_skipped = outcome == CVM_OUTCOME_SKIP;
  g_autofree char *name = NULL;

  if (point != NULL)
    {
      name = dup_name (point);
      write_subtests (self, point, name);
    }

  cvm_tap_writer_point (self->writer, !is_bad, number, name,
                        is_skipped ? CVM_TAP_SKIP : CVM_TAP_NO_DIRECTIVE,
                        is_skipped ? reason : NULL);

  if (point != NULL && (is_bad || point->details != NULL))
    write_yaml (self, is_skipped ? NULL : reason, point->is_ended, point->ms, point->details);

  self->n_written = number;
}

/* In file order, whatever the order in which they ended */
static void
write_ended_cases (CvmReportTap *self)
{
  const CvmJobResult *job = cvm_result_job (self->result, 0);

  while (self->n_written < self->planned)
    {
      const CvmPoint *point = cvm_job_result_find_case (job, self->n_written + 1);

      if (point == NULL || !point->is_ended)
        return;

      write_case (self, self->n_written + 1, point, point->outcome,
                  point->reason != NULL || point->outcome != CVM_OUTCOME_CANCELLED ? point->reason
                                                                                  : "cancelled");
    }
}

static gboolean
has_cancelled_case (const CvmJobResult *job)
{
  for (guint i = 0; i < job->points->len; i++)
    {
      const CvmPoint *point = g_ptr_array_index (job->points, i);

      if (point->is_ended && point->outcome == CVM_OUTCOME_CANCELLED)
        return TRUE;
    }

  return FALSE;
}

/* What came to no end. Whatever was under way did not pass; what had not begun is skipped. After
 * a cancel there is always one point that says so. */
static void
write_rest (CvmReportTap *self)
{
  const CvmJobResult *job = cvm_result_job (self->result, 0);
  gboolean is_cancelled = job->status == CVM_STATUS_CANCELLED;
  gboolean must_tell = is_cancelled && !has_cancelled_case (job);
  const char *why = is_cancelled ? "cancelled"
                                 : job->why != NULL ? job->why : "the job ended early";

  for (write_ended_cases (self); self->n_written < self->planned; write_ended_cases (self))
    {
      guint number = self->n_written + 1;
      const CvmPoint *point = cvm_job_result_find_case (job, number);
      gboolean is_begun = point != NULL && point->is_begun;

      write_case (self, number, point,
                  must_tell || is_begun ? CVM_OUTCOME_FAIL : CVM_OUTCOME_SKIP, why);
      must_tell = FALSE;
    }
}

static void
write_head (CvmReportTap    *self,
            const CvmRecord *record,
            guint            n_points)
{
  self->planned = MIN (n_points, CVM_RESULT_MAX_CASES);
  cvm_tap_writer_version (self->writer, 13);
  cvm_tap_writer_plan (self->writer, self->planned, "there is nothing to check");
  write_comment (self, "image", record->name);
  write_comment (self, "host", record->kind);
  write_comment (self, "suite", record->text);
  cvm_report_headers_begin (self->writer, record);
}

static void
write_fact (CvmReportTap *self,
            const char   *name,
            const char   *text)
{
  if (!cvm_report_headers_fact (self->writer, cvm_result_job (self->result, 0), name, text))
    write_comment (self, name, text);
}

static void
on_job_begin (CvmReportTap *self,
              CvmRecord    *record)
{
  if (self->is_begun)
    return;

  self->is_begun = TRUE;
  if (record->number > 0)
    write_head (self, record, record->number);
  else
    self->begin = cvm_record_ref (record);
}

/* How many points there are is known now. Of its facts, which anybody's journal may tell without
 * end, there are as many as the result keeps, and each as it was told last. */
static void
write_late_head (CvmReportTap *self)
{
  g_autoptr(CvmRecord) begin = g_steal_pointer (&self->begin);
  const CvmJobResult *job = cvm_result_job (self->result, 0);

  if (begin == NULL)
    return;

  write_head (self, begin, job->planned);
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *fact = g_ptr_array_index (job->facts, i);

      write_fact (self, fact->key, fact->value);
    }
}

static void
on_job_end (CvmReportTap    *self,
            const CvmRecord *record)
{
  const CvmJobResult *job = cvm_result_job (self->result, 0);

  write_late_head (self);
  write_rest (self);

  if (job->n_subtests > CVM_RESULT_MAX_SUBTESTS)
    cvm_tap_writer_comment (self->writer, "Some subtests are missing here: there were too many.");

  cvm_report_headers_end (self->writer, record);
  self->is_ended = TRUE;
}

void
cvm_report_tap_add (CvmReportTap    *self,
                    const CvmRecord *record,
                    GString         *out)
{
  if (g_strcmp0 (record->job, self->job) != 0 || self->is_ended ||
      record->type == CVM_RECORD_LOG || record->type == CVM_RECORD_EVIDENCE)
    return;

  cvm_result_add (self->result, (CvmRecord *)record);

  if (cvm_result_n_jobs (self->result) == 0)
    return;

  if (record->type == CVM_RECORD_JOB_BEGIN)
    on_job_begin (self, (CvmRecord *)record);
  else if (record->type == CVM_RECORD_FACT && record->name != NULL && self->begin == NULL)
    write_fact (self, record->name, record->text);
  else if (record->type == CVM_RECORD_CASE_END)
    write_ended_cases (self);
  else if (record->type == CVM_RECORD_JOB_END)
    on_job_end (self, record);

  g_string_append_len (out, self->text->str, self->text->len);
  g_string_truncate (self->text, 0);
}

/* Every line of a report, a level deeper; its version line belongs to the outermost only */
static void
append_indented (GString    *out,
                 const char *report)
{
  while (*report != '\0')
    {
      const char *end = strchrnul (report, '\n');

      if (!g_str_has_prefix (report, "TAP version "))
        {
          g_string_append (out, "    ");
          g_string_append_len (out, report, end - report);
          g_string_append_c (out, '\n');
        }

      report = *end == '\n' ? end + 1 : end;
    }
}

char *
cvm_report_tap_join (const char *const *jobs,
                     const char *const *titles,
                     const gboolean    *oks,
                     gsize              n_jobs)
{
  GString *out = g_string_new (NULL);
  g_autoptr(CvmTapWriter) writer = cvm_tap_writer_new (out);

  cvm_tap_writer_version (writer, 13);
  cvm_tap_writer_plan (writer, n_jobs, "there is no job");

  for (gsize i = 0; i < n_jobs; i++)
    {
      cvm_tap_writer_subtest_begin (writer, titles[i]);
      append_indented (out, jobs[i]);
      cvm_tap_writer_subtest_end (writer);
      cvm_tap_writer_point (writer, oks[i], i + 1, titles[i], CVM_TAP_NO_DIRECTIVE, NULL);
    }

  return g_string_free (out, FALSE);
}
