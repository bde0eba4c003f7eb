/* cvm-past-run.c: a run of the past, read from its folder off the main thread
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-past-run.h"

#include "cvm-journal.h"

void
cvm_past_run_free (CvmPastRun *self)
{
  g_clear_pointer (&self->indexes, g_ptr_array_unref);
  g_ptr_array_unref (self->records);
  g_object_unref (self->result);
  g_free (self);
}

static CvmPastRun *
past_run_new (void)
{
  CvmPastRun *self = g_new0 (CvmPastRun, 1);

  self->records = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_record_unref);
  self->result = cvm_result_new ();

  return self;
}

static void
take_record (CvmRecord *record,
             gpointer   data)
{
  CvmPastRun *self = data;

  cvm_result_add (self->result, record);
  if (record->type != CVM_RECORD_POINT)
    g_ptr_array_add (self->records, cvm_record_ref (record));
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  g_autofree char *path = g_build_filename (data, "journal.jsonl", NULL);
  g_autoptr(CvmPastRun) self = past_run_new ();
  g_autoptr(GError) error = NULL;

  if (!cvm_journal_each (path, take_record, self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->indexes = cvm_point_index_all (self->result);

  g_task_return_pointer (task, g_steal_pointer (&self), (GDestroyNotify)cvm_past_run_free);
}

void
cvm_past_run_load_async (const char          *dir,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, cvm_past_run_load_async);
  g_task_set_task_data (task, g_strdup (dir), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

CvmPastRun *
cvm_past_run_load_finish (GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
