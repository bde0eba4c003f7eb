/* cvm-report-keeper.c: writes a live run's reports, off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-report-keeper.h"

#include "cvm-report.h"

struct _CvmReportKeeper
{
  CvmRun         *run;
  GThreadPool    *writer;    /* one thread: the order of batches is the order of lines */
  CvmReportFiles *files;     /* the writer's */
  gboolean        has_failed;
};

static void
write_batch (gpointer data,
             gpointer user_data)
{
  CvmReportKeeper *self = user_data;
  g_autoptr(GPtrArray) records = data;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < records->len && !self->has_failed; i++)
    self->has_failed = !cvm_report_files_add (self->files, records->pdata[i], &error);

  if (error != NULL)
    g_message ("The report cannot be written: %s", error->message);
}

static void
on_records (CvmReportKeeper *self,
            GPtrArray       *records)
{
  g_thread_pool_push (self->writer, g_ptr_array_ref (records), NULL);
}

CvmReportKeeper *
cvm_report_keeper_new (CvmRun *run)
{
  CvmReportKeeper *self = g_new0 (CvmReportKeeper, 1);

  self->run = g_object_ref (run);
  self->files = cvm_report_files_new (cvm_run_get_dir (run));
  self->writer = g_thread_pool_new (write_batch, self, 1, FALSE, NULL);
  g_signal_connect_swapped (run, "records", G_CALLBACK (on_records), self);

  return self;
}

void
cvm_report_keeper_free (CvmReportKeeper *self)
{
  g_signal_handlers_disconnect_by_data (self->run, self);
  g_thread_pool_free (self->writer, FALSE, TRUE);
  cvm_report_files_free (self->files);
  g_object_unref (self->run);
  g_free (self);
}

CvmRun *
cvm_report_keeper_get_run (CvmReportKeeper *self)
{
  return self->run;
}
