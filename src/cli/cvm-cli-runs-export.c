/* cvm-cli-runs-export.c: the verb runs export
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#include "cvm-cli-output.h"
#include "cvm-cli-runs.h"
#include "cvm-cli-worker.h"
#include "cvm-cli.h"
#include "cvm-report.h"
#include "cvm-tap-archive.h"

#define PATH CVM_CLI_RUNS " export"

typedef struct _Export Export;

typedef struct
{
  const char    *name;
  CvmReportMake  make;                        /* from the result … */
  gboolean     (*write) (const Export  *self,  /* … or from the reports of its jobs */
                         GError       **error);
} Format;

struct _Export
{
  const char      *name;      /* of the run */
  const Format    *format;
  CvmCliOutput    *output;
  CvmCliNamedRun  *run;
  GPtrArray       *texts;     /* report.tap, one a job, … */
  CvmResult       *whole;     /* … and what they say: what a dead run never reached failed */
};

static char *
job_title (const CvmJobResult *job)
{
  const char *image = job->image != NULL ? job->image : "";

  return g_strdup_printf ("%s%s%s: %s", image, *image != '\0' ? " on " : "",
                          job->host_uri != NULL ? job->host_uri : "",
                          job->suite != NULL ? job->suite : "");
}

/* One job is its report.tap to the byte; several are a subtest each */
static gboolean
write_tap (const Export  *self,
           GError       **error)
{
  guint n = self->texts->len;
  g_autoptr(GPtrArray) titles = g_ptr_array_new_with_free_func (g_free);
  g_autofree gboolean *oks = g_new0 (gboolean, n);
  g_autofree char *joined = NULL;
  const char *text = n > 0 ? self->texts->pdata[0] : "TAP version 13\n1..0\n";

  for (guint i = 0; i < n; i++)
    {
      const CvmJobResult *job = cvm_result_job (self->whole, i);

      g_ptr_array_add (titles, job_title (job));
      oks[i] = job->status == CVM_STATUS_PASSED;
    }

  if (n > 1)
    text = joined = cvm_report_tap_join ((const char *const *)self->texts->pdata,
                                         (const char *const *)titles->pdata, oks, n);
  cvm_cli_output_write (text, strlen (text), self->output);

  return TRUE;
}

static gboolean
write_archive (const Export  *self,
               GError       **error)
{
  g_autoptr(CvmTapArchiveWriter) writer = NULL;
  gint64 begun_us = 0, ended_us = 0;

  writer = cvm_tap_archive_writer_new (cvm_cli_output_get_stream (self->output));
  for (guint i = 0; i < self->texts->len; i++)
    {
      const CvmJobResult *job = cvm_result_job (self->whole, i);
      const char *text = self->texts->pdata[i];
      g_autofree char *name = g_strdup_printf ("job-%s/report.tap", job->id);

      if (!cvm_tap_archive_writer_add (writer, name, text, strlen (text), job->begun_us,
                                       job->ended_us, error))
        return FALSE;

      begun_us = i == 0 ? job->begun_us : MIN (begun_us, job->begun_us);
      ended_us = MAX (ended_us, job->ended_us);
    }

  return cvm_tap_archive_writer_close (writer, begun_us, ended_us, error);
}

static const Format formats[] = {
  { "tap", NULL, write_tap },
  { "junit", cvm_report_junit_write },
  { "html", cvm_report_html_write },
  { "json", cvm_report_json_write },
  { "archive", NULL, write_archive },
};

static const Format *
find_format (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (g_str_equal (formats[i].name, name))
        return &formats[i];
    }

  return NULL;
}

static gboolean
export_run (gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Export *self = data;
  g_autoptr(CvmHistory) history = cvm_cli_runs_open (cancellable, error);

  self->run = history != NULL ? cvm_cli_runs_read (history, self->name, cancellable, error) : NULL;
  if (self->run == NULL)
    return FALSE;

  if (!cvm_result_is_ended (self->run->result))
    cvm_cli_message (_("the run has no end: what it has not reached did not pass"));

  if (self->format->make != NULL)
    {
      self->format->make (self->run->result, cvm_cli_output_write, self->output);
      return TRUE;
    }

  self->texts = cvm_report_files_collect (self->run->dir, &self->whole, error);

  return self->texts != NULL && self->format->write (self, error);
}

static void
export_clear (Export *self)
{
  g_clear_pointer (&self->output, cvm_cli_output_free);
  g_clear_pointer (&self->run, cvm_cli_named_run_free);
  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_clear_object (&self->whole);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

static int
write_export (Export     *self,
              const char *path)
{
  g_autoptr(GError) error = NULL;

  self->output = cvm_cli_output_open (path);
  if (self->output == NULL)
    return CVM_STATUS_USAGE;

  if (!cvm_cli_work (export_run, self, &error))
    return cvm_cli_runs_fail (error);

  if (cvm_cli_output_close (self->output))
    return CVM_STATUS_PASSED;

  return path == NULL ? CVM_STATUS_FAULT : CVM_STATUS_USAGE;
}

int
cvm_cli_runs_export (int    argc,
                     char **argv)
{
  g_autofree char *format = NULL;
  g_autofree char *path = NULL;
  const GOptionEntry entries[] = {
    { "format", 'f', 0, G_OPTION_ARG_STRING, &format,
      N_("What to write: tap (the default), junit, html, json or archive"), N_("FORMAT") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
      N_("File to write; default: standard output"), N_("FILE") },
    { NULL }
  };
  CvmCliSyntax syntax = {
    PATH, "RUN", _("Writes a run's report for another program, or for a person."),
    _("As run --format printed it; archive is the TAP of its jobs as “prove -a” packs it.\n"
      "The exit status says whether it was written, whatever the run came to."),
    entries, 1, 1
  };
  g_auto(Export) export = { NULL };

  if (!cvm_cli_parse (&syntax, &argc, &argv))
    return CVM_STATUS_USAGE;

  export.name = argv[1];
  export.format = find_format (format != NULL ? format : "tap");
  if (export.format == NULL)
    return cvm_cli_usage (PATH, _("--format: there is no “%s”; allowed: tap, junit, html, json, "
                                  "archive"), format);
  if (export.format->write == write_archive && path == NULL && isatty (STDOUT_FILENO))
    return cvm_cli_usage (PATH,
                          _("an archive is nothing for a terminal: name a file with --output"));

  return write_export (&export, path);
}
