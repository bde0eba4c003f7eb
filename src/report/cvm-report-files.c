/* cvm-report-files.c: the report.tap of every job of a run, on the disk
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-journal.h"

#define NO_RESULT "the run ended without a result"

typedef struct
{
  CvmReportTap *tap;
  GString      *pending;    /* made, and not yet in the file */
  char         *path;
  int           fd;
  off_t         size;       /* of what is in the file whole */
} Report;

struct _CvmReportFiles
{
  char       *run_dir;
  GHashTable *reports;      /* job's id → Report */
};

static void
report_free (gpointer data)
{
  Report *report = data;

  if (report->fd >= 0)
    close (report->fd);

  cvm_report_tap_free (report->tap);
  g_string_free (report->pending, TRUE);
  g_free (report->path);
  g_free (report);
}

static Report *
report_new (const char *run_dir,
            const char *job)
{
  Report *report = g_new0 (Report, 1);
  g_autofree char *folder = g_strconcat ("job-", job, NULL);

  report->tap = cvm_report_tap_new (job);
  report->pending = g_string_new (NULL);
  report->path = g_build_filename (run_dir, folder, "report.tap", NULL);
  report->fd = -1;

  return report;
}

static gboolean
fail_with_errno (const Report  *report,
                 GError       **error)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
               "%s: cannot write the report: %s; make room or permission for it",
               report->path, g_strerror (code));

  return FALSE;
}

static gboolean
make_folder (const Report  *report,
             GError       **error)
{
  g_autofree char *folder = g_path_get_dirname (report->path);

  return g_mkdir_with_parents (folder, 0700) == 0 || fail_with_errno (report, error);
}

static gboolean
open_file (Report  *report,
           GError **error)
{
  if (!make_folder (report, error))
    return FALSE;

  report->fd = open (report->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

  return report->fd >= 0 || fail_with_errno (report, error);
}

/* Writes at a known place, so that what a full disk took a part of is written again later */
static gboolean
flush (Report  *report,
       GError **error)
{
  if (report->fd < 0 && !open_file (report, error))
    return FALSE;

  while (report->pending->len > 0)
    {
      gssize n = pwrite (report->fd, report->pending->str, report->pending->len, report->size);

      if (n < 0 && errno == EINTR)
        continue;

      if (n <= 0)
        return fail_with_errno (report, error);

      report->size += n;
      g_string_erase (report->pending, 0, n);
    }

  return TRUE;
}

/* The report that a record belongs to. A job's id becomes a folder's name, and a journal may be
 * anybody's: only ids of our own making have one. */
static Report *
find_report (CvmReportFiles  *self,
             const CvmRecord *record)
{
  Report *report = record->job != NULL ? g_hash_table_lookup (self->reports, record->job) : NULL;

  if (report == NULL && record->type == CVM_RECORD_JOB_BEGIN && cvm_id_is_valid (record->job))
    {
      report = report_new (self->run_dir, record->job);
      g_hash_table_insert (self->reports, g_strdup (record->job), report);
    }

  return report;
}

static Report *
add_record (CvmReportFiles  *self,
            const CvmRecord *record)
{
  Report *report = find_report (self, record);

  if (report != NULL)
    cvm_report_tap_add (report->tap, record, report->pending);

  return report;
}

CvmReportFiles *
cvm_report_files_new (const char *run_dir)
{
  CvmReportFiles *self = g_new0 (CvmReportFiles, 1);

  self->run_dir = g_strdup (run_dir);
  self->reports = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, report_free);

  return self;
}

void
cvm_report_files_free (CvmReportFiles *self)
{
  g_hash_table_unref (self->reports);
  g_free (self->run_dir);
  g_free (self);
}

gboolean
cvm_report_files_add (CvmReportFiles  *self,
                      CvmRecord       *record,
                      GError         **error)
{
  Report *report = add_record (self, record);

  return report == NULL || report->pending->len == 0 || flush (report, error);
}

typedef struct
{
  CvmReportFiles *files;
  CvmResult      *result;
} Rebuild;

static void
rebuild_add (CvmRecord *record,
             gpointer   data)
{
  Rebuild *rebuild = data;

  cvm_result_add (rebuild->result, record);
  add_record (rebuild->files, record);
}

/* What the journal would say of this point, had the run lived to say it */
static void
fail_point (Rebuild            *rebuild,
            const CvmJobResult *job,
            guint               number)
{
  g_autoptr(CvmRecord) planned = cvm_record_new (CVM_RECORD_CASE_PLANNED, job->id);
  g_autoptr(CvmRecord) end = cvm_record_new (CVM_RECORD_CASE_END, job->id);

  /* Ignored for a case that is known */
  planned->number = number;
  planned->id = g_strdup_printf ("case-%u", number);
  planned->name = g_strdup ("not read yet when the run ended");
  rebuild_add (planned, rebuild);

  end->number = number;
  end->outcome = CVM_OUTCOME_FAIL;
  end->reason = g_strdup (NO_RESULT);
  rebuild_add (end, rebuild);
}

static void
end_job (Rebuild            *rebuild,
         const CvmJobResult *job)
{
  g_autoptr(CvmRecord) end = cvm_record_new (CVM_RECORD_JOB_END, job->id);

  for (guint number = 1; number <= MIN (job->planned, CVM_RESULT_MAX_CASES); number++)
    {
      const CvmPoint *point = cvm_job_result_find_case (job, number);

      if (point == NULL || !point->is_ended)
        fail_point (rebuild, job, number);
    }

  end->status = CVM_STATUS_FAULT;
  end->text = g_strdup (NO_RESULT);
  rebuild_add (end, rebuild);
}

static gboolean
write_all (CvmReportFiles  *self,
           GError         **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->reports);

  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Report *report = value;

      if (!make_folder (report, error) ||
          !cvm_file_write (report->path, report->pending->str, report->pending->len, 0600, error))
        return FALSE;
    }

  return TRUE;
}

/* What the journal says, and of what it does not say the end */
static gboolean
read_all (Rebuild     *rebuild,
          const char  *run_dir,
          GError     **error)
{
  g_autofree char *journal = g_build_filename (run_dir, "journal.jsonl", NULL);

  if (!cvm_journal_each (journal, rebuild_add, rebuild, error))
    return FALSE;

  for (guint i = 0; i < cvm_result_n_jobs (rebuild->result); i++)
    {
      const CvmJobResult *job = cvm_result_job (rebuild->result, i);

      if (job->ended_us == 0)
        end_job (rebuild, job);
    }

  return TRUE;
}

gboolean
cvm_report_files_rebuild (const char  *run_dir,
                          GError     **error)
{
  g_autoptr(CvmReportFiles) files = cvm_report_files_new (run_dir);
  g_autoptr(CvmResult) result = cvm_result_new ();
  Rebuild rebuild = { files, result };

  return read_all (&rebuild, run_dir, error) && write_all (files, error);
}

GPtrArray *
cvm_report_files_collect (const char  *run_dir,
                          CvmResult  **result,
                          GError     **error)
{
  g_autoptr(CvmReportFiles) files = cvm_report_files_new (run_dir);
  g_autoptr(CvmResult) all = cvm_result_new ();
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Rebuild rebuild = { files, all };

  if (!read_all (&rebuild, run_dir, error))
    return NULL;

  for (guint i = 0; i < cvm_result_n_jobs (all); i++)
    {
      Report *report = g_hash_table_lookup (files->reports, cvm_result_job (all, i)->id);

      g_ptr_array_add (texts, g_strdup (report != NULL ? report->pending->str : ""));
    }

  *result = g_steal_pointer (&all);

  return g_steal_pointer (&texts);
}
