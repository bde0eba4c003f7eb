/* cvm-cli-execute.c: does what a plan says, and tells what came of it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-cli-execute.h"

#include <glib/gi18n.h>

#include "cvm-checks.h"
#include "cvm-cli-ask.h"
#include "cvm-cli-progress.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-report.h"
#include "cvm-run.h"
#include "cvm-wiring.h"

/* The report of one job, as it grows */
typedef struct
{
  CvmReportTap *tap;
  GString      *text;
} JobTap;

typedef struct
{
  CvmRun         *run;
  CvmCliFormat    format;
  CvmReportFiles *files;
  CvmCliProgress *progress;
  GPtrArray      *taps;       /* of JobTap: one a job, in the plan's order */
  gboolean        has_fault;  /* a report could not be kept, and that was told */
  GMainLoop      *loop;
} Execution;

static JobTap *
job_tap_new (const char *job)
{
  JobTap *self = g_new0 (JobTap, 1);

  self->tap = cvm_report_tap_new (job);
  self->text = g_string_new (NULL);

  return self;
}

static void
job_tap_free (gpointer data)
{
  JobTap *self = data;

  cvm_report_tap_free (self->tap);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
execution_clear (Execution *self)
{
  g_clear_pointer (&self->progress, cvm_cli_progress_free);
  g_clear_pointer (&self->files, cvm_report_files_free);
  g_clear_pointer (&self->taps, g_ptr_array_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_object (&self->run);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Execution, execution_clear)

/* While it runs ------------------------------------------------------------------------------ */

static void
keep_report (Execution *self,
             CvmRecord *record)
{
  g_autoptr(GError) error = NULL;

  if (self->has_fault || cvm_report_files_add (self->files, record, &error))
    return;

  self->has_fault = TRUE;
  cvm_cli_progress_wipe (self->progress);
  cvm_cli_message (_("the report cannot be kept: %s"), error->message);
}

static void
add_tap (Execution *self,
         CvmRecord *record)
{
  for (guint i = 0; i < self->taps->len; i++)
    {
      JobTap *job = self->taps->pdata[i];

      cvm_report_tap_add (job->tap, record, job->text);
    }
}

/* A lone job's report goes out as it grows */
static void
stream_tap (Execution *self)
{
  JobTap *job;

  if (self->taps->len != 1)
    return;

  job = self->taps->pdata[0];
  if (job->text->len == 0)
    return;

  cvm_cli_progress_wipe (self->progress);
  cvm_cli_write (job->text->str, job->text->len);
  cvm_cli_flush ();
  g_string_truncate (job->text, 0);
}

static void
on_records (CvmRun    *run,
            GPtrArray *records,
            gpointer   data)
{
  Execution *self = data;

  for (guint i = 0; i < records->len; i++)
    {
      keep_report (self, records->pdata[i]);
      add_tap (self, records->pdata[i]);
    }

  stream_tap (self);
  cvm_cli_progress_draw (self->progress);
}

static void
on_finished (CvmRun  *run,
             gpointer data)
{
  Execution *self = data;

  g_main_loop_quit (self->loop);
}

static void
on_interrupt (gpointer data)
{
  Execution *self = data;

  cvm_cli_progress_wipe (self->progress);
  cvm_cli_message (_("cancelled; the guests are being removed"));
  cvm_run_cancel (self->run);
}

/* At the end --------------------------------------------------------------------------------- */

static char *
job_title (const CvmJobResult *job)
{
  return *job->image != '\0'
         ? g_strdup_printf ("%s on %s: %s", job->image, job->host_uri, job->suite)
         : g_strdup_printf ("%s: %s", job->host_uri, job->suite);
}

static void
print_joined_tap (Execution *self)
{
  CvmResult *result = cvm_run_get_result (self->run);
  guint n = self->taps->len;
  g_autoptr(GPtrArray) texts = g_ptr_array_new ();
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autofree gboolean *oks = g_new0 (gboolean, n);
  g_autofree char *joined = NULL;

  for (guint i = 0; i < n; i++)
    {
      const CvmJobSpec *spec = cvm_plan_job (cvm_run_get_plan (self->run), i);
      const CvmJobResult *job = cvm_result_find_job (result, spec->id);
      JobTap *tap = self->taps->pdata[i];

      g_ptr_array_add (texts, tap->text->str);
      g_ptr_array_add (titles, job != NULL ? job_title (job) : g_strdup (spec->host_uri));
      oks[i] = job != NULL && job->status == CVM_STATUS_PASSED;
    }

  joined = cvm_report_tap_join ((const char *const *)texts->pdata,
                                (const char *const *)titles->pdata, oks, n);
  cvm_cli_write (joined, strlen (joined));
}

static void
on_report_bytes (const char *bytes,
                 gsize       len,
                 gpointer    data)
{
  cvm_cli_write (bytes, len);
}

static void
print_report (Execution     *self,
              CvmReportMake  make)
{
  make (cvm_run_get_result (self->run), on_report_bytes, NULL);
}

/* What a host check says about how to put it right */
static void
print_mend (const CvmPoint *point)
{
  for (guint i = 0; point->details != NULL && i < point->details->len; i++)
    {
      const CvmDetail *detail = point->details->pdata[i];
      g_autofree char *value = cvm_cli_clean (detail->value);

      if (g_str_equal (detail->key, "mend"))
        cvm_cli_print (_("  to mend it: %s\n"), value);
    }
}

static void
print_line (const CvmPoint *point)
{
  const char *mark = point->outcome == CVM_OUTCOME_PASS   ? "✔"
                     : point->outcome == CVM_OUTCOME_SKIP ? "–"
                                                          : "✘";
  g_autofree char *reason = point->reason != NULL ? cvm_cli_clean (point->reason) : NULL;

  cvm_cli_print ("%s %s%s%s\n", mark, point->title, reason != NULL ? ": " : "",
                 reason != NULL ? reason : "");
  print_mend (point);
}

static void
print_lines (Execution *self)
{
  CvmResult *result = cvm_run_get_result (self->run);

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    g_ptr_array_foreach (cvm_result_job (result, i)->points, (GFunc)print_line, NULL);
}

static void
print_result (Execution *self)
{
  switch (self->format)
    {
    case CVM_CLI_FORMAT_TAP:
      if (self->taps->len > 1)
        print_joined_tap (self);
      break;
    case CVM_CLI_FORMAT_JSON:
      print_report (self, cvm_report_json_write);
      break;
    case CVM_CLI_FORMAT_JUNIT:
      print_report (self, cvm_report_junit_write);
      break;
    case CVM_CLI_FORMAT_HTML:
      print_report (self, cvm_report_html_write);
      break;
    case CVM_CLI_FORMAT_LINES:
    default:
      print_lines (self);
      break;
    }
}

static void
tell_summary (Execution *self)
{
  CvmResult *result = cvm_run_get_result (self->run);

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      const CvmJobResult *job = cvm_result_job (result, i);
      g_autofree char *title = job_title (job);
      g_autofree char *why = job->why != NULL ? cvm_cli_clean (job->why) : NULL;
      g_autofree char *stopped = cvm_cli_progress_stopped (job);

      /* Translators: after "failed" comes ", 1 stopped" or nothing, at the end "; " and why */
      cvm_cli_message (_("%s: %u passed, %u failed%s, %u skipped%s%s"), title, job->passed,
                       cvm_job_result_n_failed (job), stopped, job->skipped,
                       why != NULL ? "; " : "", why != NULL ? why : "");
    }
  cvm_cli_message (_("the run is in %s"), cvm_run_get_dir (self->run));
}

/* --------------------------------------------------------------------------------------------- */

/* Who sits at the terminal can be asked */
static const CvmPorts *
ports_with_terminal (void)
{
  static CvmPorts ports;

  ports = *cvm_wiring_ports ();
  ports.ask_password = cvm_cli_ask_password;

  return &ports;
}

static gboolean
prepare (Execution   *self,
         CvmPlan     *plan,
         const char  *dir,
         GError     **error)
{
  self->run = cvm_run_new (plan, ports_with_terminal (), cvm_checks_find, dir, error);
  if (self->run == NULL)
    return FALSE;

  self->files = cvm_report_files_new (cvm_run_get_dir (self->run));
  self->progress = cvm_cli_progress_new (cvm_run_get_result (self->run));
  self->loop = g_main_loop_new (NULL, FALSE);
  self->taps = g_ptr_array_new_with_free_func (job_tap_free);
  for (guint i = 0; self->format == CVM_CLI_FORMAT_TAP && i < cvm_plan_n_jobs (plan); i++)
    g_ptr_array_add (self->taps, job_tap_new (cvm_plan_job (plan, i)->id));

  return TRUE;
}

/* A folder that the user named badly is a wrong usage, any other an environment's fault */
static int
fail_to_begin (const char   *dir,
               const GError *error)
{
  int status = cvm_cli_fail (error);

  return dir != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? CVM_STATUS_USAGE
                                                                                  : status;
}

int
cvm_cli_execute (CvmPlan      *plan,
                 const char   *dir,
                 CvmCliFormat  format,
                 char        **run_dir)
{
  g_auto(Execution) self = { .format = format };
  g_autoptr(GError) error = NULL;
  int status;

  if (!prepare (&self, plan, dir, &error))
    return fail_to_begin (dir, error);

  cvm_cli_on_interrupt (on_interrupt, &self);
  g_signal_connect (self.run, "records", G_CALLBACK (on_records), &self);
  g_signal_connect (self.run, "finished", G_CALLBACK (on_finished), &self);
  cvm_run_start (self.run);
  g_main_loop_run (self.loop);

  cvm_cli_progress_wipe (self.progress);
  print_result (&self);
  tell_summary (&self);
  status = cvm_run_get_status (self.run);
  if (run_dir != NULL)
    *run_dir = g_strdup (cvm_run_get_dir (self.run));
  if (self.has_fault)
    status = cvm_status_worst (status, CVM_STATUS_FAULT);

  return status;
}
