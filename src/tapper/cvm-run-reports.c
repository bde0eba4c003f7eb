/* cvm-run-reports.c: the reports of a run, and the files that go with each
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-run-reports.h"

#include <stdlib.h>
#include <string.h>

#include "cvm-paths.h"
#include "cvm-report.h"

static void
job_report_free (gpointer data)
{
  CvmRunReport *self = data;

  g_free (self->run);
  g_free (self->job);
  g_free (self->title);
  g_free (self->path);
  g_ptr_array_unref (self->paths);
  g_array_unref (self->files);
  g_free (self);
}

static gboolean
is_run (const char *dir)
{
  g_autofree char *journal = g_build_filename (dir, "journal.jsonl", NULL);

  return g_file_test (journal, G_FILE_TEST_IS_REGULAR);
}

char *
cvm_run_reports_find (const char *name)
{
  g_autofree char *runs = cvm_paths_runs ();
  g_autofree char *known = NULL;

  if (g_file_test (name, G_FILE_TEST_IS_DIR))
    return is_run (name) ? g_strdup (name) : NULL;

  if (strchr (name, '/') != NULL || *name == '.' || *name == '\0')
    return NULL;

  known = g_build_filename (runs, name, NULL);

  return is_run (known) ? g_steal_pointer (&known) : NULL;
}

/* NAME within the run's folder, where it is a file; links do not lead out of it */
static char *
find_within (const char *dir,
             const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *real_dir = realpath (dir, NULL);
  g_autofree char *real = realpath (path, NULL);
  g_autofree char *head = g_strconcat (real_dir != NULL ? real_dir : "", "/", NULL);

  if (real == NULL || real_dir == NULL || !g_str_has_prefix (real, head) ||
      !g_file_test (real, G_FILE_TEST_IS_REGULAR))
    return NULL;

  return g_steal_pointer (&real);
}

static gboolean
is_media_type (const char *type)
{
  return type != NULL && g_regex_match_simple ("^[a-z]+/[a-z0-9.+-]+$", type, 0, 0);
}

static void
add_file (CvmRunReport *self,
          char            *path,
          const char      *type)
{
  CvmSpoolFile file = { .path = path, .type = is_media_type (type) ? type : NULL };

  if (path == NULL)
    return;

  if (g_ptr_array_find_with_equal_func (self->paths, path, g_str_equal, NULL))
    {
      g_free (path);
      return;
    }

  g_ptr_array_add (self->paths, path);
  g_array_append_val (self->files, file);
}

/* The types of the journal's evidence go with it into FILE, so RESULT outlives the report */
static void
collect (CvmRunReport    *self,
         const char         *dir,
         const char         *job_dir,
         const CvmJobResult *job)
{
  add_file (self, find_within (dir, "plan.ini"), "text/plain");
  add_file (self, find_within (job_dir, "serial.log"), "text/plain");
  add_file (self, find_within (job_dir, "domain.xml"), "application/xml");
  for (guint i = 0; i < job->evidence->len; i++)
    {
      const CvmRecord *record = g_ptr_array_index (job->evidence, i);

      if (record->path != NULL)
        add_file (self, find_within (job_dir, record->path), g_intern_string (record->kind));
    }
}

static CvmRunReport *
job_report_new (const char         *dir,
                const CvmJobResult *job,
                GError            **error)
{
  g_autofree char *name = g_strconcat ("job-", job->id, NULL);
  g_autofree char *job_dir = g_build_filename (dir, name, NULL);
  g_autofree char *path = find_within (job_dir, "report.tap");
  CvmRunReport *self;

  if (path == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   "%s: the report of job %s is missing", dir, job->id);
      return NULL;
    }

  self = g_new0 (CvmRunReport, 1);
  self->run = realpath (dir, NULL);
  self->job = g_strdup (job->id);
  self->title = *job->image != '\0' ? g_strdup_printf ("%s: %s", job->image, job->suite)
                                    : g_strdup (job->suite);
  self->path = g_steal_pointer (&path);
  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->files = g_array_new (FALSE, TRUE, sizeof (CvmSpoolFile));
  collect (self, dir, job_dir, job);

  return self;
}

GPtrArray *
cvm_run_reports_read (const char  *dir,
                       GError     **error)
{
  g_autofree char *journal = g_build_filename (dir, "journal.jsonl", NULL);
  g_autoptr(CvmResult) result = cvm_result_new_from_journal (journal, error);
  g_autoptr(GPtrArray) reports = g_ptr_array_new_with_free_func (job_report_free);

  if (result == NULL)
    return NULL;

  if (!cvm_result_is_ended (result) && !cvm_report_files_rebuild (dir, error))
    return NULL;

  for (guint i = 0; i < cvm_result_n_jobs (result); i++)
    {
      CvmRunReport *report = job_report_new (dir, cvm_result_job (result, i), error);

      if (report == NULL)
        return NULL;

      g_ptr_array_add (reports, report);
    }

  if (reports->len == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s: the run has no job to report",
                   dir);
      return NULL;
    }

  return g_steal_pointer (&reports);
}
