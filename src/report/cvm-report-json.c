/* cvm-report-json.c: a result for programs
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Written as it is walked: json-glib's nodes would take a thousand bytes a point. */
#include "cvm-report-private.h"

typedef struct
{
  CvmReportOut  out;
  guint         depth;
  gboolean      is_first;   /* of the object or array that is open */
} Json;

/* Writing JSON ------------------------------------------------------------------------------- */

static void
append_string (GString    *out,
               const char *bytes)
{
  g_autofree char *mended = g_utf8_validate (bytes, -1, NULL) ? NULL : cvm_record_dup_utf8 (bytes);
  const char *start = mended != NULL ? mended : bytes;
  const char *p;

  g_string_append_c (out, '"');
  for (p = start; *p != '\0'; p++)
    {
      if ((guchar)*p >= 0x20 && *p != '"' && *p != '\\' && *p != 0x7f)
        continue;

      g_string_append_len (out, start, p - start);
      start = p + 1;
      if (*p == '"' || *p == '\\')
        g_string_append_printf (out, "\\%c", *p);
      else if (*p == '\n')
        g_string_append (out, "\\n");
      else
        g_string_append_printf (out, "\\u%04x", (guint)*p);
    }
  g_string_append_len (out, start, p - start);
  g_string_append_c (out, '"');
}

static void
begin_line (Json *self)
{
  g_string_append (self->out.text, self->is_first ? "\n" : ",\n");
  g_string_append_printf (self->out.text, "%*s", 2 * (int)self->depth, "");
  self->is_first = FALSE;
  cvm_report_out_settle (&self->out);
}

/* NAME is NULL within an array */
static void
begin_member (Json       *self,
              const char *name)
{
  begin_line (self);
  if (name == NULL)
    return;

  append_string (self->out.text, name);
  g_string_append (self->out.text, ": ");
}

static void
open_block (Json       *self,
            const char *name,
            char        bracket)
{
  begin_member (self, name);
  g_string_append_c (self->out.text, bracket);
  self->depth++;
  self->is_first = TRUE;
}

static void
close_block (Json *self,
             char  bracket)
{
  gboolean is_empty = self->is_first;

  self->depth--;
  if (!is_empty)
    g_string_append_printf (self->out.text, "\n%*s", 2 * (int)self->depth, "");
  g_string_append_c (self->out.text, bracket);
  self->is_first = FALSE;
}

static void
set_string (Json       *self,
            const char *name,
            const char *bytes)
{
  begin_member (self, name);
  if (bytes != NULL)
    append_string (self->out.text, bytes);
  else
    g_string_append (self->out.text, "null");
}

static void
set_boolean (Json       *self,
             const char *name,
             gboolean    value)
{
  begin_member (self, name);
  g_string_append (self->out.text, value ? "true" : "false");
}

static void
set_int (Json       *self,
         const char *name,
         gint64      value)
{
  begin_member (self, name);
  g_string_append_printf (self->out.text, "%" G_GINT64_FORMAT, value);
}

/* The result --------------------------------------------------------------------------------- */

/* A status is there once it is final: the 0 of what has not ended would read as passed */
static void
set_end (Json      *self,
         gboolean   is_ended,
         CvmStatus  status)
{
  set_boolean (self, "ended", is_ended);

  if (is_ended)
    set_int (self, "status", status);
  else
    set_string (self, "status", NULL);
}

static const char *
directive_name (CvmDirective directive)
{
  if (directive == CVM_DIRECTIVE_TODO)
    return "todo";

  return directive == CVM_DIRECTIVE_SKIP ? "skip" : NULL;
}

static void
set_details (Json            *self,
             const GPtrArray *details)
{
  open_block (self, "details", '[');
  for (guint i = 0; details != NULL && i < details->len; i++)
    {
      const CvmDetail *detail = g_ptr_array_index (details, i);

      open_block (self, NULL, '{');
      set_string (self, "key", detail->key);
      set_string (self, "value", detail->value);
      close_block (self, '}');
    }
  close_block (self, ']');
}

static void
set_points (Json            *self,
            const GPtrArray *points)
{
  open_block (self, "points", '[');
  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = g_ptr_array_index (points, i);

      open_block (self, NULL, '{');
      set_string (self, "path", point->path);
      set_string (self, "id", point->id);
      set_string (self, "title", point->title);
      set_boolean (self, "precondition", point->is_precondition);
      set_string (self, "outcome", point->is_ended ? cvm_outcome_name (point->outcome) : NULL);
      set_boolean (self, "ok", point->ok);
      set_string (self, "directive", directive_name (point->directive));
      set_string (self, "reason", point->reason);
      set_int (self, "ms", point->ms);
      set_details (self, point->details);
      set_points (self, point->children);
      close_block (self, '}');
    }
  close_block (self, ']');
}

static void
set_facts (Json            *self,
           const GPtrArray *facts)
{
  open_block (self, "facts", '{');
  for (guint i = 0; i < facts->len; i++)
    {
      const CvmDetail *fact = g_ptr_array_index (facts, i);

      set_string (self, fact->key, fact->value);
    }
  close_block (self, '}');
}

static void
set_evidence (Json            *self,
              const GPtrArray *evidence)
{
  open_block (self, "evidence", '[');
  for (guint i = 0; i < evidence->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (evidence, i);

      open_block (self, NULL, '{');
      set_string (self, "name", record->name);
      set_string (self, "path", record->path);
      set_string (self, "kind", record->kind);
      set_string (self, "case", record->id);
      close_block (self, '}');
    }
  close_block (self, ']');
}

static void
set_log (Json            *self,
         const GPtrArray *log)
{
  open_block (self, "log", '[');
  for (guint i = 0; i < log->len; i++)
    set_string (self, NULL, ((const CvmRecord *)g_ptr_array_index (log, i))->text);
  close_block (self, ']');
}

static void
add_job (Json               *self,
         const CvmJobResult *job)
{
  open_block (self, NULL, '{');
  set_string (self, "id", job->id);
  set_string (self, "image", job->image);
  set_string (self, "host", job->host_uri);
  set_string (self, "suite", job->suite);
  set_end (self, job->ended_us != 0, job->status);
  set_string (self, "why", job->why);
  set_int (self, "planned", job->planned);
  set_int (self, "passed", job->passed);
  set_int (self, "failed", job->failed);
  set_int (self, "skipped", job->skipped);
  set_points (self, job->points);
  set_facts (self, job->facts);
  set_evidence (self, job->evidence);
  set_log (self, job->log);
  close_block (self, '}');
}

void
cvm_report_json_write (CvmResult      *result,
                       CvmReportWrite  write,
                       gpointer        data)
{
  Json self = { .is_first = TRUE, .depth = 1 };

  cvm_report_out_init (&self.out, write, data);
  g_string_append_c (self.out.text, '{');
  set_string (&self, "title", cvm_result_get_title (result));
  set_end (&self, cvm_result_is_ended (result), cvm_result_get_status (result));

  open_block (&self, "jobs", '[');
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    add_job (&self, cvm_result_job (result, i));
  close_block (&self, ']');

  close_block (&self, '}');
  g_string_append_c (self.out.text, '\n');
  cvm_report_out_clear (&self.out);
}

char *
cvm_report_json (CvmResult *result)
{
  return cvm_report_to_string (cvm_report_json_write, result);
}
