/* cvm-report-junit.c: a result as JUnit's XML
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Elements and attributes are those of Jenkins' junit-10.xsd. Jenkins shows a class "a.b" as b in
 * the package a, so a dot within a name would split it; GitLab takes two testcases of one class
 * and name for the same. */
#include "cvm-report-private.h"

#include <libxml/xmlwriter.h>
#include <string.h>

typedef struct
{
  guint64 tests;
  guint64 failures;
  guint64 errors;
  guint64 skipped;
  gint64  ms;
} Counts;

typedef struct
{
  xmlTextWriterPtr  xml;
  CvmReportWrite    write;
  gpointer          data;
} Junit;

static int
on_write (void       *context,
          const char *bytes,
          int         len)
{
  Junit *self = context;

  self->write (bytes, (gsize)len, self->data);

  return len;
}

/* XML ---------------------------------------------------------------------------------------- */

static void
begin (Junit      *self,
       const char *element)
{
  xmlTextWriterStartElement (self->xml, BAD_CAST element);
}

static void
end (Junit *self)
{
  xmlTextWriterEndElement (self->xml);
}

static void
set (Junit      *self,
     const char *attribute,
     const char *bytes)
{
  g_autofree char *text = cvm_report_plain (bytes);

  xmlTextWriterWriteAttribute (self->xml, BAD_CAST attribute, BAD_CAST text);
}

static void
set_number (Junit      *self,
            const char *attribute,
            guint64     value)
{
  xmlTextWriterWriteFormatAttribute (self->xml, BAD_CAST attribute, "%" G_GUINT64_FORMAT, value);
}

/* In seconds, with a dot whatever the locale */
static void
set_time (Junit  *self,
          gint64  ms)
{
  ms = MAX (ms, 0);
  xmlTextWriterWriteFormatAttribute (self->xml, BAD_CAST "time",
                                     "%" G_GINT64_FORMAT ".%03d", ms / 1000, (int)(ms % 1000));
}

static void
put_text (Junit      *self,
          const char *bytes)
{
  g_autofree char *text = cvm_report_plain (bytes);

  xmlTextWriterWriteString (self->xml, BAD_CAST text);
}

/* Counting ----------------------------------------------------------------------------------- */

/* TODO is no failure, and nothing that works: JUnit knows but "skipped" for it */
static gboolean
is_skipped (const CvmPoint *point)
{
  return point->outcome == CVM_OUTCOME_SKIP ||
         (point->directive == CVM_DIRECTIVE_TODO && !point->ok);
}

/* Cancelled, or still running when the program ended */
static gboolean
is_error (const CvmPoint *point)
{
  return !point->is_ended || point->outcome == CVM_OUTCOME_CANCELLED;
}

static void
count_points (const GPtrArray *points,
              Counts          *counts)
{
  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];

      counts->tests++;
      if (is_error (point))
        counts->errors++;
      else if (point->outcome == CVM_OUTCOME_FAIL)
        counts->failures++;
      else if (is_skipped (point))
        counts->skipped++;
      count_points (point->children, counts);
    }
}

static Counts
count_job (const CvmJobResult *job)
{
  Counts counts = { 0 };

  count_points (job->points, &counts);
  if (job->why != NULL)
    {
      counts.tests++;
      counts.errors++;
    }

  if (job->begun_us > 1 && job->ended_us > job->begun_us)
    counts.ms = (job->ended_us - job->begun_us) / 1000;
  else
    for (guint i = 0; i < job->points->len; i++)
      counts.ms += ((const CvmPoint *)job->points->pdata[i])->ms;

  return counts;
}

static void
set_counts (Junit        *self,
            const Counts *counts,
            gboolean      has_skipped)
{
  set_number (self, "tests", counts->tests);
  set_number (self, "failures", counts->failures);
  set_number (self, "errors", counts->errors);
  if (has_skipped)   /* not of testsuites, the schema says */
    set_number (self, "skipped", counts->skipped);
  set_time (self, counts->ms);
}

/* Points ------------------------------------------------------------------------------------- */

static char *
details_text (const CvmPoint *point)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];
      gboolean is_long = strchr (detail->value, '\n') != NULL;

      g_string_append_printf (text, "%s:%s%s\n", detail->key, is_long ? "\n" : " ", detail->value);
    }

  return g_string_free (text, FALSE);
}

static void
put_problem (Junit          *self,
             const CvmPoint *point,
             const char     *details)
{
  gboolean is_err = is_error (point);
  const char *reason = point->reason != NULL ? point->reason
                       : !point->is_ended    ? "it came to no end"
                       : is_err              ? "cancelled"
                                             : "not ok";

  begin (self, is_err ? "error" : "failure");
  set (self, "message", reason);
  set (self, "type", is_err ? "cancelled" : "not ok");
  put_text (self, reason);
  if (*details != '\0')
    {
      put_text (self, "\n\n");
      put_text (self, details);
    }
  end (self);
}

static void
put_skip (Junit          *self,
          const CvmPoint *point)
{
  gboolean is_todo = point->directive == CVM_DIRECTIVE_TODO;
  g_autofree char *message = g_strdup_printf ("%s%s", is_todo ? "TODO " : "",
                                              point->reason != NULL ? point->reason : "");

  begin (self, "skipped");
  set (self, "message", g_strchomp (message));
  end (self);
}

static void
put_outcome (Junit          *self,
             const CvmPoint *point)
{
  g_autofree char *details = details_text (point);
  gboolean is_bad = is_error (point) || point->outcome == CVM_OUTCOME_FAIL;

  if (is_bad)
    {
      put_problem (self, point, details);
      return;
    }

  if (is_skipped (point))
    put_skip (self, point);

  if (*details == '\0')
    return;

  begin (self, "system-out");
  put_text (self, details);
  end (self);
}

/* A dot would make a package of what stands before it */
static char *
as_class (const char *title)
{
  char *name = g_strdup (title);

  return g_strdelimit (name, ".", '_');
}

/* Its name, told apart from those of its siblings before it. NAMES: how often each was there */
static char *
unique_title (GHashTable     *names,
              const CvmPoint *point)
{
  g_autofree char *title = cvm_report_point_title (point);
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (names, title));
  char *name = g_strdup (title);

  while (n > 0 && g_hash_table_contains (names, name))
    {
      g_free (name);
      name = g_strdup_printf ("%s (%u)", title, ++n);
    }

  g_hash_table_insert (names, g_strdup (name), GUINT_TO_POINTER (1));
  if (n > 0)
    g_hash_table_insert (names, g_steal_pointer (&title), GUINT_TO_POINTER (n));

  return name;
}

static void
put_points (Junit           *self,
            const GPtrArray *points,
            const char      *class)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; points != NULL && i < points->len; i++)
    {
      const CvmPoint *point = points->pdata[i];
      g_autofree char *title = unique_title (names, point);

      begin (self, "testcase");
      set (self, "classname", class);
      set (self, "name", title);
      set_time (self, point->ms);
      put_outcome (self, point);
      end (self);

      if (point->children != NULL)
        {
          g_autofree char *last = as_class (title);
          g_autofree char *below = g_strdup_printf ("%s.%s", class, last);

          put_points (self, point->children, below);
        }
    }
}

/* Jobs --------------------------------------------------------------------------------------- */

static void
put_property (Junit      *self,
              const char *name,
              const char *value)
{
  if (value == NULL || *value == '\0')
    return;

  begin (self, "property");
  set (self, "name", name);
  set (self, "value", value);
  end (self);
}

static void
put_properties (Junit              *self,
                const CvmJobResult *job)
{
  begin (self, "properties");
  put_property (self, "image", job->image);
  put_property (self, "host", job->host_uri);
  put_property (self, "suite", job->suite);
  for (guint i = 0; i < job->facts->len; i++)
    {
      const CvmDetail *fact = job->facts->pdata[i];

      put_property (self, fact->key, fact->value);
    }
  end (self);
}

static void
put_log (Junit              *self,
         const CvmJobResult *job)
{
  if (job->log->len == 0)
    return;

  begin (self, "system-out");
  for (guint i = 0; i < job->log->len; i++)
    {
      const CvmRecord *record = job->log->pdata[i];

      put_text (self, record->text != NULL ? record->text : "");
      put_text (self, "\n");
    }
  end (self);
}

/* Of the program, or the job, as a whole */
static void
put_why (Junit              *self,
         const CvmJobResult *job,
         const char         *class)
{
  if (job->why == NULL)
    return;

  begin (self, "testcase");
  set (self, "classname", class);
  set (self, "name", "the whole job");
  set_time (self, 0);
  begin (self, "error");
  set (self, "message", job->why);
  set (self, "type", "job");
  put_text (self, job->why);
  end (self);
  end (self);
}

static void
put_job (Junit              *self,
         const CvmJobResult *job,
         guint               index)
{
  g_autofree char *title = cvm_report_job_title (job);
  g_autofree char *class = as_class (title);
  Counts counts = count_job (job);

  begin (self, "testsuite");
  set (self, "name", title);
  set_counts (self, &counts, TRUE);
  set_number (self, "id", index);
  if (job->begun_us > 1)
    {
      g_autoptr(GDateTime) begun = g_date_time_new_from_unix_utc (job->begun_us / G_USEC_PER_SEC);
      g_autofree char *text = begun != NULL ? g_date_time_format (begun, "%Y-%m-%dT%H:%M:%S")
                                            : NULL;

      if (text != NULL)
        set (self, "timestamp", text);
    }
  if (job->host_uri != NULL && *job->host_uri != '\0')
    set (self, "hostname", job->host_uri);
  put_properties (self, job);
  put_points (self, job->points, class);
  put_why (self, job, class);
  put_log (self, job);
  end (self);
}

static Counts
count_all (CvmResult *result)
{
  Counts all = { 0 };

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      Counts counts = count_job (cvm_result_job (result, i));

      all.tests += counts.tests;
      all.failures += counts.failures;
      all.errors += counts.errors;
      all.ms += counts.ms;
    }

  return all;
}

void
cvm_report_junit_write (CvmResult      *result,
                        CvmReportWrite  write,
                        gpointer        data)
{
  Junit self = { .write = write, .data = data };
  const char *title = cvm_result_get_title (result);
  Counts all = count_all (result);
  xmlOutputBufferPtr out = xmlOutputBufferCreateIO (on_write, NULL, &self, NULL);

  self.xml = xmlNewTextWriter (out);
  xmlTextWriterSetIndent (self.xml, 1);
  xmlTextWriterStartDocument (self.xml, "1.0", "UTF-8", NULL);
  begin (&self, "testsuites");
  set (&self, "name", title != NULL && *title != '\0' ? title : "cvmtester");
  set_counts (&self, &all, FALSE);
  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    put_job (&self, cvm_result_job (result, i), i);
  end (&self);
  xmlTextWriterEndDocument (self.xml);
  xmlFreeTextWriter (self.xml);
}
