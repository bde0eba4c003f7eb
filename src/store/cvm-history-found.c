/* cvm-history-found.c: what the folder of a run says to the index
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-history-private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cvm-file.h"
#include "cvm-journal.h"
#include "cvm-run-folder.h"

#define MAX_JOURNAL (512 * 1024 * 1024)   /* bytes; a run of a million points has a quarter of it */
#define MAX_CASES   20000                 /* of all its jobs */
#define MAX_TEXT    400                   /* bytes of a title */
#define MAX_TRIES   3                     /* of a run that ends while it is read */

#define BIT(type) (1u << CVM_RECORD_##type)

/* What a row is made of; all else, and a guest's output, is passed over */
#define WANTED (BIT (RUN_BEGIN) | BIT (RUN_END) | BIT (JOB_BEGIN) | BIT (JOB_END) \
                | BIT (CASE_PLANNED) | BIT (CASE_END) | BIT (FACT))

typedef struct
{
  CvmHistoryFound *found;
  gint64           last_us;
  guint            n_cases;
} Reading;

void
cvm_history_found_free (CvmHistoryFound *found)
{
  g_free (found->name);
  g_free (found->dir);
  g_free (found->problem);
  g_clear_object (&found->result);
  g_free (found);
}

void
cvm_history_found_stat (const char *runs,
                        const char *name,
                        gint64     *size,
                        gint64     *changed_us)
{
  g_autofree char *path = g_build_filename (runs, name, "journal.jsonl", NULL);
  struct stat about;

  *size = -1;
  *changed_us = 0;
  if (stat (path, &about) != 0)
    return;

  *size = about.st_size;
  *changed_us = about.st_mtim.tv_sec * G_USEC_PER_SEC + about.st_mtim.tv_nsec / 1000;
}

/* A copy that holds no more than a row needs */
static char *
dup_short (const char *text)
{
  const char *end;

  if (text == NULL || strlen (text) <= MAX_TEXT)
    return g_strdup (text);

  g_utf8_validate_len (text, MAX_TEXT, &end);

  return g_strndup (text, end - text);
}

static CvmRecord *
dup_slim (const CvmRecord *record)
{
  CvmRecord *slim = cvm_record_new (record->type, record->job);

  slim->time_us = record->time_us;
  slim->number = record->number;
  slim->id = dup_short (record->id);
  slim->name = dup_short (record->name);
  slim->kind = dup_short (record->kind);
  slim->text = dup_short (record->text);
  slim->ms = record->ms;
  slim->precondition = record->precondition;
  slim->outcome = record->outcome;
  slim->status = record->status;

  return slim;
}

static gboolean
is_worth_a_row (Reading         *self,
                const CvmRecord *record)
{
  if (record->type == CVM_RECORD_CASE_PLANNED)
    return self->n_cases++ < MAX_CASES;

  return record->type != CVM_RECORD_FACT || g_strcmp0 (record->name, "hypervisor") == 0
         || g_strcmp0 (record->name, "guest") == 0;
}

static void
take_record (CvmRecord *record,
             gpointer   data)
{
  Reading *self = data;
  g_autoptr(CvmRecord) slim = NULL;

  self->last_us = record->time_us;
  if (record->type == CVM_RECORD_RUN_BEGIN)
    {
      self->found->begun_us = record->time_us;
      self->found->n_jobs = record->number;
    }

  if (!is_worth_a_row (self, record))
    return;

  slim = dup_slim (record);
  cvm_result_add (self->found->result, slim);
}

static gboolean
read_journal (Reading       *self,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *path = g_build_filename (self->found->dir, "journal.jsonl", NULL);

  g_set_object (&self->found->result, NULL);
  self->found->result = cvm_result_new ();
  self->found->n_jobs = 0;
  self->n_cases = 0;

  if (self->found->size <= MAX_JOURNAL)
    return cvm_journal_scan (path, WANTED, take_record, self, cancellable, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
               "%s: is larger than %d MiB, which no run writes; remove the run",
               path, MAX_JOURNAL / (1024 * 1024));

  return FALSE;
}

CvmHistoryState
cvm_history_state_of (CvmStatus status)
{
  switch (status)
    {
    case CVM_STATUS_PASSED:
      return CVM_HISTORY_PASSED;
    case CVM_STATUS_FAILED:
      return CVM_HISTORY_FAILED;
    case CVM_STATUS_CANCELLED:
      return CVM_HISTORY_CANCELLED;
    case CVM_STATUS_USAGE:
    case CVM_STATUS_ENVIRONMENT:
    case CVM_STATUS_FAULT:
    default:
      return CVM_HISTORY_ERROR;
    }
}

static CvmHistoryState
look_for_life (const char *dir)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRunFolder) folder = cvm_run_folder_open_dead (dir, &error);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY) ? CVM_HISTORY_RUNNING
                                                              : CVM_HISTORY_DEAD;
}

/* One that had no end when it was read, and has no lock now, may have ended between */
static gboolean
has_changed_since (const CvmHistoryFound *found,
                   const char            *runs)
{
  gint64 size, changed_us;

  cvm_history_found_stat (runs, found->name, &size, &changed_us);

  return size != found->size || changed_us != found->changed_us;
}

static void
conclude (Reading *self)
{
  CvmHistoryFound *found = self->found;

  if (cvm_result_is_ended (found->result))
    found->state = cvm_history_state_of (cvm_result_get_status (found->result));
  else
    found->state = look_for_life (found->dir);

  if (found->state != CVM_HISTORY_RUNNING && self->last_us > found->begun_us)
    found->took_ms = (self->last_us - found->begun_us) / 1000;
}

static void
note_problem (CvmHistoryFound *found,
              const GError    *error)
{
  gboolean is_on = found->size < 0 && look_for_life (found->dir) == CVM_HISTORY_RUNNING;

  found->state = is_on ? CVM_HISTORY_RUNNING : CVM_HISTORY_UNREADABLE;
  found->problem = is_on ? NULL : dup_short (error->message);
  g_set_object (&found->result, NULL);
  found->result = cvm_result_new ();
}

/* What has no time of its own has that of its folder */
static void
guess_begin (CvmHistoryFound *found)
{
  struct stat about;

  if (found->begun_us == 0 && stat (found->dir, &about) == 0)
    found->begun_us = about.st_mtim.tv_sec * G_USEC_PER_SEC;
}

static gboolean
is_run (const char *dir)
{
  g_autofree char *id = cvm_run_folder_read_id (dir, NULL);

  return id != NULL;
}

CvmHistoryFound *
cvm_history_found_read (const char   *runs,
                        const char   *name,
                        GCancellable *cancellable)
{
  g_autoptr(CvmHistoryFound) found = g_new0 (CvmHistoryFound, 1);
  g_autofree char *path = g_build_filename (runs, name, NULL);
  Reading reading = { .found = found };

  found->name = g_strdup (name);
  found->dir = realpath (path, NULL);
  if (found->dir == NULL || !is_run (found->dir))
    {
      g_clear_pointer (&found->dir, free);
      return g_steal_pointer (&found);
    }

  for (guint i = 0; i < MAX_TRIES; i++)
    {
      g_autoptr(GError) error = NULL;

      cvm_history_found_stat (runs, name, &found->size, &found->changed_us);
      if (read_journal (&reading, cancellable, &error))
        conclude (&reading);
      else
        note_problem (found, error);

      if (found->state != CVM_HISTORY_DEAD || !has_changed_since (found, runs))
        break;
    }

  guess_begin (found);

  return g_steal_pointer (&found);
}
